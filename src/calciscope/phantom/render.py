"""From shapes to CT numbers, slab by slab: paint fine slices, add deposits, average, blur, add noise, clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, rfft2
from scipy.ndimage import map_coordinates

from calciscope.phantom.body import BodyModel
from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.phantom.lattice import fine_factor, fine_lattice
from calciscope.phantom.metal import streaks
from calciscope.phantom.occupancy import Occupancy, occupancy
from calciscope.phantom.rays import MAP_STEP, Rays
from calciscope.phantom.scanner import blur_filter, noise_filter, noise_gain, slice_overlap, slice_profile
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.geometry import Grid

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
SLAB = 16  # fine slices painted at once
ANATOMY_MM = 1.0  # the body changes slowly along itself: it is painted this often, deposits on every fine slice
CEILING_HU = 3071.0  # 12 bits with an intercept of -1024
FLOOR_HU = -1024.0


@dataclass(slots=True)
class Brightened:
    """A deposit ready to be painted, and what was added for it so far."""

    deposit: PlannedDeposit
    hu_per_mg_ml: float
    where: Occupancy
    matrix_hu_ml: float = 0.0
    background_hu_ml: float = 0.0

    @property
    def excess_hu_ml(self) -> float:
        """Sum of the HU above the tissue it replaced, times volume."""
        return self.deposit.mass_mg * self.hu_per_mg_ml + self.matrix_hu_ml - self.background_hu_ml


def brighten(deposits: list[PlannedDeposit], factors: list[float], grid: Grid, spec: PhantomSpec) -> list[Brightened]:
    """Sample every deposit on the fine lattice of ``grid``."""
    lattice = _lattice(spec, grid)
    return [
        Brightened(deposit=deposit, hu_per_mg_ml=factor, where=occupancy(deposit.solid, lattice))
        for deposit, factor in zip(deposits, factors, strict=True)
    ]


def _lattice(spec: PhantomSpec, grid: Grid) -> Grid:
    factor = fine_factor(grid)
    return fine_lattice(grid, factor, slice_profile(spec, factor).before)


def ideal_slices(
    spec: PhantomSpec, body: BodyModel, deposits: list[Brightened], grid: Grid
) -> Iterator[tuple[int, Float32]]:
    """Yield (slice index, HU float32 [row, column]) blurred as the scanner does, before noise and clipping."""
    factor = fine_factor(grid)
    profile = slice_profile(spec, factor)
    lattice = _lattice(spec, grid)
    blur = blur_filter(spec)
    waiting: dict[int, Float32] = {}
    for first in range(0, lattice.shape[0], SLAB):
        count = min(SLAB, lattice.shape[0] - first)
        slab = _anatomy(body, lattice, first, count)
        for deposit in deposits:
            _add(slab, first, deposit, lattice.voxel_volume_ml)
        for fine in range(first, first + count):
            for k in range(
                max(0, -(-(fine + 1 - len(profile.weights)) // factor)), min(grid.shape[0], fine // factor + 1)
            ):
                weight = np.float32(profile.weights[fine - k * factor])
                if k not in waiting:
                    waiting[k] = np.zeros(grid.shape[1:], dtype=np.float32)
                waiting[k] += weight * slab[fine - first]
        for k in sorted(k for k in waiting if k * factor + len(profile.weights) <= first + count):
            spectrum = rfft2(waiting.pop(k), workers=1)
            yield k, np.asarray(irfft2(spectrum * blur, s=grid.shape[1:], workers=1), dtype=np.float32)


def _anatomy(body: BodyModel, lattice: Grid, first: int, count: int) -> Float32:
    """Body on the fine slices, each painted slice standing for its neighbours within ANATOMY_MM."""
    together = max(1, int(ANATOMY_MM / lattice.spacing_mm[0] + 1e-6))
    painted = -(-count // together)
    affine = lattice.affine.copy()
    affine[:3, 3] += affine[:3, 2] * (first + (together - 1) / 2)
    affine[:3, 2] *= together
    coarse = Grid(shape=(painted, *lattice.shape[1:]), affine=affine)
    return np.repeat(body.paint(coarse, 0, painted), together, axis=0)[:count]


def _add(slab: Float32, first: int, item: Brightened, voxel_ml: float) -> None:
    """Replace tissue by the deposit where it lies, and note what it replaced."""
    (k0, j0, i0), filled = item.where.origin, item.where.filled
    begin, end = (k0, j0, i0), tuple(a + n for a, n in zip((k0, j0, i0), filled.shape, strict=True))
    low = (max(begin[0], first), max(begin[1], 0), max(begin[2], 0))
    high = (min(end[0], first + slab.shape[0]), min(end[1], slab.shape[1]), min(end[2], slab.shape[2]))
    if any(a >= b for a, b in zip(low, high, strict=True)):
        return
    view = slab[low[0] - first : high[0] - first, low[1] : high[1], low[2] : high[2]]
    part = filled[tuple(slice(a - o, b - o) for a, b, o in zip(low, high, begin, strict=True))]
    matrix, mineral = item.deposit.recipe.matrix_hu, item.hu_per_mg_ml * item.deposit.recipe.concentration_mg_ml
    item.matrix_hu_ml += float(part.sum(dtype=np.float64)) * matrix * voxel_ml
    item.background_hu_ml += float((part * view).sum(dtype=np.float64)) * voxel_ml
    view += part * (np.float32(matrix + mineral) - view)


def scan(
    spec: PhantomSpec, body: BodyModel, deposits: list[Brightened], grid: Grid, rays: Rays
) -> Iterator[NDArray[np.int16]]:
    """Yield the image's slices in order: int16 HU with noise, rounded and clipped as the scanner stores them."""
    noise = _noise(spec, grid, rays)
    for _, ideal in ideal_slices(spec, body, deposits, grid):
        seen = ideal
        if spec.metal:
            star = streaks(ideal, spec.pixel_mm, spec.seed)
            seen = ideal if star is None else ideal + star
        if spec.noise_hu > 0:
            seen = seen + next(noise)
        yield np.clip(np.rint(seen), FLOOR_HU, CEILING_HU).astype(np.int16)


def _noise(spec: PhantomSpec, grid: Grid, rays: Rays) -> Iterator[Float32]:
    """Yield noise of every slice in turn: textured, stronger where rays pass more body, alike in overlapping slices."""
    rng = np.random.default_rng([spec.seed, 3, int(spec.followup)])
    factor = fine_factor(grid)
    alike = min(slice_overlap(slice_profile(spec, factor), factor), 0.65)
    side = 0.5 * np.sqrt(1 - np.sqrt(1 - 2 * alike**2))  # so that neighbours correlate as ``alike``
    middle = np.sqrt(1 - 2 * side**2)
    shape = noise_filter(spec)
    maps, body_cm = rays.maps()

    def white() -> Float32:
        return rng.standard_normal(grid.shape[1:], dtype=np.float32)

    gains: dict[int, Float32] = {}
    before, now = white(), white()
    for k in range(grid.shape[0]):
        after = white()
        level = _level(rays, grid, k, len(maps))
        if level not in gains:
            gains = {level: _gain(noise_gain(maps[level], body_cm), rays, grid)}
        mixed = middle * now + side * (before + after)
        textured = irfft2(rfft2(mixed, workers=1) * shape, s=grid.shape[1:], workers=1)
        yield np.asarray(spec.noise_hu * textured * gains[level], dtype=np.float32)
        before, now = now, after


def _level(rays: Rays, grid: Grid, k: int, levels: int) -> int:
    middle = grid.to_lps(np.array([k, grid.shape[1] / 2, 0.0]))
    return int(np.clip(np.rint(rays.grid.to_index(middle)[0]), 0, levels - 1))


def _gain(coarse: Float32, rays: Rays, grid: Grid) -> Float32:
    """Noise factor [row, column] of a slice, from the coarse map of the rays."""
    corner, far = (rays.grid.to_index(grid.to_lps(np.array([0.0, j, i]))) for j, i in ((0, 0), grid.shape[1:]))
    rows = np.linspace(corner[1], far[1], grid.shape[1], endpoint=False) / MAP_STEP
    columns = np.linspace(corner[2], far[2], grid.shape[2], endpoint=False) / MAP_STEP
    places = np.meshgrid(rows, columns, indexing="ij")
    return np.asarray(map_coordinates(coarse, places, order=1, mode="nearest"), dtype=np.float32)
