"""The scanner's blur as small matrices along each axis: from a fine grid of occupancy to the voxels seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """Blur of a window: one matrix an axis, (voxels, voxels x fine), and how finely each axis is cut."""

    matrices: tuple[Float32, Float32, Float32]
    fine: tuple[int, int, int]

    def blur(self, occupancy: Float32) -> Float32:
        """Fine-grid occupancy to voxel values, same units."""
        return along_axes(occupancy, self.matrices)

    def back(self, voxels: Float32) -> Float32:
        """The adjoint, scaled to keep a flat field: voxel values spread over the fine cells they came from."""
        slices, rows, columns = (m.T * np.float32(f) for m, f in zip(self.matrices, self.fine, strict=True))
        return along_axes(voxels, (slices, rows, columns))


def along_axes(values: Float32, matrices: tuple[Float32, Float32, Float32]) -> Float32:
    """Apply one matrix (out, in) along each axis of a 3-D array."""
    slices, rows, columns = matrices
    across = values @ columns.T
    down = np.matmul(rows, across)
    flat = slices @ down.reshape(down.shape[0], -1)
    return np.asarray(flat.reshape(slices.shape[0], down.shape[1], down.shape[2]), dtype=np.float32)


def blur_matrix(voxels: int, fine: int, spacing_mm: float, sigma_mm: float) -> Float32:
    """(voxels, voxels x fine): Gaussian of ``sigma_mm`` over each fine cell, sampled at voxel centres.

    ``sigma_mm`` is the whole blur of the image, the voxel's own averaging included.
    """
    centres = np.arange(voxels) + 0.5
    edges = np.arange(voxels * fine + 1) / fine
    scaled = (edges[None, :] - centres[:, None]) * spacing_mm / sigma_mm
    return np.asarray(np.diff(ndtr(scaled), axis=1), dtype=np.float32)


def interpolation_matrix(voxels: int, fine: int) -> Float32:
    """(voxels x fine, voxels): cubic (Catmull-Rom) interpolation at the fine cells' centres, edges held."""
    place = (np.arange(voxels * fine) + 0.5) / fine - 0.5
    base = np.floor(place).astype(int)
    t = place - base
    weights = (
        (-t + 2 * t**2 - t**3) / 2,
        (2 - 5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2,
        (-(t**2) + t**3) / 2,
    )
    matrix = np.zeros((voxels * fine, voxels), np.float32)
    for offset, weight in enumerate(weights):
        np.add.at(matrix, (np.arange(voxels * fine), np.clip(base + offset - 1, 0, voxels - 1)), weight)
    return matrix
