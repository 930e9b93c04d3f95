"""Real limbs laid elsewhere by known amounts: every voxel is carried, fresh noise is added, and the truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from calciscope.phantom.frames import LimbFrame
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Series

Float64 = NDArray[np.float64]
JOINT_MM = 14.0  # half length over which a real joint bends: bones stay straight (judgement)
FRESH_NOISE_HU = 10.0
AIR_HU = -1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How the limb is laid elsewhere: shift (mm), turn about its axis and bend at ``joint_mm`` (LPS) in degrees."""

    shift_mm: tuple[float, float, float]
    turn_deg: float = 0.0
    bend_deg: float = 0.0

    def ways(self, joint_mm: Float64) -> tuple[Callable[[Float64], Float64], Callable[[Float64], Float64]]:
        """(forth, back) for (n, 3) points in LPS mm."""
        x, y, z = (float(value) for value in joint_mm)
        before = LimbFrame(origin_mm=(x, y, z), bend_mm=JOINT_MM)
        after = LimbFrame(
            origin_mm=(x + self.shift_mm[0], y + self.shift_mm[1], z + self.shift_mm[2]),
            flexion_deg=self.bend_deg,
            rotation_deg=self.turn_deg,
            bend_mm=JOINT_MM,
        )
        return lambda p: after.to_lps(before.to_local(p)), lambda p: before.to_lps(after.to_local(p))


def laid_elsewhere(
    series: Series, move: Move, joint_mm: Float64, seed: int
) -> tuple[Series, Callable[[Float64], Float64]]:
    """The scan of the moved limb on a grid that moved with the table, and the way of every point."""
    forth, back = move.ways(joint_mm)
    old = series.volume.grid
    affine = old.affine.copy()
    affine[:3, 3] += np.array(move.shift_mm) + 0.37 * np.array(old.spacing_mm)[::-1]
    grid = Grid(shape=old.shape, affine=affine, frame_uid="2.25.1")
    rng = np.random.default_rng(seed)
    hu = np.empty(grid.shape, np.int16)
    rows, columns = np.meshgrid(np.arange(grid.shape[1]), np.arange(grid.shape[2]), indexing="ij")
    for k in range(grid.shape[0]):
        index = np.stack([np.full(rows.shape, k), rows, columns], axis=-1).reshape(-1, 3).astype(np.float64)
        places = old.to_index(back(grid.to_lps(index)))
        seen = map_coordinates(series.volume.hu, places.T, order=1, mode="constant", cval=AIR_HU, output=np.float32)
        seen = seen + rng.normal(0.0, FRESH_NOISE_HU, seen.shape) * (seen > AIR_HU + 200)
        hu[k] = np.rint(np.clip(seen, -1024, 3071)).reshape(grid.shape[1:])
    source = replace(series.source, pixel_sha256=f"moved-{seed}", series_uid=None)
    return replace(series, volume=Volume(hu=hu, grid=grid), source=source), forth
