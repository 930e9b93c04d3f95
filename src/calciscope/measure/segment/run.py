"""The whole segmentation: bodies, dense pieces, bone, kinds, tissues."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import edt
import numpy as np
from numpy.typing import NDArray

from calciscope.measure.coarse import coarsen as coarsen_tissue
from calciscope.measure.neighbourhood import Candidate, Segmentation
from calciscope.measure.noise import noise_hu
from calciscope.measure.regions.atlas import read_atlas
from calciscope.measure.segment.beside_sure import join_beside
from calciscope.measure.segment.body import find_bodies
from calciscope.measure.segment.coarse import coarsen
from calciscope.measure.segment.core import core_of
from calciscope.measure.segment.dense import Tissuefield, background_field, flag_dense, noise_field
from calciscope.measure.segment.kinds import judge
from calciscope.measure.segment.one_deposit import unite
from calciscope.measure.segment.pieces import Box, Labels, find_pieces
from calciscope.measure.segment.runs import Runs, label_runs
from calciscope.measure.segment.separate import Separated, near_mask, separate
from calciscope.measure.segment.strands import flag_strands
from calciscope.measure.segment.tissue import tissue_codes
from calciscope.measure.segment.view import Scan, View
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import Refused
from calciscope.terms.progress import Progress, silent
from calciscope.terms.series import Series
from calciscope.terms.tissue import Tissue

MOST_CANDIDATES = 65_000
"""Labels are 16 bit."""
GRAIN = "A grain beside a sure deposit that stands out of what lies all around it."

Places = NDArray[np.uint32]  # flat indices of a core's voxels in its box


def segment(series: Series, *, bone_mask: NDArray[np.bool_] | None = None, progress: Progress = silent) -> Segmentation:
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
    flag_strands(volume, coarse, body > 0, field, flags)
    if bone_mask is not None:
        flags[near_mask(bone_mask, volume.grid.spacing_mm)] = 0
    dense = label_runs(flags)
    labels, pieces = find_pieces(volume, flags, dense)
    dense.erase(flags)
    progress("Telling bone from deposits", 0.0)
    separated = separate(
        volume,
        labels,
        pieces,
        bone_mask,
        series.acquisition.kvp,
        lambda done: progress("Telling bone from deposits", done),
    )
    tissue = tissue_codes(volume, coarse, body, reuse=flags)
    separated.paint_bone(tissue)
    anatomy = coarsen_tissue(volume, tissue)
    scan = Scan(
        series=series,
        coarse=coarse,
        body=body,
        field=field,
        depth_mm=edt.edt(body > 0, anisotropy=coarse.spacing_mm, parallel=2),
        labels=labels,
        tissue=tissue,
        anatomy=anatomy,
        atlas=read_atlas(anatomy, series.acquisition),
    )
    return _finish(scan, separated, dense, progress)


def _finish(scan: Scan, separated: Separated, dense: Runs, progress: Progress) -> Segmentation:
    """Judge every candidate, paint deposits into the tissue map, and put the candidates' cores in place of the pieces."""
    cores: list[tuple[Box, Places]] = []
    candidates: list[Candidate] = []
    sure: list[tuple[int, Box, float]] = []
    total = max(1, len(separated.candidates))
    for number, item in enumerate(separated.candidates[:MOST_CANDIDATES]):
        if number % 16 == 0:
            progress("Sorting candidates", number / total)
        view = View(piece=item.piece, scan=scan, build=item.build, knob_contact=item.knob_contact)
        finding = judge(view, scan)
        core = core_of(view)
        if finding.kind is not Kind.OUTSIDE_BODY:
            scan.tissue[item.piece.box][core] = int(Tissue.SKIN_OTHER)
        cores.append((item.piece.box, np.flatnonzero(core).astype(np.uint32)))
        candidates.append(
            Candidate(label=len(cores), kind=finding.kind, confidence=finding.confidence, reason=finding.reason)
        )
        if finding.kind is Kind.CALCINOSIS:
            sure.append((len(cores), item.piece.box, view.coarse_at_centre(scan.field.noise_hu)))
    labels = _painted(cores, scan.labels, dense)
    gone = _join(scan, labels, candidates, sure)
    return Segmentation(
        labels=labels,
        tissue=scan.tissue,
        candidates=tuple(candidate for candidate in candidates if candidate.label not in gone),
        noise_hu=noise_hu(scan.series.volume),
        coarse=scan.anatomy,
        atlas=scan.atlas,
    )


def _join(
    scan: Scan, labels: NDArray[np.uint16], candidates: list[Candidate], sure: list[tuple[int, Box, float]]
) -> set[int]:
    """Give sure deposits (label, box, noise) what lies beside them, as grains of their own or as parts; labels that are no more."""
    boxes: list[tuple[int, Box]] = []
    for label, box, noise in sure:
        whole, grains = join_beside(scan.series.volume, scan.tissue, labels, label, box, noise)
        boxes.append((label, whole))
        for place, grain in grains:
            if len(candidates) < MOST_CANDIDATES:
                candidates.append(replace(candidates[label - 1], label=len(candidates) + 1, reason=GRAIN))
                labels[place][grain] = len(candidates)
                scan.tissue[place][grain] = int(Tissue.SKIN_OTHER)
                sure.append((len(candidates), place, noise))
    return unite(scan.series.volume, labels, boxes)


def _painted(cores: list[tuple[Box, Places]], pieces: Labels, dense: Runs) -> NDArray[np.uint16]:
    """Labels of the candidates' cores, from 1 on; written over the pieces' own labels where these are 16 bit."""
    fits = pieces.dtype == np.uint16
    out = cast("NDArray[np.uint16]", pieces) if fits else np.zeros(pieces.shape, dtype=np.uint16)
    dense.erase(out)
    for label, (box, places) in enumerate(cores, start=1):
        crop = out[box]
        crop[np.unravel_index(places, crop.shape)] = label
    return out
