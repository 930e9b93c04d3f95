"""Other scans made of a real one: kernels, slices, noise, voltage, positions, fields of view; deposits put in go along.

Each derivation takes a scan with the voxels of what was put in marked, and a random generator, and gives the same back. What is
added to a scan (contrast medium, metal, a cast, a second limb) is in ``derivations_added``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Series

AIR_HU = -1024
TOP_HU = 3071
SHARPENED, SHARPENED_MM = 0.8, 1.0  # share of what a blur of this sigma takes away that is added again
SOFTENED_MM = 0.7
NOISE_SD_HU, NOISE_GRAIN_MM, NOISE_DRIFT_MM = 20.0, 1.5, 4.0  # FWHM of the grain; what is wider is no noise of CT
THICK_MM = 5.0
HALF_PIXEL_MM = 0.5
MINERAL_FROM_HU, MINERAL_AT_80_KV = 100, 1.45  # of what mineral adds at 120 kV
TURNED_DEG = 30.0
FIELD_MM, FIELD_SHIFT_MM = 60.0, 20.0  # half the field's side
SHORT_SHARE, SHORT_SLICES = 0.25, 8
OFFSET_HU = 12
CHILD = 0.6

Labels = NDArray[np.uint16]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A scan, and in ``put`` the number of the deposit that was put in, voxel by voxel, from 1 on."""

    series: Series
    put: Labels

    @property
    def hu(self) -> NDArray[np.float32]:
        """CT numbers as floats."""
        return self.series.volume.hu.astype(np.float32)

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """(slice, row, column)."""
        return self.series.volume.grid.spacing_mm

    @property
    def affine(self) -> NDArray[np.float64]:
        """A copy of the grid's affine."""
        return self.series.volume.grid.affine.copy()


Derivation = Callable[[Marked, Rng], Marked]


def remade(
    scan: Marked,
    hu: NDArray[np.float32] | NDArray[np.int16],
    *,
    put: Labels | None = None,
    affine: NDArray[np.float64] | None = None,
    **acquisition: object,
) -> Marked:
    """The scan with other voxels, grid or acquisition."""
    voxels = np.ascontiguousarray(np.clip(np.rint(hu), AIR_HU, TOP_HU), dtype=np.int16)
    grid = Grid(shape=voxels.shape, affine=scan.affine if affine is None else affine)
    series = replace(
        scan.series,
        volume=Volume(hu=voxels, grid=grid),
        acquisition=replace(scan.series.acquisition, **acquisition),  # type: ignore[arg-type]
    )
    return Marked(series=series, put=scan.put if put is None else np.ascontiguousarray(put))


def turned(scan: Marked, turn: Callable[[NDArray[np.generic]], NDArray[np.generic]]) -> Marked:
    """Body turned within the scanner, whose axes stay: the same turn of voxels and marks."""
    return remade(scan, turn(scan.series.volume.hu), put=turn(scan.put))  # type: ignore[arg-type]


def in_slice_blur(
    hu: NDArray[np.float32], sigma_mm: float, spacing_mm: tuple[float, float, float]
) -> NDArray[np.float32]:
    """Gaussian blur within slices."""
    return np.asarray(ndimage.gaussian_filter(hu, [0, sigma_mm / spacing_mm[1], sigma_mm / spacing_mm[2]]), np.float32)


def as_acquired(scan: Marked, rng: Rng) -> Marked:
    """Nothing changed."""
    return scan


def sharp_kernel(scan: Marked, rng: Rng) -> Marked:
    """Edges over- and undershoot, noise grows."""
    return remade(scan, scan.hu + SHARPENED * (scan.hu - in_slice_blur(scan.hu, SHARPENED_MM, scan.spacing_mm)))


def soft_kernel(scan: Marked, rng: Rng) -> Marked:
    """Blurred in the slice."""
    return remade(scan, in_slice_blur(scan.hu, SOFTENED_MM, scan.spacing_mm))


def more_noise(scan: Marked, rng: Rng) -> Marked:
    """Noise with the grain of CT added."""
    noise = rng.standard_normal(scan.put.shape).astype(np.float32)
    noise = in_slice_blur(noise, NOISE_GRAIN_MM / 2.355, scan.spacing_mm)
    noise -= in_slice_blur(noise, NOISE_DRIFT_MM, scan.spacing_mm)
    return remade(scan, scan.hu + noise * np.float32(NOISE_SD_HU / noise.std()))


def thick_slices(scan: Marked, rng: Rng) -> Marked:
    """Slices averaged to about 5 mm."""
    parts = 4 if scan.spacing_mm[0] > 1.0 else 1  # finer steps first, where the slices allow no close multiple
    fine_mm = scan.spacing_mm[0] / parts
    step = max(1, round(THICK_MM / fine_mm))
    fine = ndimage.zoom(scan.hu, (parts, 1, 1), order=1, grid_mode=True, mode="nearest") if parts > 1 else scan.hu
    count = fine.shape[0] // step
    hu = fine[: count * step].reshape(count, step, *fine.shape[1:]).mean(axis=1)
    put = np.repeat(scan.put, parts, axis=0)[: count * step].reshape(count, step, *fine.shape[1:]).max(axis=1)
    affine = scan.affine
    along = affine[:3, 2].copy()
    affine[:3, 2] = along * step / parts
    affine[:3, 3] += along * (step / parts - 1) / 2
    return remade(scan, hu, put=put, affine=affine, slice_thickness_mm=step * fine_mm)


def fine_pixels(scan: Marked, rng: Rng) -> Marked:
    """Pixels of about 0.5 mm."""
    factor = max(1, round(scan.spacing_mm[1] / HALF_PIXEL_MM))
    hu = ndimage.zoom(scan.hu, (1, factor, factor), order=1, grid_mode=True, mode="nearest")
    put = scan.put.repeat(factor, axis=1).repeat(factor, axis=2)
    affine = scan.affine
    shift = (affine[:3, 0] + affine[:3, 1]) * (1 / factor - 1) / 2
    affine[:3, :2] /= factor
    affine[:3, 3] += shift
    return remade(scan, hu, put=put, affine=affine)


def at_80_kv(scan: Marked, rng: Rng) -> Marked:
    """Mineral as bright as at 80 kV."""
    above = np.maximum(scan.hu - MINERAL_FROM_HU, 0)
    return remade(scan, scan.hu + (MINERAL_AT_80_KV - 1) * above, kvp=80.0)


def upside_down(scan: Marked, rng: Rng) -> Marked:
    """The body lies on its front, though the header says it lies on its back."""
    return turned(scan, lambda array: array[:, ::-1, ::-1])


def on_the_side(scan: Marked, rng: Rng) -> Marked:
    """The body lies on its side."""
    return turned(scan, lambda array: np.rot90(array, 1, axes=(1, 2)))


def turned_30_degrees(scan: Marked, rng: Rng) -> Marked:
    """The limb is turned about its length."""

    def turn(array: NDArray[np.generic], order: int, outside: int) -> NDArray[np.generic]:
        return np.asarray(
            ndimage.rotate(array, TURNED_DEG, axes=(1, 2), reshape=False, order=order, mode="constant", cval=outside)
        )

    return remade(scan, turn(scan.hu, 1, AIR_HU), put=turn(scan.put, 0, 0))  # type: ignore[arg-type]


def feet_first(scan: Marked, rng: Rng) -> Marked:
    """Slices stored from the other end."""
    affine = scan.affine
    affine[:3, 3] += affine[:3, 2] * (scan.put.shape[0] - 1)
    affine[:3, 2] *= -1
    return remade(scan, scan.series.volume.hu[::-1], put=scan.put[::-1], affine=affine, patient_position="FFS")


def small_field(scan: Marked, rng: Rng) -> Marked:
    """A field of 120 mm within the limb."""
    middle = np.argwhere(scan.series.volume.hu[scan.put.shape[0] // 2] > -300).mean(axis=0)
    centre = middle + rng.uniform(-FIELD_SHIFT_MM, FIELD_SHIFT_MM, 2) / scan.spacing_mm[1:]
    half = FIELD_MM / np.array(scan.spacing_mm[1:])
    low = np.maximum((centre - half).astype(int), 0)
    high = np.minimum((centre + half).astype(int), scan.put.shape[1:])
    box = (slice(None), slice(low[0], high[0]), slice(low[1], high[1]))
    affine = scan.affine
    affine[:3, 3] += affine[:3, 1] * low[0] + affine[:3, 0] * low[1]
    return remade(scan, scan.series.volume.hu[box], put=scan.put[box], affine=affine)


def short_series(scan: Marked, rng: Rng) -> Marked:
    """A quarter of the slices."""
    size = scan.put.shape[0]
    count = min(size, max(SHORT_SLICES, int(size * SHORT_SHARE)))
    first = (size - count) // 2
    affine = scan.affine
    affine[:3, 3] += affine[:3, 2] * first
    chosen = slice(first, first + count)
    return remade(scan, scan.series.volume.hu[chosen], put=scan.put[chosen], affine=affine)


def offset(scan: Marked, rng: Rng) -> Marked:
    """A scanner that reads everything 12 HU too high."""
    return remade(scan, scan.hu + OFFSET_HU)


def child(scan: Marked, rng: Rng) -> Marked:
    """A limb of 0.6 times the size."""
    affine = scan.affine
    affine[:3, :3] *= CHILD
    thickness = scan.series.acquisition.slice_thickness_mm or scan.spacing_mm[0]
    return remade(scan, scan.series.volume.hu, affine=affine, slice_thickness_mm=thickness * CHILD)
