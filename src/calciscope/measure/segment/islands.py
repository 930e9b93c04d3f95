"""Bodies near a bone that only blur joins to it: above some density they stand alone, with soft tissue on all sides.

Blur and slice thickness fill the few mm between a deposit and a bone with values far above soft tissue, yet below both.
Above the saddle between them the deposit is an island. Islands of bone itself, trabeculae and pieces of a thin cortex, lie
within the bone's outline, rise little above their saddle, or are plates along its surface.
"""

from __future__ import annotations

import edt
import numpy as np
from numpy.typing import NDArray

from calciscope.measure.segment.pieces import Box, Labels, box_between, tally_of
from calciscope.measure.segment.runs import Runs, label_runs, runs_above
from calciscope.measure.segment.solid import Bool, Spacing

LEVELS_HU = (160, 220, 300, 420, 600, 850)
"""Densities above which islands are sought, HU: some 40 % apart, so that a saddle is met closely (judgement)."""
RISE = 1.4
"""An island's peak over the level at which it first stands alone: noise on a plateau of bone rises less (judgement)."""
LEAST_ML, MOST_ML = 0.012, 8.0
"""Sizes of islands at that level, ml: a deposit of 0.02 ml less its rim; what is larger has a build to judge (judgement)."""
RING_MM = (1.2, 3.0)
"""Between these distances an island's surroundings are looked at, mm: beyond its own blur, short of its neighbours'
(blur of clinical CT: 1 to 2 mm FWHM)."""
SOFT_HU, SOFT_SHARE_OF_PEAK = 150.0, 0.45
"""Surroundings below the first, or below this share of the peak, are soft tissue or the island's own blur, HU."""
SOFT = 0.85
"""Share of soft surroundings (measured: deposits 1.5-4 mm from bone 0.85-1; pieces of bone spread from 0.1 to 1)."""
BEYOND = 0.4
"""Share of the surroundings outside the bone's outline (measured: deposits 0.42-1, pieces of bone mostly below 0.4)."""
LEAST_HALF_MM = 1.3
"""Half the thickness of the smallest body told from noise, mm: two voxels of a usual scan (judgement)."""
PLATE = 6.5
"""An island of more than this many balls of its own half thickness is a plate, of cortex as a rule (measured: lumps 1-6)."""
RIM_MM = 2.5
"""Blurred rim given back to an island, mm."""
SHELL_MM, JOINED = (2.0, 4.0), 0.25
"""At these distances (mm) from an island's half contrast no more than this share may belong to the piece it was joined to:
its blur has ended there, a bone's own spur or calcified cartilage goes on (measured: deposits to 0.24)."""
BONE_HU, BRIDGE_MM, BRIDGE_BONE = 200, 6.0, 0.07
"""Blur bridges no more than this between an island and bone of this density, mm, and no less than this share of what joins
them is such bone; else it is tissue that joins them, as costal cartilage does (measured: deposits 1-5.5 mm and from 0.07,
calcified ends of costal cartilage to 0.04)."""
FINEST_TWO_MM = 1.6
"""Islands are looked for where voxels are no larger than this along two axes, mm: gaps of a few mm must hold some."""


def islands(
    hu: NDArray[np.int16], labels: Labels, label: int, outline: Bool, spacing_mm: Spacing
) -> list[tuple[Box, Bool]]:
    """Every island of the piece ``label``, with its rim, as (box in the crop, mask of that box).

    All crops are [slice, row, column] of the full grid; ``outline`` is the filled piece.
    """
    if sorted(spacing_mm)[1] > FINEST_TWO_MM:
        return []
    found: list[tuple[Box, Bool]] = []
    taken = np.zeros(hu.shape, dtype=np.bool_)
    own_piece = labels == label
    piece = label_runs(own_piece.view(np.uint8), corners=False)
    numbered = np.zeros(hu.shape, dtype=np.uint32)
    for level in LEVELS_HU:
        for number, box in _small_components(hu, piece, numbered, level, spacing_mm):
            dense = own_piece[box]
            above = dense & (hu[box] > level)
            own = (numbered[box] == number) & above  # numbers of lower levels are still painted
            if (own & taken[box]).any() or not _stands_alone(hu[box], own, outline[box], spacing_mm):
                continue
            mask = _with_rim(own, dense, above, spacing_mm)
            if _joined_by_blur(hu[box], mask, dense & ~mask, spacing_mm):
                taken[box] |= mask
                found.append((box, mask))
    return found


def _small_components(
    hu: NDArray[np.int16], piece: Runs, numbered: NDArray[np.uint32], level: int, spacing_mm: Spacing
) -> list[tuple[int, Box]]:
    """Components of the size of an island that rise enough, painted into ``numbered``, each with the box around its
    surroundings; the largest component is the bone."""
    runs = runs_above(piece, hu, level)
    if runs.components < 2:
        return []
    tally = tally_of(runs, hu, numbered)
    volume_ml = tally.count * float(np.prod(spacing_mm)) / 1000.0
    wanted = (volume_ml >= LEAST_ML) & (volume_ml <= MOST_ML) & (tally.peak >= RISE * level)
    wanted[int(np.argmax(volume_ml))] = False
    runs.paint(np.where(wanted, np.arange(1, runs.components + 1), 0), numbered)
    margin = [int(np.ceil((BRIDGE_MM + 1.0) / mm)) for mm in spacing_mm]
    last = np.array(hu.shape) - 1
    return [
        (int(n) + 1, box_between(np.maximum(tally.low[n] - margin, 0), np.minimum(tally.high[n] + margin, last)))
        for n in np.flatnonzero(wanted)
    ]


def _ring_mm(spacing_mm: Spacing) -> float:
    """Outer reach of the surroundings, which hold the next slice, mm."""
    return max(RING_MM[1], 1.05 * spacing_mm[0])


def _stands_alone(hu: NDArray[np.int16], own: Bool, outline: Bool, spacing_mm: Spacing) -> bool:
    """Whether it is a compact body, outside the bone's outline and with soft tissue on all sides."""
    half_mm = float(edt.edt(np.pad(own, 1), anisotropy=spacing_mm).max())
    volume_mm3 = float(own.sum() * np.prod(spacing_mm))
    if half_mm < LEAST_HALF_MM or volume_mm3 > PLATE * 4.19 * half_mm**3:
        return False
    away = edt.edt(~own, anisotropy=spacing_mm)
    ring = (away > RING_MM[0]) & (away <= _ring_mm(spacing_mm))
    if not ring.any():
        return False
    soft_hu = max(SOFT_HU, SOFT_SHARE_OF_PEAK * float(np.percentile(hu[own], 95)))
    return bool((hu[ring] < soft_hu).mean() >= SOFT and (~outline[ring]).mean() >= BEYOND)


def _with_rim(own: Bool, dense: Bool, above: Bool, spacing_mm: Spacing) -> Bool:
    """The island with the fainter dense voxels around it that are nearer to it than to anything else as dense."""
    other = above & ~own
    to_own = edt.edt(~own, anisotropy=spacing_mm)
    to_other = edt.edt(~other, anisotropy=spacing_mm) if other.any() else np.full(own.shape, np.inf)
    return np.asarray(own | (dense & ~above & (to_own < to_other) & (to_own <= RIM_MM)))


def _joined_by_blur(hu: NDArray[np.int16], mask: Bool, rest: Bool, spacing_mm: Spacing) -> bool:
    """Whether the island ends on all sides where its own blur does, with the bone it was joined to close by."""
    away = edt.edt(~(mask & (hu > 0.5 * np.percentile(hu[mask], 95))), anisotropy=spacing_mm)
    shell = (away > SHELL_MM[0]) & (away <= SHELL_MM[1])
    between = hu[rest & (away <= BRIDGE_MM)] > BONE_HU
    return bool(rest[shell].mean() <= JOINED and between.size and between.mean() >= BRIDGE_BONE)
