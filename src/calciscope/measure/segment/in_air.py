"""Dense things in air, not in tissue: casts, splints and clothes leave a gap of padding or air between themselves and the skin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.segment.pieces import Labels, Piece

AIR_HU = -300.0
"""Air, foam and wool blurred with what they touch, HU; no tissue is as low (standard CT numbers)."""
BESIDE_MM = 3.0
"""How far beside a voxel is looked, mm: beyond the blur of clinical CT, within the padding under a cast (judgement)."""
MOST_SLICES, MOST_VOXELS = 12, 3000
"""An even choice of slices and voxels is looked at: what is in air is so throughout."""
IN_AIR = 0.65
"""Share of air beside a thing from which it lies in air: a deposit in the skin has air on one side alone, which is up to half of
its surroundings (geometry, with a margin for noise)."""
LEAST_MM = 40.0
"""Least extent both ways in the slice, mm: a finger's bone, or a deposit in its tip, has air near on all sides as well."""
DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))


def in_air(hu: NDArray[np.int16], labels: Labels, piece: Piece, spacing_mm: tuple[float, float, float]) -> bool:
    """Whether a piece wider than a finger has mostly air beside it within its slices; ``hu`` and ``labels`` on the full grid."""
    planes, rows, columns = piece.box
    if min((rows.stop - rows.start) * spacing_mm[1], (columns.stop - columns.start) * spacing_mm[2]) < LEAST_MM:
        return False
    step = -(-(planes.stop - planes.start) // MOST_SLICES)
    chosen = slice(planes.start + (planes.stop - planes.start - 1) % step // 2, planes.stop, step)
    own = np.argwhere(labels[chosen, rows, columns] == piece.label)
    own = own[:: len(own) // MOST_VOXELS + 1] * [step, 1, 1] + [chosen.start, rows.start, columns.start]
    air = beside = 0
    for dy, dx in DIRECTIONS:
        length = BESIDE_MM / float(np.hypot(dy, dx))
        y = own[:, 1] + round(dy * length / spacing_mm[1])
        x = own[:, 2] + round(dx * length / spacing_mm[2])
        seen = (y >= 0) & (y < hu.shape[1]) & (x >= 0) & (x < hu.shape[2])
        at = own[seen, 0], y[seen], x[seen]
        other = labels[at] != piece.label
        beside += int(other.sum())
        air += int((hu[at][other] < AIR_HU).sum())
    return beside > 0 and air > IN_AIR * beside
