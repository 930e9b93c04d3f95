"""The whole segmentation: bodies, dense pieces, bone, kinds, tissues."""

from __future__ import annotations

import edt
import numpy as np
from numpy.typing import NDArray

from calciscope.measure.coarse import coarsen as coarsen_tissue
from calciscope.measure.neighbourhood import Candidate, Segmentation
from calciscope.measure.noise import noise_hu
from calciscope.measure.regions.atlas import read_atlas
from calciscope.measure.segment.body import find_bodies
from calciscope.measure.segment.coarse import coarsen
from calciscope.measure.segment.core import core_of
from calciscope.measure.segment.dense import Tissuefield, background_field, flag_dense, noise_field
from calciscope.measure.segment.kinds import judge
from calciscope.measure.segment.pieces import find_pieces
from calciscope.measure.segment.separate import Separated, near_mask, separate
from calciscope.measure.segment.tissue import tissue_codes
from calciscope.measure.segment.view import Scan, View
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import Refused
from calciscope.terms.progress import Progress, silent
from calciscope.terms.series import Series
from calciscope.terms.tissue import Tissue

MOST_CANDIDATES = 65_000
"""Labels are 16 bit."""


def segment(
    series: Series, *, bone_mask: NDArray[np.bool_] | None = None, progress: Progress = silent
) -> Segmentation:
    """Sort the scan; ``bone_mask`` (bool, the volume's shape) replaces the built-in bone. Refused without a body."""
    volume = series.volume
    progress("Finding the body", 0.0)
    coarse = coarsen(volume)
    body = find_bodies(coarse)
    if not body.any():
        raise Refused("No part of a body was found in the scan (nothing of fat's or muscle's density in one piece).")
    progress("Finding dense tissue", 0.0)
    field = Tissuefield(
        background_hu=background_field(coarse, body > 0), noise_hu=noise_field(volume, coarse, body > 0)
    )
    flags = flag_dense(volume, coarse, body > 0, field)
    if bone_mask is not None:
        flags[near_mask(bone_mask, volume.grid.spacing_mm)] = 0
    labels, pieces = find_pieces(volume, flags)
    progress("Telling bone from deposits", 0.0)
    separated = separate(volume, labels, pieces, bone_mask, lambda done: progress("Telling bone from deposits", done))
    tissue = tissue_codes(volume, coarse, body)
    separated.paint_bone(tissue)
    anatomy = coarsen_tissue(volume, tissue)
    scan = Scan(
        series=series,
        coarse=coarse,
        body=body,
        field=field,
        depth_mm=edt.edt(body > 0, anisotropy=coarse.spacing_mm, parallel=2),
        labels=labels,
        flags=flags,
        tissue=tissue,
        anatomy=anatomy,
        atlas=read_atlas(anatomy, series.acquisition),
    )
    return _finish(scan, separated, progress)


def _finish(scan: Scan, separated: Separated, progress: Progress) -> Segmentation:
    """Judge every candidate, paint deposits into the tissue map, and renumber the labels."""
    volume = scan.series.volume
    out = np.zeros(volume.hu.shape, dtype=np.uint16)
    candidates: list[Candidate] = []
    total = max(1, len(separated.candidates))
    for number, item in enumerate(separated.candidates[:MOST_CANDIDATES]):
        if number % 16 == 0:
            progress("Sorting candidates", number / total)
        view = View(piece=item.piece, scan=scan, build=item.build, knob_contact=item.knob_contact)
        finding = judge(view, scan)
        label = len(candidates) + 1
        core = core_of(view)
        out[item.piece.box][core] = label
        if finding.kind is not Kind.OUTSIDE_BODY:
            scan.tissue[item.piece.box][core] = int(Tissue.SKIN_OTHER)
        candidates.append(
            Candidate(label=label, kind=finding.kind, confidence=finding.confidence, reason=finding.reason)
        )
    return Segmentation(
        labels=out,
        tissue=scan.tissue,
        candidates=tuple(candidates),
        noise_hu=noise_hu(volume),
        coarse=scan.anatomy,
        atlas=scan.atlas,
    )

