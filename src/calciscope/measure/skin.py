"""Exact distance from points in a scan to the body surface, finer than a voxel, right on uneven voxels."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from calciscope.measure.scene import Scene
from calciscope.terms.geometry import Bool, Float64
from calciscope.terms.tissue import Tissue

# Between air (-1000 HU) and skin (about 0 HU) the surface lies half way (definition of a blurred edge).
SKIN_EDGE_HU = -500.0


def depth_mm(scene: Scene, points_lps_mm: Float64) -> Float64:
    """Distance of each LPS point (n, 3) to the nearest body surface; 0 outside the body, NaN where skin is cut off.

    The image's own border is not skin: where it lies nearer than the nearest skin seen, the depth is not known.
    """
    rough = scene.near(scene.surface_mm, points_lps_mm)
    slack = 2 * float(np.linalg.norm(scene.coarse.grid.spacing_mm))
    if not np.isfinite(rough).any() or rough.max() > 1e5:
        return np.full(len(points_lps_mm), np.nan)
    reach = float(rough.max()) + slack
    surface = _surface(scene, points_lps_mm, reach)
    if len(surface) == 0:
        return np.full(len(points_lps_mm), np.nan)
    depth = np.asarray(cKDTree(surface).query(points_lps_mm)[0], dtype=np.float64)
    depth[_outside(scene, points_lps_mm)] = 0.0
    depth[scene.near(scene.cut_mm, points_lps_mm) < depth] = np.nan
    return depth


def nearest_depth_mm(scene: Scene, points_lps_mm: Float64) -> float | None:
    """Depth of the point nearest the body surface, exact for that point only; None where skin is cut off."""
    rough = scene.near(scene.surface_mm, points_lps_mm)
    slack = 2 * float(np.linalg.norm(scene.coarse.grid.spacing_mm))
    contenders = points_lps_mm[rough <= rough.min() + slack]
    depth = depth_mm(scene, contenders)
    nearest_cut = float(scene.near(scene.cut_mm, points_lps_mm).min())
    best = float(np.nanmin(depth)) if np.isfinite(depth).any() else np.inf
    return best if np.isfinite(best) and best <= nearest_cut else None


def _surface(scene: Scene, points_lps_mm: Float64, reach_mm: float) -> Float64:
    """(n, 3) LPS mm of surface crossings in the box that reaches ``reach_mm`` around the points."""
    grid = scene.grid
    index = grid.to_index(points_lps_mm)
    # Largest index change per mm along each array axis, right for sheared grids.
    per_mm = np.linalg.norm(np.linalg.inv(grid.affine[:3, :3]), axis=1)[::-1]
    low = np.maximum(0, np.floor(index.min(axis=0) - reach_mm * per_mm)).astype(int)
    high = np.minimum(grid.shape, np.ceil(index.max(axis=0) + reach_mm * per_mm).astype(int) + 1)
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    inside = scene.segmentation.tissue[box] != Tissue.OUTSIDE
    found = [_crossings(inside, scene.volume.hu[box], axis) for axis in range(3)]
    return grid.to_lps(np.concatenate(found) + low)


def _crossings(inside: Bool, hu: np.ndarray, axis: int) -> Float64:  # type: ignore[type-arg]
    """(n, 3) crop indices where the body surface cuts the lines of voxels along ``axis``."""
    a, b = np.moveaxis(inside, axis, 0)[:-1], np.moveaxis(inside, axis, 0)[1:]
    at = np.argwhere(a != b)
    first, second = np.moveaxis(hu, axis, 0)[:-1], np.moveaxis(hu, axis, 0)[1:]
    low, high = first[tuple(at.T)].astype(np.float64), second[tuple(at.T)].astype(np.float64)
    straddles = (low < SKIN_EDGE_HU) != (high < SKIN_EDGE_HU)
    share = np.where(straddles, (SKIN_EDGE_HU - low) / np.where(high == low, 1.0, high - low), 0.5)
    position = at.astype(np.float64)
    position[:, 0] += np.clip(share, 0.0, 1.0)
    return position[:, np.argsort([axis, *(k for k in range(3) if k != axis)])]


def _outside(scene: Scene, points_lps_mm: Float64) -> Bool:
    index = np.rint(scene.grid.to_index(points_lps_mm)).astype(int)
    index = np.clip(index, 0, np.array(scene.grid.shape) - 1)
    return np.asarray(scene.segmentation.tissue[tuple(index.T)] == Tissue.OUTSIDE)
