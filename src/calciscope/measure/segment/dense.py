"""Where mineral may be: dense voxels by hysteresis against the local tissue and the local noise, in fat as in muscle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.coarse import Coarse
from calciscope.terms.geometry import Volume

LEAN_HU = 55.0
"""Muscle without contrast, HU (imaging.md 1.5: 50; [memory] 40-65)."""
FAT_HU = -95.0
"""Subcutaneous fat, HU (imaging.md 1.5: -90)."""
LEAN_SEED_HU, FAT_SEED_HU = 128.0, 88.0
"""Smoothed HU a candidate must reach in lean tissue (tendon and cartilage stay below) and in fat (nodes, vessels and
skin stay below) [judgement; 130 HU is the convention of calcium scoring]."""
LEAN_LOW_HU, FAT_LOW_HU = 105.0, 72.0
"""Smoothed HU down to which a candidate is followed, lean and fat [judgement]."""
STRAND_HU = 20.0
"""Thin strands, vessels and skin amid fat, HU, blurred with the fat beside them [judgement]."""
SEED_SIGMAS, LOW_SIGMAS = 5.0, 3.2
"""The same limits in standard deviations of the smoothed noise above lean tissue, which strands, vessels and skin
are even amid fat [judgement]."""
TILE_MM = 24.0
"""Edge of the tiles in which noise is gauged, mm: streaks through shoulders or hips stay local [judgement]."""
BACKGROUND_MM, DRIFT_MM = 4.0, 6.0
"""Sigmas of the blurs that tell the tissue around a voxel, and the drift of tissue that is no noise, mm [judgement]."""
OUTSIDE_MM = 25.0
"""How far beyond the body dense things are listed, mm: what lies on the skin could be taken for a deposit."""
NEVER_BELOW_HU = 60.0
"""A voxel so far below the limit is not dense, whatever its neighbours, HU [judgement]."""
LOW, SEED = 1, 3
"""Flags: dense (followed), and dense enough to found a candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tissuefield:
    """Coarse fields: ``background_hu`` soft tissue around a voxel, ``noise_hu`` SD of the smoothed image."""

    background_hu: NDArray[np.float32]
    noise_hu: NDArray[np.float32]


def background_field(coarse: Coarse, body: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Soft tissue around each coarse voxel, HU: a normalised blur of voxels that are neither air, bone nor deposit."""
    out = np.full(body.shape, LEAN_HU, dtype=np.float32)
    box = _near(body, coarse.spacing_mm)
    hu = coarse.hu[box]
    soft = body[box] & (hu > -160) & (hu < 100)
    soft &= ~ndimage.binary_dilation(hu > 200)
    weight, total = _blurred(np.where(soft, hu, 0), soft, BACKGROUND_MM, 3.0, coarse.spacing_mm)
    out[box] = np.where(weight > 1e-3, total / np.maximum(weight, 1e-3), LEAN_HU)
    return out


def _near(body: NDArray[np.bool_], spacing_mm: tuple[float, float, float]) -> tuple[slice, ...]:
    """The box of the body and all that is looked at around it; the fields beyond it are never used."""
    margin_mm = OUTSIDE_MM + TILE_MM
    boxes = ndimage.find_objects(body.astype(np.uint8))
    if not boxes:
        return tuple(slice(0, n) for n in body.shape)
    return tuple(
        slice(max(0, part.start - reach), min(n, part.stop + reach))
        for part, n, reach in zip(boxes[0], body.shape, (int(margin_mm / mm) + 2 for mm in spacing_mm), strict=True)
    )


def _blurred(
    values: NDArray[np.float32] | NDArray[np.int16],
    mask: NDArray[np.bool_],
    sigma_mm: float,
    truncate: float,
    spacing_mm: tuple[float, float, float],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Gaussian blur of the mask and of the values, which are 0 outside it; beside each other."""
    sigma = [sigma_mm / s for s in spacing_mm]

    def blur(array: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(ndimage.gaussian_filter(array, sigma, truncate=truncate), dtype=np.float32)

    with ThreadPoolExecutor(2) as pool:
        weight, total = pool.map(blur, (mask.astype(np.float32), values.astype(np.float32)))
    return weight, total


def smoothing_weights(spacing_mm: tuple[float, float, float]) -> tuple[float, float, float]:
    """Weight of the neighbour on either side along each axis (slice, row, column); the centre keeps the rest.

    A binomial-like kernel of standard deviation 0.6 mm, at most 0.25 a side: noise grain is averaged, a grain of
    mineral hardly loses its peak.
    """
    wanted = [min(0.25, 0.5 * (0.6 / s) ** 2) for s in spacing_mm]
    return wanted[0], wanted[1], wanted[2]


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def smooth_at(hu, k, j, i, wk, wj, wi):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Separable three-point smoothing at one voxel, edges repeated."""
    nz, ny, nx = hu.shape
    total = 0.0
    for dk in range(-1, 2):
        kk = min(max(k + dk, 0), nz - 1)
        ak = wk if dk != 0 else 1.0 - 2.0 * wk
        if ak == 0.0:
            continue
        for dj in range(-1, 2):
            jj = min(max(j + dj, 0), ny - 1)
            aj = ak * (wj if dj != 0 else 1.0 - 2.0 * wj)
            if aj == 0.0:
                continue
            for di in range(-1, 2):
                ii = min(max(i + di, 0), nx - 1)
                total += aj * (wi if di != 0 else 1.0 - 2.0 * wi) * hu[kk, jj, ii]
    return total


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _across(hu, k, j, wk, wj, first, last, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Smoothing across the row at columns ``first`` to ``last`` (exclusive), edges repeated. Sums of CT numbers are
    exact in single precision, which lets the loop run on vectors."""
    back, front, up, down = max(k - 1, 0), min(k + 1, hu.shape[0] - 1), max(j - 1, 0), min(j + 1, hu.shape[1] - 1)
    here, above, below = hu[k, j], hu[k, up], hu[k, down]
    behind, behind_above, behind_below = hu[back, j], hu[back, up], hu[back, down]
    before, before_above, before_below = hu[front, j], hu[front, up], hu[front, down]
    centre, row_side, slice_side, corner = (1 - 2 * wk) * (1 - 2 * wj), (1 - 2 * wk) * wj, wk * (1 - 2 * wj), wk * wj
    for i in range(first, last):
        rows = np.float32(above[i]) + np.float32(below[i])
        slices = np.float32(behind[i]) + np.float32(before[i])
        corners = (np.float32(behind_above[i]) + np.float32(behind_below[i])) + (
            np.float32(before_above[i]) + np.float32(before_below[i])
        )
        out[i] = centre * np.float32(here[i]) + row_side * rows + (slice_side * slices + corner * corners)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _promising(row, where, low, first, fx):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """From coarse column ``first`` on, the next stretch of wanted ones that hold a voxel not far below the limit:
    start and stop, both the number of columns when there is none."""
    start = first
    while start < where.shape[0] and not (where[start] and _holds(row, start * fx, fx, low[start] - NEVER_BELOW_HU)):
        start += 1
    stop = start
    while stop < where.shape[0] and where[stop] and _holds(row, stop * fx, fx, low[stop] - NEVER_BELOW_HU):
        stop += 1
    return start, stop


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _holds(row, first, count, least):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Whether one of ``count`` values from ``first`` on reaches ``least``."""
    for i in range(first, min(first + count, row.shape[0])):
        if row[i] >= least:
            return True
    return False


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _flag(hu, where, low, seed, factor, weights, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Mark LOW and SEED voxels of the smoothed image within the (coarse) body."""
    fz, fy, fx = factor
    nz, ny, nx = hu.shape
    cx = where.shape[2]
    wk, wj, wi = weights
    for k in prange(nz):
        smooth = np.empty(nx, dtype=np.float64)
        for j in range(ny):
            row, limits, tops, wanted = hu[k, j], low[k // fz, j // fy], seed[k // fz, j // fy], where[k // fz, j // fy]
            start, stop = _promising(row, wanted, limits, 0, fx)
            while start < cx:
                _across(hu, k, j, wk, wj, max(start * fx - 1, 0), min(stop * fx + 1, nx), smooth)
                for ci in range(start, stop):
                    limit, top = limits[ci], tops[ci]
                    for i in range(ci * fx, min(ci * fx + fx, nx)):
                        if row[i] < limit - NEVER_BELOW_HU:
                            continue
                        value = wi * (smooth[max(i - 1, 0)] + smooth[min(i + 1, nx - 1)]) + (1 - 2 * wi) * smooth[i]
                        if value >= limit:
                            out[k, j, i] = SEED if value >= top else LOW
                start, stop = _promising(row, wanted, limits, stop, fx)


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _sample(hu, where, factor, weights, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Smoothed value at the middle voxel of each wanted coarse voxel."""
    for k in prange(where.shape[0]):
        for j in range(where.shape[1]):
            for i in range(where.shape[2]):
                if where[k, j, i]:
                    z = min(k * factor[0] + factor[0] // 2, hu.shape[0] - 1)
                    y = min(j * factor[1] + factor[1] // 2, hu.shape[1] - 1)
                    x = min(i * factor[2] + factor[2] // 2, hu.shape[2] - 1)
                    out[k, j, i] = smooth_at(hu, z, y, x, weights[0], weights[1], weights[2])


def noise_field(volume: Volume, coarse: Coarse, body: NDArray[np.bool_]) -> NDArray[np.float32]:
    """SD (HU) of the smoothed image in lean or fatty tissue, tile by tile, spread over the coarse grid."""
    box = _near(body, coarse.spacing_mm)
    tissues = _calm(coarse.hu[box], body[box])
    calm = np.zeros(body.shape, dtype=np.bool_)
    calm[box] = tissues[0] | tissues[1]
    values = np.zeros(body.shape, dtype=np.float32)
    _sample(volume.hu, calm, coarse.factor, smoothing_weights(volume.grid.spacing_mm), values)
    field, typical = _tile_noise(_without_tissue(values[box], tissues), calm[box], coarse.spacing_mm)
    out = np.full(body.shape, max(typical, 1.0), dtype=np.float32)
    out[box] = _fill_unknown(field, typical, body[box])
    return out


def _calm(hu: NDArray[np.int16], body: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Coarse voxels amid fat, and those amid lean tissue."""
    near = ndimage.generate_binary_structure(3, 1)
    kinds = [body & (hu > low) & (hu < high) for low, high in ((-140, -50), (10, 100))]
    return [ndimage.binary_erosion(kind, near, border_value=1) for kind in kinds]


def _without_tissue(values: NDArray[np.float32], tissues: list[NDArray[np.bool_]]) -> NDArray[np.float32]:
    """The values less what fat or lean tissue reads in this scan: the step between the two is no noise."""
    out = np.zeros_like(values)
    for tissue in tissues:
        if tissue.any():
            out[tissue] = values[tissue] - np.median(values[tissue])
    return out


def _tile_noise(
    values: NDArray[np.float32], calm: NDArray[np.bool_], spacing_mm: tuple[float, float, float]
) -> tuple[NDArray[np.float32], float]:
    """SD of the sampled values by tile, NaN where too few are calm, and the typical one; tissue differences within a
    few mm are taken out first."""
    weight, total = _blurred(values, calm, DRIFT_MM, 2.5, spacing_mm)
    rest = values - total / np.maximum(weight, 1e-4)
    squares = np.where(calm, np.clip(rest, -300, 300) ** 2, 0.0).astype(np.float32)
    size = [max(1, round(3 * TILE_MM / s / 3)) for s in spacing_mm]
    with ThreadPoolExecutor(2) as pool:
        mean, share = pool.map(lambda part: ndimage.uniform_filter(part, size), (squares, calm.astype(np.float32)))
    typical = float(np.sqrt(np.median(squares[calm]) / 0.455)) if calm.any() else 15.0
    field = np.where(share > 0.02, np.sqrt(np.maximum(mean, 0.0) / np.maximum(share, 1e-6)), np.nan)
    return field.astype(np.float32), typical


def _fill_unknown(field: NDArray[np.float32], typical: float, body: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Give tiles without calm tissue the value of the nearest tile that has some."""
    unknown = ~np.isfinite(field)
    if unknown.all():
        return np.full(field.shape, typical, np.float32)
    if (unknown & body).any():
        nearest = ndimage.distance_transform_edt(unknown, return_distances=False, return_indices=True)
        field = field[tuple(nearest)]
    return np.maximum(np.nan_to_num(field, nan=typical), 1.0).astype(np.float32)


def limits(field: Tissuefield) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(low, seed) limits in HU on the coarse grid."""
    lean = np.clip((field.background_hu - FAT_HU) / (LEAN_HU - FAT_HU), 0.0, 1.0)
    base = np.clip(field.background_hu, STRAND_HU + lean * (LEAN_HU - 15.0 - STRAND_HU), 100.0)
    seed = np.maximum(FAT_SEED_HU + lean * (LEAN_SEED_HU - FAT_SEED_HU), base + SEED_SIGMAS * field.noise_hu)
    low = np.maximum(FAT_LOW_HU + lean * (LEAN_LOW_HU - FAT_LOW_HU), base + LOW_SIGMAS * field.noise_hu)
    return low.astype(np.float32), seed.astype(np.float32)


def cross_in_slice() -> NDArray[np.bool_]:
    """The four neighbours within a slice."""
    cross = ndimage.generate_binary_structure(3, 1)
    cross[0], cross[2] = False, False
    return np.asarray(cross)


def flag_dense(volume: Volume, coarse: Coarse, body: NDArray[np.bool_], field: Tissuefield) -> NDArray[np.uint8]:
    """uint8 [slice, row, column]: 1 dense (followed), 3 dense enough to found a candidate, 0 else."""
    low, seed = limits(field)
    out = np.zeros(volume.hu.shape, dtype=np.uint8)
    steps = max(1, round(OUTSIDE_MM / max(coarse.spacing_mm[1:])))
    around = ndimage.binary_dilation(body, cross_in_slice(), iterations=steps)
    _flag(volume.hu, around, low, seed, coarse.factor, smoothing_weights(volume.grid.spacing_mm), out)
    return out
