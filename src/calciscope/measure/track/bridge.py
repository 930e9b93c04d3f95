"""Whether parts truly merged or split: what lies between them must have become as bright as mineral, or ceased to be."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from calciscope.measure.track.match import Kin
from calciscope.measure.track.reread import ScanPair
from calciscope.terms.geometry import Float64
from calciscope.terms.tracking import TimePoint

BRIDGE_SHARE = 0.2
"""Between parts that merged or split, CT numbers differ by this share of the deposit's contrast at least: true ones did by 0.3
to 0.8, parts that noise parted by less than 0.1 (measured on phantom pairs)."""
BETWEEN_MM = 2.0
"""A voxel lies between two parts where it is nearly as near to both together as they are to each other (judgement)."""
BESIDE_MM = 0.5
"""... and in neither of them."""


def is_bridged(pair: ScanPair, kin: Kin) -> bool | None:
    """Whether the matter between the parts of a family is in the one scan and not in the other; None: it cannot be read."""
    merged = len(kin.then) > 1
    whole, parted = (pair.second, pair.first) if merged else (pair.first, pair.second)
    if whole.coarse_ct is None or parted.coarse_ct is None:
        return None
    one, many = (kin.now, kin.then) if merged else (kin.then, kin.now)
    here = _points(whole, one)
    there = pair.warp.back(here) if merged else pair.warp.forth(here)
    between = _between(there, sorted((_points(parted, (part,)) for part in many), key=len)[-2:])
    background = np.mean([whole.deposit(part).background_hu or 0.0 for part in one])
    contrast = float(_hu(whole, here).mean() - background)
    if not between.any() or contrast <= 0.0:
        return False
    return float((_hu(whole, here[between]) - _hu(parted, there[between])).mean()) >= BRIDGE_SHARE * contrast


def _points(scan: TimePoint, ids: tuple[int, ...]) -> Float64:
    return scan.voxels.grid.to_lps(scan.voxels.index[scan.voxels.of(ids)].astype(np.float64))


def _between(points_mm: Float64, parts: list[Float64]) -> Float64:
    """Which of the points lie between the two largest parts."""
    gap = float(cKDTree(parts[0]).query(parts[1])[0].min())
    away = np.stack([cKDTree(part).query(points_mm)[0] for part in parts])
    return np.asarray((away.min(axis=0) > BESIDE_MM) & (away.sum(axis=0) <= gap + BETWEEN_MM))


def _hu(scan: TimePoint, points_mm: Float64) -> Float64:
    if scan.coarse_ct is None:
        return np.zeros(len(points_mm))
    index = scan.coarse_ct.grid.to_index(points_mm)
    low = np.clip(np.floor(index.min(axis=0)).astype(int), 0, np.array(scan.coarse_ct.hu.shape) - 1)
    high = np.maximum(np.ceil(index.max(axis=0)).astype(int) + 1, low + 1)
    near = scan.coarse_ct.hu[tuple(slice(a, b) for a, b in zip(low, high, strict=True))].astype(np.float64)
    return np.asarray(map_coordinates(near, (index - low).T, order=1, mode="nearest"))
