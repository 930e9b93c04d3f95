"""Balls of known mineral in a homogeneous limb: the benchmark's own tiny phantom, independent of the product's.

A cylinder of fat or muscle with skin and one bone, balls on a loose lattice at random sub-voxel offsets, Gaussian
blur, and noise of a stated SD whose texture is white noise blurred by a fraction of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from benchmarks.engine import series_of
from benchmarks.occupancy import FWHM_PER_SD, Blur, ball, occupancy
from calciscope.terms.series import Series

TISSUE_HU = {"fat": -90.0, "muscle": 50.0}
RADIUS_MM = 62.0
SKIN_MM = 1.6
BONE_RADIUS_MM = 9.0
PITCH_MM = 26.0
BLUR = Blur(in_plane_fwhm_mm=0.9, along_fwhm_mm=1.2)
NOISE_TEXTURE_PX = 0.5
HU_PER_MG_ML = 1.31


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One kind of ball and how it is scanned; ``slice_mm`` above 1 adds a box of that thickness."""

    tissue: str
    diameter_mm: float
    concentration_mg_ml: float
    slice_mm: float = 1.0
    pixel_mm: float = 0.78
    noise_sd_hu: float = 20.0
    blur: Blur = BLUR
    matrix_hu: float | None = None  # None: mineral is added to the tissue; a value replaces the tissue


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One ball: LPS centre, volume, excess and mass."""

    at_lps_mm: tuple[float, float, float]
    radius_mm: float
    volume_ml: float
    excess_hu_ml: float
    mass_mg: float


def ground_plane(axis_mm: NDArray[np.float32], tissue_hu: float) -> NDArray[np.float32]:
    """One slice of the limb without balls."""
    away = np.hypot(axis_mm[:, None], axis_mm[None, :])
    plane = np.full(away.shape, -1000.0, dtype=np.float32)
    plane[away < RADIUS_MM] = 40.0
    plane[away < RADIUS_MM - SKIN_MM] = tissue_hu
    plane[away < BONE_RADIUS_MM] = 1150.0
    plane[away < BONE_RADIUS_MM * 0.6] = 30.0
    return plane


def places(rng: np.random.Generator, count: int) -> tuple[list[tuple[float, float, float]], float]:
    """Ball centres (z, y, x mm) on rings around the bone, layer after layer, and the length they need."""
    layer = [(27.0, 5), (45.0, 9)]
    made: list[tuple[float, float, float]] = []
    z = 20.0
    while len(made) < count:
        turn = rng.uniform(0, 2 * np.pi)
        for ring, (radius, number) in enumerate(layer):
            for k in range(number):
                angle = turn + 2 * np.pi * (k + 0.5 * ring) / number
                jitter = rng.uniform(-1.5, 1.5, 3)
                made.append((z + jitter[0], radius * np.sin(angle) + jitter[1], radius * np.cos(angle) + jitter[2]))
        z += PITCH_MM
    return made[:count], z - PITCH_MM + 20.0


def noise(rng: np.random.Generator, shape: tuple[int, int, int], cell: Cell) -> NDArray[np.float32]:
    """Noise of the cell's SD, slightly correlated in the plane."""
    white = rng.standard_normal(shape, dtype=np.float32)
    white = gaussian_filter(white, (0.0, NOISE_TEXTURE_PX, NOISE_TEXTURE_PX))
    return np.asarray(white * (cell.noise_sd_hu / float(white.std())), dtype=np.float32)


def sphere_scan(cell: Cell, count: int, seed: int) -> tuple[Series, list[Truth]]:
    """A scan with ``count`` balls of one kind, and the truth about each."""
    rng = np.random.default_rng(seed)
    centres, length = places(rng, count)
    size = int(np.ceil((RADIUS_MM + 12) * 2 / cell.pixel_mm))
    axis = ((np.arange(size) - (size - 1) / 2) * cell.pixel_mm).astype(np.float32)
    shape = (int(np.ceil(length / cell.slice_mm)), size, size)
    spacing = (cell.slice_mm, cell.pixel_mm, cell.pixel_mm)
    box = cell.slice_mm if cell.slice_mm > 1 else 0.0
    blur = Blur(in_plane_fwhm_mm=cell.blur.in_plane_fwhm_mm, along_fwhm_mm=cell.blur.along_fwhm_mm, slice_box_mm=box)
    tissue = TISSUE_HU[cell.tissue]
    plane = gaussian_filter(ground_plane(axis, tissue), blur.in_plane_fwhm_mm / FWHM_PER_SD / cell.pixel_mm)
    hu = np.repeat(plane[None], shape[0], axis=0)
    mineral = cell.concentration_mg_ml * HU_PER_MG_ML
    contrast = mineral if cell.matrix_hu is None else mineral + cell.matrix_hu - tissue
    truths = []
    radius = cell.diameter_mm / 2
    for z, y, x in centres:
        centre = (z / cell.slice_mm, (y - axis[0]) / cell.pixel_mm, (x - axis[0]) / cell.pixel_mm)
        seen = occupancy(ball(radius), centre, (radius, radius, radius), spacing, shape, blur)
        hu[seen.window()] += np.float32(contrast) * seen.fraction
        volume = 4 / 3 * np.pi * radius**3 / 1000
        truths.append(
            Truth(
                at_lps_mm=(float(x), float(y), float(z)),
                radius_mm=radius,
                volume_ml=volume,
                excess_hu_ml=volume * contrast,
                mass_mg=volume * cell.concentration_mg_ml,
            )
        )
    hu += noise(rng, shape, cell)
    return series_of(np.clip(np.rint(hu), -1024, 3071).astype(np.int16), spacing), truths
