"""Sure parts that are one deposit: those that touch, and the strands of one net in fat, which thinner ones out of sight join.

Parts that interleave hide each other's rim and background when each is measured alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from calciscope.measure.amid_fat import is_amid_fat, is_strand
from calciscope.measure.segment.pieces import Box
from calciscope.measure.segment.strands import MESH_MM
from calciscope.terms.geometry import Volume

LARGEST_ML = 3.0
"""What is larger is no part of a net, ml (judgement)."""
Spacing = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One sure label: ``places`` (n, 3) full-grid indices, whether it is thin amid fat, and long as well."""

    label: int
    places: NDArray[np.intp]
    amid_fat: bool
    strand: bool

    @property
    def low(self) -> NDArray[np.intp]:
        """First corner of its box."""
        return np.asarray(self.places.min(axis=0))

    @property
    def high(self) -> NDArray[np.intp]:
        """Last corner."""
        return np.asarray(self.places.max(axis=0))


def unite(volume: Volume, labels: NDArray[np.uint16], sure: Sequence[tuple[int, Box]]) -> set[int]:
    """Give parts of one deposit the label of its largest part, in place; the labels that are no more.

    ``sure``: label and a box that holds all of it, of every part that is calcinosis beyond doubt.
    """
    if len(sure) < 2:
        return set()
    parts = [_part(volume, labels, label, box) for label, box in sure]
    pairs = list(_pairs(parts, labels, volume.grid.spacing_mm))
    rows, columns = (np.array([pair[side] for pair in pairs], dtype=np.intp) for side in (0, 1))
    graph = coo_array((np.ones(len(pairs), np.int8), (rows, columns)), shape=(len(parts), len(parts)))
    group = connected_components(graph, directed=False)[1]
    gone: set[int] = set()
    for number in np.flatnonzero(np.bincount(group) > 1):
        own = sorted(
            (parts[n] for n in np.flatnonzero(group == number)), key=lambda part: (-len(part.places), part.label)
        )
        for part in own[1:]:
            labels[tuple(part.places.T)] = own[0].label
            gone.add(part.label)
    return gone


def _part(volume: Volume, labels: NDArray[np.uint16], label: int, box: Box) -> _Part:
    """Look at one label."""
    crop = np.argwhere(labels[box] == label)
    places = crop + np.array([part.start for part in box])
    spacing = volume.grid.spacing_mm
    thin = len(places) * volume.grid.voxel_volume_ml <= LARGEST_ML and is_amid_fat(volume.hu, places, spacing)
    return _Part(label=label, places=places, amid_fat=thin, strand=thin and is_strand(volume.hu, places, spacing))


def _pairs(
    parts: Sequence[_Part], labels: NDArray[np.uint16], spacing_mm: Spacing
) -> Iterator[tuple[int, int]]:
    """Pairs of parts that are one deposit."""
    low, high = (np.array([getattr(part, side) for part in parts]) for side in ("low", "high"))
    for n, part in enumerate(parts[:-1]):
        apart = np.maximum(np.maximum(low[n] - high[n + 1 :], low[n + 1 :] - high[n]), 0)
        for other in (int(m) for m in n + 1 + np.flatnonzero((apart <= 1).all(axis=1))):
            if _touch(part, parts[other], labels):
                yield n, other
        near = np.linalg.norm(apart * np.array(spacing_mm), axis=1) <= MESH_MM
        for other in (int(m) for m in n + 1 + np.flatnonzero(near)):
            if _one_net(part, parts[other], spacing_mm):
                yield n, other


def _touch(first: _Part, second: _Part, labels: NDArray[np.uint16]) -> bool:
    """Whether voxels of two parts share at least a corner."""
    low = np.maximum(np.maximum(first.low, second.low) - 1, 0)
    high = np.minimum(first.high, second.high) + 1
    crop = labels[tuple(slice(int(a), int(b) + 1) for a, b in zip(low, high, strict=True))]
    beside = ndimage.binary_dilation(crop == first.label, np.ones((3, 3, 3)))
    return bool((beside & (crop == second.label)).any())


def _one_net(first: _Part, second: _Part, spacing_mm: Spacing) -> bool:
    """Whether two parts are thin amid fat, one of them a strand, and no farther apart than a mesh."""
    if not (first.amid_fat and second.amid_fat and (first.strand or second.strand)):
        return False
    mm = np.array(spacing_mm)
    away = KDTree(first.places * mm).query(second.places * mm, distance_upper_bound=MESH_MM)[0]
    return bool(np.isfinite(away).any())
