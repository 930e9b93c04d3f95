"""A coarse, patient-aligned copy of a scan: small enough for whole-scan distance maps and for telling body regions.

The copy's axes run [to the head, to the back, to the left], whatever way the scan's own rows and slices run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from calciscope.terms.geometry import Float64, Grid, Int16, Volume
from calciscope.terms.tissue import Tissue

# Finest useful cell: body regions and distances for pruning need no more (judgement).
FINEST_CELL_MM = 1.5
# Coarsest cell: a child's finger, about 8 mm, must still be several cells wide (judgement).
COARSEST_CELL_MM = 3.0
# Cells that keep a distance map under about 0.3 s at 40 million cells/s (measured, imaging.md 3.1).
MOST_CELLS = 8_000_000
# A cell is body, bone, gas ... when at least this part of it is.
CELL_SHARE = 0.5
# Porous or thin bone fills little of a cell; a third of it is enough to keep shafts and vertebrae whole (judgement).
BONE_SHARE = 0.34
# Gas and lung lie far below fat (-100 HU) and above nothing else in a body.
GAS_HU = -400

Uint8 = NDArray[np.uint8]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoarseScan:
    """The coarse copy, [head-ward, back-ward, left-ward].

    ``tissue``: ``Tissue`` codes; ``hu``: mean CT number of bone cells, 0 elsewhere; ``gas``: lung, bowel gas, airways inside
    the body; ``cut``: body cells at the sideways edge of what the scanner saw, where skin is missing; ``grid``: where the
    cells lie.
    """

    tissue: Uint8
    hu: Int16
    gas: Bool
    cut: Bool
    grid: Grid

    @property
    def body(self) -> Bool:
        """Cells inside the body."""
        return self.tissue != Tissue.OUTSIDE

    def cell_of(self, lps_mm: Float64) -> NDArray[np.intp]:
        """(..., 3) LPS mm to the (..., 3) indices of the nearest cells inside the grid."""
        index = np.rint(self.grid.to_index(lps_mm)).astype(np.intp)
        return np.clip(index, 0, np.array(self.grid.shape) - 1)


def coarsen(volume: Volume, tissue: Uint8) -> CoarseScan:
    """Pool a scan and its tissue codes (full grid) into cells of 1.5 to 3 mm."""
    axes, signs = patient_axes(volume.grid)
    factors = _factors(volume.grid, axes)
    flips = tuple(slice(None, None, sign) for sign in signs)
    pooled, hu, gas = _pool(volume.hu.transpose(axes)[flips], tissue.transpose(axes)[flips], *factors)
    grid = _coarse_grid(volume.grid, axes, signs, factors, pooled.shape)
    return CoarseScan(tissue=pooled, hu=hu, gas=gas.astype(bool), cut=_cut(volume, pooled, grid), grid=grid)


def patient_axes(grid: Grid) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """For head, back, left in turn: which array axis runs along it, and with which sign."""
    directions = grid.affine[:3, :3][:, ::-1]  # columns: slice, row, column
    directions = directions / np.linalg.norm(directions, axis=0)
    axes = max(permutations(range(3)), key=lambda p: sum(abs(directions[2 - k, p[k]]) for k in range(3)))
    signs = tuple(1 if directions[2 - k, axes[k]] >= 0 else -1 for k in range(3))
    return (axes[0], axes[1], axes[2]), (signs[0], signs[1], signs[2])


def _factors(grid: Grid, axes: tuple[int, int, int]) -> tuple[int, int, int]:
    spacing = [grid.spacing_mm[axis] for axis in axes]
    room = float(np.prod(grid.shape)) * grid.voxel_volume_mm3
    cell = float(np.clip((room / MOST_CELLS) ** (1 / 3), FINEST_CELL_MM, COARSEST_CELL_MM))
    return tuple(max(1, round(cell / mm)) for mm in spacing)  # type: ignore[return-value]


def _coarse_grid(
    grid: Grid, axes: tuple[int, ...], signs: tuple[int, ...], factors: tuple[int, ...], shape: tuple[int, ...]
) -> Grid:
    steps = grid.affine[:3, :3][:, ::-1]  # columns: slice, row, column
    start = np.array([0.0 if signs[k] > 0 else grid.shape[axes[k]] - 1.0 for k in range(3)])
    affine = np.eye(4)
    origin = grid.affine[:3, 3].copy()
    for k in range(3):
        step = steps[:, axes[k]] * signs[k]
        origin += steps[:, axes[k]] * start[k] + step * (factors[k] - 1) / 2
        affine[:3, 2 - k] = step * factors[k]
    affine[:3, 3] = origin
    return Grid(shape=(shape[0], shape[1], shape[2]), affine=affine, frame_uid=grid.frame_uid)


def _cut(volume: Volume, tissue: Uint8, grid: Grid) -> Bool:
    """Body cells at the sideways edge of the image or of the scanner's field; the first and last level do not count."""
    edge = np.zeros(tissue.shape, dtype=bool)
    edge[:, [0, -1], :] = True
    edge[:, :, [0, -1]] = True
    if volume.field is not None and not volume.field.all():
        edge |= ~_seen(volume.field, volume.grid, grid)
    return edge & (tissue != Tissue.OUTSIDE)


def _seen(field: Bool, fine: Grid, coarse: Grid) -> Bool:
    """Cells at least one cell inside the scanner's field."""
    levels, rows, columns = coarse.shape
    inside = np.ones(coarse.shape, dtype=bool)
    corner = np.array([[dy, dx] for dy in (-1, 1) for dx in (-1, 1)])
    for level in range(levels):
        for dy, dx in corner:
            y, x = np.meshgrid(np.arange(rows) + dy, np.arange(columns) + dx, indexing="ij")
            index = fine.to_index(coarse.to_lps(np.stack([np.full(y.shape, level), y, x], axis=-1)))
            row = np.clip(np.rint(index[..., 1]).astype(int), 0, field.shape[0] - 1)
            column = np.clip(np.rint(index[..., 2]).astype(int), 0, field.shape[1] - 1)
            inside[level] &= field[row, column]
        if level == 0 and abs(coarse.affine[0, 2]) + abs(coarse.affine[1, 2]) < 1e-6:
            inside[:] = inside[0]  # levels lie exactly above each other
            break
    return inside


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _count_row(codes, counts):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Add one row's codes 1 to 4 to the counts (uint16) of its columns, in loops that run on vectors."""
    other, fat, muscle, bone = counts[0], counts[1], counts[2], counts[3]
    for x in range(codes.shape[0]):
        other[x] += np.uint16(codes[x] == 1)
        fat[x] += np.uint16(codes[x] == 2)
        muscle[x] += np.uint16(codes[x] == 3)
        bone[x] += np.uint16(codes[x] >= 4)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _kind_of(counts, left, right, n):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Tissue of a cell of ``n`` voxels from the counts of its columns, and how many voxels are of the code 1."""
    other, fat, muscle, bone = 0, 0, 0, 0
    for x in range(left, right):
        other += counts[0, x]
        fat += counts[1, x]
        muscle += counts[2, x]
        bone += counts[3, x]
    if n - (other + fat + muscle + bone) > (1 - CELL_SHARE) * n:
        return 0, 0
    if bone >= BONE_SHARE * n:
        return 4, other
    if muscle > max(fat, other):
        return 3, other
    return (2 if fat > other else 1), other


@njit(cache=True, parallel=True)  # type: ignore[untyped-decorator]
def _pool(hu, tissue, fz, fy, fx):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    nz, ny, nx = hu.shape
    cz, cy, cx = (nz + fz - 1) // fz, (ny + fy - 1) // fy, (nx + fx - 1) // fx
    out = np.zeros((cz, cy, cx), dtype=np.uint8)
    mean = np.zeros((cz, cy, cx), dtype=np.int16)
    gas = np.zeros((cz, cy, cx), dtype=np.uint8)
    for k in prange(cz):
        counts = np.empty((4, nx), dtype=np.uint16)
        bottom = min(nz, k * fz + fz)
        for j in range(cy):
            back = min(ny, j * fy + fy)
            counts[:] = 0
            for z in range(k * fz, bottom):
                for y in range(j * fy, back):
                    _count_row(tissue[z, y], counts)
            for i in range(cx):
                left, right = i * fx, min(nx, i * fx + fx)
                n = (bottom - k * fz) * (back - j * fy) * (right - left)
                best, other = _kind_of(counts, left, right, n)
                out[k, j, i] = best
                if best == 4 or (best > 0 and other > CELL_SHARE * n):
                    cells = hu[k * fz : bottom, j * fy : back, left:right]
                    total, gassy = _mean_and_gas(cells, tissue[k * fz : bottom, j * fy : back, left:right])
                    mean[k, j, i] = total // n if best == 4 else 0
                    gas[k, j, i] = gassy > CELL_SHARE * n
    return out, mean, gas


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _mean_and_gas(hu, tissue):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Sum of the CT numbers of a cell, and its voxels of gas."""
    total, gassy = 0, 0
    for z in range(hu.shape[0]):
        for y in range(hu.shape[1]):
            for x in range(hu.shape[2]):
                total += hu[z, y, x]
                gassy += tissue[z, y, x] == 1 and hu[z, y, x] < GAS_HU
    return total, gassy
