"""How much body the rays pass: water-equivalent path through any point, from a coarse rendering of the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.body import BodyModel
from calciscope.phantom.scanner import ray_water_cm, water_map_cm
from calciscope.terms.geometry import Grid

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
COARSE_PIXEL_MM = 4.0
COARSE_SLICE_MM = 12.0
HALF_WIDTH_MM = 260.0  # of the coarse picture: the whole body, not only the field of view
MAP_STEP = 4
BODY_DENSITY = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rays:
    """Coarse densities (water = 1) [slice, row, column] on their grid."""

    density: Float32
    grid: Grid

    def water_cm(self, lps_mm: Float64) -> float:
        """Mean water-equivalent length in cm, over all angles, of the rays through a point."""
        index = self.grid.to_index(lps_mm)
        k = int(np.clip(np.rint(index[0]), 0, self.grid.shape[0] - 1))
        return float(ray_water_cm(self.density[k], COARSE_PIXEL_MM, float(index[1]), float(index[2])))

    def maps(self) -> tuple[Float32, float]:
        """Water map (cm) of every coarse slice at MAP_STEP, and its mean inside the body."""
        maps = np.stack([water_map_cm(picture, COARSE_PIXEL_MM, MAP_STEP) for picture in self.density])
        body = self.density[:, ::MAP_STEP, ::MAP_STEP] > BODY_DENSITY
        return maps, float(maps[body].mean()) if body.any() else 0.0


def rays_of(body: BodyModel, grid: Grid) -> Rays:
    """Render the body coarsely over the range of the image."""
    side = int(2 * HALF_WIDTH_MM / COARSE_PIXEL_MM) + 1
    ends = grid.to_lps(
        np.array([[0, 0, 0], [0, grid.shape[1], 0], [grid.shape[0], 0, 0], [grid.shape[0], grid.shape[1], 0]], float)
    )
    low, high = float(ends[:, 2].min()), float(ends[:, 2].max())
    slices = max(2, int(np.ceil((high - low) / COARSE_SLICE_MM)) + 1)
    affine = np.diag([COARSE_PIXEL_MM, COARSE_PIXEL_MM, (high - low) / (slices - 1), 1.0])
    affine[:3, 3] = (-HALF_WIDTH_MM, body.centre_mm[1] - HALF_WIDTH_MM, low)
    coarse = Grid(shape=(slices, side, side), affine=affine)
    density = (body.paint(coarse, 0, slices) + 1000.0) / 1000.0
    return Rays(density=np.clip(density, 0.0, 2.5).astype(np.float32), grid=coarse)
