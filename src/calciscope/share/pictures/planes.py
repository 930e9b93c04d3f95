"""Picture planes in the patient: which array axes they show, and how a picture's pixels lie on them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.geometry import Float64, Grid

_LEFT, _BACK, _HEAD = 0, 1, 2
FINEST_PER_SPACING = 8.0  # a picture finer than this only stores blur


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """A view: unit vectors (LPS) of the picture's right and down, and the letters at its four sides."""

    name: str
    right: tuple[float, float, float]
    down: tuple[float, float, float]
    through: int  # patient axis looked along
    letters: tuple[str, str, str, str]  # left, right, top, bottom


CORONAL = Plane(name="coronal", right=(1, 0, 0), down=(0, 0, -1), through=_BACK, letters=("R", "L", "H", "F"))
SAGITTAL = Plane(name="sagittal", right=(0, 1, 0), down=(0, 0, -1), through=_LEFT, letters=("A", "P", "H", "F"))
AXIAL = Plane(name="axial", right=(1, 0, 0), down=(0, 1, 0), through=_HEAD, letters=("R", "L", "A", "P"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A picture's pixel raster: its first pixel's centre (mm along right and down), pixel size, and size."""

    start_mm: tuple[float, float]
    pixel_mm: float
    width: int
    height: int

    def fraction(self, right_mm: float, down_mm: float) -> tuple[float, float]:
        """Where a point lies in the picture, 0..1 from the left and from the top."""
        across = (right_mm - self.start_mm[0]) / self.pixel_mm + 0.5
        along = (down_mm - self.start_mm[1]) / self.pixel_mm + 0.5
        return across / self.width, along / self.height


def array_axes(grid: Grid) -> tuple[int, int, int]:
    """Array axis (0 slice, 1 row, 2 column) that runs most nearly along each patient axis (left, back, head)."""
    steps = grid.affine[:3, :3][:, ::-1]  # LPS rows, columns in array order slice, row, column
    along = np.abs(steps / np.linalg.norm(steps, axis=0))
    best = max(permutations(range(3)), key=lambda order: sum(along[patient, order[patient]] for patient in range(3)))
    return best[0], best[1], best[2]


def on_plane(plane: Plane, point_mm: Float64) -> Float64:
    """(..., 3) LPS mm to (..., 2) mm along the picture's right and down."""
    return np.asarray(point_mm @ np.array([plane.right, plane.down], dtype=np.float64).T, dtype=np.float64)


def covering_frame(plane: Plane, points_mm: Float64, *, finest_mm: float, longest_pixels: int) -> Frame:
    """The frame that holds all of ``points_mm`` (N, 3; LPS), at most ``longest_pixels`` long and pixels >= ``finest_mm``."""
    flat = on_plane(plane, points_mm)
    low, high = flat.min(axis=0), flat.max(axis=0)
    extent = np.maximum(high - low, 1e-3)
    pixel_mm = max(float(extent.max()) / longest_pixels, finest_mm)
    width, height = (max(1, int(np.ceil(size / pixel_mm - 1e-6))) for size in extent)
    start = low + pixel_mm / 2.0
    return Frame(start_mm=(float(start[0]), float(start[1])), pixel_mm=pixel_mm, width=width, height=height)


def corners_mm(grid: Grid, first: NDArray[np.int64] | None = None, last: NDArray[np.int64] | None = None) -> Float64:
    """The eight outer corners (8, 3; LPS mm) of the voxels ``first`` to ``last`` (array indices, both inside), by default all."""
    low = np.zeros(3) if first is None else np.asarray(first)
    high = np.array(grid.shape) - 1 if last is None else np.asarray(last)
    ends = zip(low - 0.5, high + 0.5, strict=True)
    return grid.to_lps(np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 3))


def sampling(plane: Plane, grid: Grid, frame: Frame, depth_index: float) -> tuple[int, int, tuple[float, ...]]:
    """How to draw a 2-D array image into ``frame``: its two array axes and Pillow's six affine numbers.

    The image is the array looked through, [vertical axis, horizontal axis] in array order; ``depth_index`` is where
    along the axis looked through it lies (the middle, for a projection), which matters on sheared grids.
    """
    axes = array_axes(grid)
    depth_axis = axes[plane.through]
    vertical, horizontal = (axis for axis in range(3) if axis != depth_axis)
    basis = on_plane(plane, np.array([grid.affine[:3, 2 - horizontal], grid.affine[:3, 2 - vertical]])).T
    origin_index = np.zeros(3)
    origin_index[depth_axis] = depth_index
    origin = on_plane(plane, grid.to_lps(origin_index))
    inverse = np.linalg.inv(basis) * frame.pixel_mm
    start = np.linalg.inv(basis) @ (np.array(frame.start_mm) - origin)
    # Pillow maps (x + 0.5, y + 0.5) of the output to input coordinates whose pixel centres lie at + 0.5
    shift = start + 0.5 - inverse @ np.array([0.5, 0.5])
    return vertical, horizontal, (*inverse[0], shift[0], *inverse[1], shift[1])
