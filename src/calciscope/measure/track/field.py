"""Signed distance to a surface in one scan, read at any point of the patient with its gradient."""

from __future__ import annotations

from dataclasses import dataclass

import edt
import numpy as np
from numba import get_num_threads, njit
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from calciscope.terms.geometry import Bool, Float64, Grid

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceField:
    """``mm``: float32 [slice, row, column], distance to the surface of a mask, negative inside it."""

    mm: Float32
    grid: Grid

    def at(self, lps_mm: Float64) -> tuple[Float64, Float64, Bool]:
        """Distance (n), its gradient per mm of LPS (n, 3), and whether each of (n, 3) points lies in the grid."""
        index = self.grid.to_index(lps_mm)
        value, slope, inside = _trilinear(self.mm, np.ascontiguousarray(index))
        to_index = np.linalg.inv(self.grid.affine[:3, :3])[::-1]  # rows: slice, row, column
        return value, slope @ to_index, inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Displacement:
    """``mm``: float64 [slice, row, column, 3], how far each node of ``grid`` moves (LPS mm)."""

    mm: Float64
    grid: Grid

    def at(self, lps_mm: Float64) -> Float64:
        """Displacement (n, 3) at (n, 3) points; beyond the grid that of its border."""
        return _vectors(self.mm, np.ascontiguousarray(self.grid.to_index(lps_mm)))  # type: ignore[no-any-return]


def nearest_mm(tree: cKDTree, points_mm: Float64) -> Float64:
    """Distance (n) of each of (n, 3) points to the nearest of a tree's, on as many cores as measuring may use."""
    return np.asarray(tree.query(points_mm, workers=get_num_threads())[0])


def surface_field(mask: Bool, grid: Grid) -> SurfaceField:
    """The field of a mask [slice, row, column]; the scan's border is no surface."""
    spacing = grid.spacing_mm
    if not mask.any() or mask.all():
        return SurfaceField(mm=np.full(mask.shape, -1e3 if mask.all() else 1e3, np.float32), grid=grid)
    outside = edt.edt(~mask, anisotropy=spacing, black_border=False, parallel=2)
    inside = edt.edt(mask, anisotropy=spacing, black_border=False, parallel=2)
    half = 0.5 * float(np.cbrt(grid.voxel_volume_mm3))  # from the voxel's middle to the surface between two voxels
    mm = np.where(mask, half - inside, outside - half).astype(np.float32)
    return SurfaceField(mm=mm, grid=grid)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _trilinear(field, index):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    count = index.shape[0]
    value = np.zeros(count)
    slope = np.zeros((count, 3))
    inside = np.zeros(count, dtype=np.bool_)
    for n in range(count):
        z, y, x = index[n, 0], index[n, 1], index[n, 2]
        if not (0.0 <= z <= field.shape[0] - 1 and 0.0 <= y <= field.shape[1] - 1 and 0.0 <= x <= field.shape[2] - 1):
            continue
        inside[n] = True
        k = min(int(z), field.shape[0] - 2)
        j = min(int(y), field.shape[1] - 2)
        i = min(int(x), field.shape[2] - 2)
        a, b, c = z - k, y - j, x - i
        for dk in range(2):
            wz = a if dk else 1.0 - a
            for dj in range(2):
                wy = b if dj else 1.0 - b
                for di in range(2):
                    wx = c if di else 1.0 - c
                    v = field[k + dk, j + dj, i + di]
                    value[n] += wz * wy * wx * v
                    slope[n, 0] += (2 * dk - 1) * wy * wx * v
                    slope[n, 1] += wz * (2 * dj - 1) * wx * v
                    slope[n, 2] += wz * wy * (2 * di - 1) * v
    return value, slope, inside


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _vectors(field, index):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    count = index.shape[0]
    out = np.zeros((count, 3))
    for n in range(count):
        z = min(max(index[n, 0], 0.0), field.shape[0] - 1.0)
        y = min(max(index[n, 1], 0.0), field.shape[1] - 1.0)
        x = min(max(index[n, 2], 0.0), field.shape[2] - 1.0)
        k = min(int(z), field.shape[0] - 2)
        j = min(int(y), field.shape[1] - 2)
        i = min(int(x), field.shape[2] - 2)
        a, b, c = z - k, y - j, x - i
        for dk in range(2):
            wz = a if dk else 1.0 - a
            for dj in range(2):
                wy = b if dj else 1.0 - b
                for di in range(2):
                    weight = wz * wy * (c if di else 1.0 - c)
                    for m in range(3):
                        out[n, m] += weight * field[k + dk, j + dj, i + di, m]
    return out
