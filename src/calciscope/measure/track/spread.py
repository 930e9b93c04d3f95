"""How far the nodes of a lattice follow the parts of bones around them: the blend of fits, for very many points at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from calciscope.measure.track.field import nearest_mm
from calciscope.measure.track.parts import Part
from calciscope.measure.track.similarity import moved
from calciscope.terms.geometry import Bool, Float64

BLEND_MM = 4.0
"""Tissue follows bones by the fourth power of nearness, softened by this distance (judgement)."""
POOR_WEIGHT = 1e-9
"""A part whose fit is poor carries nothing where another is in reach."""
REACH = 3.5
"""Parts so many times further than the nearest (softened) have less than a hundredth of its weight, and are left out."""
NEAR_MM = 40.0
"""Beyond this a bone's distance is taken from every second node: it errs by less than 0.5 mm there (10 mm squared over 8 times
40 mm, doubled)."""


def weight_of(away_mm: Float64) -> Float64:
    """Pull of a part of bone at a distance."""
    return np.asarray((away_mm + BLEND_MM) ** -4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The nodes (n, 3) of a lattice of ``shape``, LPS mm, slice by slice."""

    places_mm: Float64
    shape: tuple[int, int, int]


def spread(parts: Sequence[Part], trees: Sequence[cKDTree], good: Sequence[bool], nodes: Nodes) -> tuple[Float64, Bool]:
    """Where the parts carry each node (n, 3), and whether its nearest part was fitted well (n)."""
    coarse = nodes.places_mm.reshape(*nodes.shape, 3)[::2, ::2, ::2]
    known = np.stack([nearest_mm(tree, coarse.reshape(-1, 3)).reshape(coarse.shape[:3]) for tree in trees])
    held = np.array(good) if any(good) else np.ones(len(parts), bool)
    step = float(np.linalg.norm(coarse[1, 1, 1] - coarse[0, 0, 0]))
    reach = REACH * (known[held].min(axis=0) + BLEND_MM) + step
    count = len(nodes.places_mm)
    found, total = np.zeros((count, 3)), np.zeros(count)
    nearest, trust = np.full(count, np.inf), np.zeros(count, bool)
    for number, part in enumerate(parts):
        mine = np.flatnonzero(_doubled(known[number] <= reach, nodes.shape))
        away = _away(known[number], trees[number], nodes, mine)
        weight = weight_of(away) * (1.0 if held[number] else POOR_WEIGHT)
        total[mine] += weight
        found[mine] += weight[:, None] * moved(part.matrix, nodes.places_mm[mine])
        closer = away < nearest[mine]
        nearest[mine[closer]], trust[mine[closer]] = away[closer], good[number]
    return found / total[:, None], trust


def _doubled(mask: Bool, shape: tuple[int, int, int]) -> Bool:
    """A mask of every second node, for all nodes."""
    for axis in range(3):
        mask = np.repeat(mask, 2, axis=axis)
    return np.asarray(mask[: shape[0], : shape[1], : shape[2]])


def _away(known: Float64, tree: cKDTree, nodes: Nodes, mine: NDArray[np.intp]) -> Float64:
    """Distance of some nodes to a part: sought where it is near, in between every second node where it is far."""
    index = np.stack(np.unravel_index(mine, nodes.shape)) / 2.0
    away = map_coordinates(known, index, order=1, mode="nearest")
    near = away <= NEAR_MM
    away[near] = nearest_mm(tree, nodes.places_mm[mine[near]])
    return np.asarray(away)
