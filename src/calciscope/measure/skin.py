"""Exact distance from points in a scan to the body surface, finer than a voxel, right on uneven voxels."""

from __future__ import annotations

import numpy as np
from numba import njit

from calciscope.measure.scene import Scene
from calciscope.terms.geometry import Bool, Float64
from calciscope.terms.tissue import Tissue

# Between air (-1000 HU) and skin (about 0 HU) the surface lies half way (definition of a blurred edge).
SKIN_EDGE_HU = -500.0
# The nearest of about this many points is found first, then all points this near to it are looked at (judgement: exact on
# outlines whose points lie less than this apart).
FIRST_POINTS = 150
AGAIN_MM = 4.0


def depth_mm(scene: Scene, points_lps_mm: Float64) -> Float64:
    """Distance of each LPS point (n, 3) to the nearest body surface; 0 outside the body, NaN where skin is cut off.

    The image's own border is not skin: where it lies nearer than the nearest skin seen, the depth is not known.
    """
    rough = scene.near(scene.surface_mm, points_lps_mm)
    slack = 2 * float(np.linalg.norm(scene.coarse.grid.spacing_mm))
    if not np.isfinite(rough).any() or rough.max() > 1e5:
        return np.full(len(points_lps_mm), np.nan)
    reach = float(rough.max()) + slack
    return _depth(scene, points_lps_mm, reach)


def _depth(scene: Scene, points_lps_mm: Float64, reach_mm: float) -> Float64:
    """``depth_mm`` where no point lies deeper than ``reach_mm``."""
    surface = _surface(scene, points_lps_mm, reach_mm)
    if len(surface) == 0:
        return np.full(len(points_lps_mm), np.nan)
    depth = np.sqrt(_nearest_squared(points_lps_mm, surface))
    depth[_outside(scene, points_lps_mm)] = 0.0
    depth[scene.near(scene.cut_mm, points_lps_mm) < depth] = np.nan
    return depth


def nearest_depth_mm(scene: Scene, points_lps_mm: Float64) -> float | None:
    """Depth of the point nearest the body surface, exact for that point only; None where skin is cut off."""
    rough = scene.near(scene.surface_mm, points_lps_mm)
    slack = 2 * float(np.linalg.norm(scene.coarse.grid.spacing_mm))
    contenders = points_lps_mm[rough <= rough.min() + slack]
    some = contenders[:: max(1, len(contenders) // FIRST_POINTS)]
    depth = depth_mm(scene, some)
    if np.isfinite(depth).any() and len(some) < len(contenders):
        nearest = some[int(np.nanargmin(depth))]
        some = contenders[((contenders - nearest) ** 2).sum(axis=1) <= AGAIN_MM**2]
        # The nearest skin is no farther than the first look found it, and looked for around every point near there.
        depth = _depth(scene, some, float(np.nanmin(depth)) + 2 * max(scene.grid.spacing_mm))
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
    found = _crossings(scene.segmentation.tissue[box], scene.volume.hu[box], SKIN_EDGE_HU)
    return grid.to_lps(found + low)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _crossings(tissue, hu, edge_hu):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """(n, 3) crop indices where the body surface cuts the lines between neighbouring voxels."""
    nz, ny, nx = tissue.shape
    room = 1024
    count = 0
    found = np.empty((room, 3), dtype=np.float64)
    for z in range(nz):
        z1 = min(z + 1, nz - 1)  # past the last voxel it is compared with itself: no crossing
        for y in range(ny):
            y1 = min(y + 1, ny - 1)
            here, below, beside = tissue[z, y], tissue[z1, y], tissue[z, y1]
            for x in range(nx):
                inside = here[x] != 0
                x1 = min(x + 1, nx - 1)
                if ((below[x] != 0) == inside) & ((beside[x] != 0) == inside) & ((here[x1] != 0) == inside):
                    continue
                for axis in range(3):
                    dz, dy, dx = int(axis == 0), int(axis == 1), int(axis == 2)
                    if z + dz >= nz or y + dy >= ny or x + dx >= nx:
                        continue
                    if (tissue[z + dz, y + dy, x + dx] != 0) == inside:
                        continue
                    a, b = float(hu[z, y, x]), float(hu[z + dz, y + dy, x + dx])
                    share = 0.5
                    if (a < edge_hu) != (b < edge_hu):
                        share = (edge_hu - a) / (b - a)
                    if count == room:
                        room *= 2
                        larger = np.empty((room, 3), dtype=np.float64)
                        larger[:count] = found
                        found = larger
                    found[count, 0] = z + dz * share
                    found[count, 1] = y + dy * share
                    found[count, 2] = x + dx * share
                    count += 1
    return found[:count]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _nearest_squared(points, surface):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Squared distance (n,) from each point to the nearest surface point."""
    middle = np.zeros(3)
    for p in range(len(points)):
        middle += points[p] / len(points)
    spread = 0.0
    for p in range(len(points)):
        spread = max(spread, ((points[p] - middle) ** 2).sum())
    from_middle = np.empty(len(surface))
    nearest = np.inf
    for s in range(len(surface)):
        from_middle[s] = np.sqrt(((surface[s] - middle) ** 2).sum())
        nearest = min(nearest, from_middle[s])
    # No point is farther from the skin than the middle's nearest skin plus the way to the middle.
    farthest = nearest + 2 * np.sqrt(spread)
    best = np.full(len(points), np.inf)
    for s in range(len(surface)):
        if from_middle[s] > farthest:
            continue
        z, y, x = surface[s]
        for p in range(len(points)):
            squared = (points[p, 0] - z) ** 2 + (points[p, 1] - y) ** 2 + (points[p, 2] - x) ** 2
            best[p] = min(best[p], squared)
    return best


def _outside(scene: Scene, points_lps_mm: Float64) -> Bool:
    index = np.rint(scene.grid.to_index(points_lps_mm)).astype(int)
    index = np.clip(index, 0, np.array(scene.grid.shape) - 1)
    return np.asarray(scene.segmentation.tissue[tuple(index.T)] == Tissue.OUTSIDE)
