"""Grids and volumes: where a voxel lies in the patient.

Arrays are indexed [slice, row, column]. Millimetre coordinates are DICOM patient coordinates (LPS:
x to the patient's left, y to the back, z to the head).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.errors import Refused

Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
Int16 = NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A regular, possibly sheared (gantry tilt) grid of voxel centres in patient space.

    ``shape`` is (slices, rows, columns); ``affine`` is 4 x 4 and maps (column, row, slice, 1) to LPS mm;
    ``frame_uid`` is the DICOM frame of reference, None when the file format has none.
    """

    shape: tuple[int, int, int]
    affine: Float64
    frame_uid: str | None = None

    def __post_init__(self) -> None:
        """Refuse affines that are not finite or collapse a direction."""
        if self.affine.shape != (4, 4) or not np.isfinite(self.affine).all():
            raise Refused("The image has no usable position and orientation (affine not finite).")
        if abs(np.linalg.det(self.affine[:3, :3])) < 1e-9:
            raise Refused("The image's voxels have no volume (spacing of zero or parallel axes).")

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """(slice, row, column) spacing in mm; the slice spacing is measured across the slices."""
        return _spacing_mm(self.affine.astype(np.float64, copy=False).tobytes())

    @property
    def pixel_area_mm2(self) -> float:
        """Area of one pixel in its slice."""
        return float(np.linalg.norm(np.cross(self.affine[:3, 0], self.affine[:3, 1])))

    @property
    def voxel_volume_mm3(self) -> float:
        """Volume of one voxel, |det| of the affine, right for sheared grids too."""
        return float(abs(np.linalg.det(self.affine[:3, :3])))

    @property
    def voxel_volume_ml(self) -> float:
        """Volume of one voxel in millilitres."""
        return self.voxel_volume_mm3 / 1000.0

    def to_lps(self, index: Float64) -> Float64:
        """(..., 3) fractional [slice, row, column] indices to (..., 3) LPS mm."""
        flipped = np.asarray(index, dtype=np.float64)[..., ::-1]
        return np.asarray(flipped @ self.affine[:3, :3].T + self.affine[:3, 3], dtype=np.float64)

    def to_index(self, lps_mm: Float64) -> Float64:
        """(..., 3) LPS mm to (..., 3) fractional [slice, row, column] indices."""
        inverse = np.linalg.inv(self.affine[:3, :3])
        moved = np.asarray(lps_mm, dtype=np.float64) - self.affine[:3, 3]
        return np.asarray((moved @ inverse.T)[..., ::-1], dtype=np.float64)


@lru_cache(maxsize=64)
def _spacing_mm(affine: bytes) -> tuple[float, float, float]:
    """Spacing of a grid with this affine, worked out once: it is asked for at every turn."""
    axes = np.frombuffer(affine, dtype=np.float64).reshape(4, 4)[:3, :3]
    column, row = (float(np.linalg.norm(axes[:, axis])) for axis in (0, 1))
    area_mm2 = float(np.linalg.norm(np.cross(axes[:, 0], axes[:, 1])))
    return float(abs(np.linalg.det(axes))) / area_mm2, row, column


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """CT numbers on a grid.

    ``hu``: int16 [slice, row, column], C-contiguous, Hounsfield units; voxels outside the scanner's field are -1024.
    ``field``: bool [row, column], True where the scanner reconstructed an image; None when all of it is.
    ``ceiling_hu``: the highest HU the file could store when voxels are clipped at it; None otherwise.
    """

    hu: Int16
    grid: Grid
    field: Bool | None = None
    ceiling_hu: float | None = None

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit their grid."""
        if self.hu.shape != self.grid.shape or self.hu.dtype != np.int16:
            raise Refused(f"The image holds {self.hu.shape} voxels where its header says {self.grid.shape}.")
