"""Measure parts of a scan again, from a crop of it and what was kept of the whole: the same engine, the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from calciscope.measure.context import blurs_of, coarse_of, factors_of
from calciscope.measure.deposit_row import deposit_row, local_calibration, voided
from calciscope.measure.measures import describe
from calciscope.measure.neighbourhood import Candidate, Segmentation
from calciscope.measure.quantify.run import quantify
from calciscope.measure.scene import survey
from calciscope.terms.checks import Voids
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.geometry import Bool, Volume
from calciscope.terms.measurement import Calibration, Matrix
from calciscope.terms.tissue import Tissue
from calciscope.terms.whole_scan import Crop, ScanContext, box_around

NEIGHBOUR_MM = 12.0
"""Labels this near blur into a part's surroundings, so their own contrast is taken out; farther ones are tissue left out, mm."""
MARGIN_MM = 25.0
"""Room around parts that a crop needs: the tissue shell of a deposit, three sigmas of blur, and its nearest neighbours."""


def measure_again(
    crop: Crop,
    context: ScanContext,
    parts: Sequence[tuple[Bool, Kind, str]],
    kinds: Mapping[int, Kind],
    calibration: Calibration,
    matrix: Matrix,
    voids: set[Voids],
) -> tuple[Deposit, ...]:
    """The parts (voxels of the crop, kind, why) as deposits, in their order.

    Their voxels are taken from whatever label holds them; other labels of the crop stay neighbours, of the ``kinds``
    that they were found as.
    """
    labels, tissue = crop.labels.copy(), crop.tissue.copy()
    first = int(max(labels.max(), max(kinds, default=0))) + 1
    for number, (voxels, _, _) in enumerate(parts, start=first):
        labels[voxels] = number
        tissue[voxels] = int(Tissue.SKIN_OTHER)
    own = [
        Candidate(label=number, kind=kind, confidence=1.0, reason=why)
        for number, (_, kind, why) in enumerate(parts, start=first)
    ]
    others = [
        Candidate(label=int(n), kind=kinds.get(int(n), Kind.UNCERTAIN), confidence=1.0, reason="")
        for n in np.unique(labels[_near(labels >= first, crop)])
        if 0 < n < first
    ]
    volume = Volume(hu=np.ascontiguousarray(crop.hu), grid=crop.grid, ceiling_hu=context.ceiling_hu)
    segmentation = Segmentation(
        labels=labels,
        tissue=tissue,
        candidates=(*others, *own),
        noise_hu=context.noise_hu,
        coarse=coarse_of(context),
    )
    found = quantify(volume, context.acquisition, segmentation, blurs=blurs_of(context))
    scene, field = survey(volume, context.acquisition, segmentation), factors_of(context)
    rows = []
    for candidate in own:
        neighbourhood, quantity = found[candidate.label]
        local = local_calibration(calibration, field, neighbourhood, crop.origin)
        row = deposit_row(candidate, quantity, describe(scene, neighbourhood, quantity), local, matrix)
        rows.append(voided(row, voids))
    return tuple(rows)


def _near(own: Bool, crop: Crop) -> tuple[slice, ...]:
    """The box of the parts, grown by how far neighbours matter."""
    index = np.argwhere(own)
    return box_around(crop.grid, tuple(index.min(axis=0)), tuple(index.max(axis=0)), NEIGHBOUR_MM)
