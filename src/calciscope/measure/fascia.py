"""Which side of the deep fascia: fat under the skin, or all that muscle, chest and belly wall enclose.

The deep fascia is a taut sheet: it bridges the grooves and the fat between muscles, and the wall of the trunk has it on its
outer face only. So the muscles of each level are joined where they come close (a closing), and what air or skin can not
reach around them lies beneath, fat or not. Coarse cells tell the sides apart; where the surface runs exactly is for the fine
map (``tissue_around``), which is needed only near the outer side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.coarse import CoarseScan
from calciscope.measure.in_order import in_order
from calciscope.measure.reach import distance_within
from calciscope.terms.geometry import Bool
from calciscope.terms.tissue import Tissue

# Lean tissue thinner than twice this is skin, vessel or a strand of the fat, not muscle (judgement; tissue_around.THIN_MM).
STRAND_MM = 2.0
# The fascia bridges gaps between muscles up to twice this wide: fat between muscles is some millimetres wide, and about
# 10 mm near joints, where the fat under the skin lies over it, not in it (judgement).
BRIDGE_MM = 6.0
# Levels worked on at a time: a few megabytes.
LEVELS = 16
# Levels are told one by one: to any distance in a level, the next level is far.
FAR_MM = 1e4
IN_LEVEL = np.array([np.zeros((3, 3)), [[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.zeros((3, 3))], dtype=bool)
AROUND = np.ones((3, 3, 3), dtype=bool)


def outer_side(coarse: CoarseScan, cavity: Bool) -> Bool:
    """Coarse cells in air or in the fat under the skin, and those next to them; all of a level that shows no air.

    ``cavity``: cells known to lie inside the trunk, whose wall may be too thin to be seen everywhere.
    """
    starts = range(0, len(coarse.tissue), LEVELS)
    parts = list(in_order(lambda start: _reached(coarse, cavity, slice(start, start + LEVELS)), starts))
    return np.asarray(ndimage.binary_dilation(np.concatenate(parts), AROUND))


def _reached(coarse: CoarseScan, cavity: Bool, levels: slice) -> Bool:
    """Cells of some levels that air, or fat at the cut edge of the image, reaches around the muscles."""
    out = np.ones(coarse.tissue[levels].shape, dtype=bool)
    body = (coarse.tissue[levels] != Tissue.OUTSIDE).any(axis=0)
    if not body.any():
        return out
    used = (slice(None), *(_span(body.any(axis=1 - axis)) for axis in range(2)))
    tissue, cut = coarse.tissue[levels][used], coarse.cut[levels][used]
    cell = coarse.grid.spacing_mm
    solid = (tissue == Tissue.MUSCLE) | (tissue == Tissue.BONE) | cavity[levels][used]
    passable = ~_bridged(solid, (FAR_MM, cell[1], cell[2]))
    areas, count = ndimage.label(passable, structure=IN_LEVEL)
    border = np.ones(tissue.shape[1:], dtype=bool)
    border[1:-1, 1:-1] = (
        False  # gas in lung and bowel may read as air too: the air around the body is that at the border
    )
    start = passable & ((border & (tissue == Tissue.OUTSIDE)) | (cut & (tissue == Tissue.FAT)))
    known = np.zeros(count + 1, dtype=bool)
    known[areas[start]] = True
    reached = known[areas]
    reached[~reached.any(axis=(1, 2))] = True
    out[used] = reached
    return out


def _span(used: Bool) -> slice:
    """From the first to the last that is used, and one more to both sides: the air around a body is one."""
    first, last = np.flatnonzero(used)[[0, -1]]
    return slice(max(0, int(first) - 1), int(last) + 2)


def _bridged(lean: Bool, mm: tuple[float, float, float]) -> NDArray[np.bool_]:
    """Muscle and bone without strands, joined over gaps."""
    step = max(mm[1:])
    core = distance_within(~lean, mm, STRAND_MM + step) > STRAND_MM
    solid = lean & (distance_within(core, mm, STRAND_MM + step) <= STRAND_MM + step / 2)
    grown = distance_within(solid, mm, BRIDGE_MM + step) <= BRIDGE_MM
    return np.asarray(distance_within(~grown, mm, BRIDGE_MM + step) > BRIDGE_MM - step / 2)
