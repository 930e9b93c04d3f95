"""The part of a film around a point, at the sampling that the size of what lies there asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve, gaussian_filter

from calciscope.terms.film import Point, Shades

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]
NOISE_KERNEL = np.array(
    [[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32
)  # blind to planes (Immerkaer 1996, memory)
NOISE_GAIN = 6.0  # standard deviation of white noise of one after that kernel
MAD_TO_SIGMA = 1.4826  # of a normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A window of a film, float32 [row, column], every sample the mean of ``factor`` x ``factor`` pixels."""

    values: Values
    left: int
    top: int
    factor: int

    def to_film(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Samples to pixels of the film."""
        half = (self.factor - 1) / 2
        return self.left + half + x * self.factor, self.top + half + y * self.factor

    def to_sample(self, point: Point) -> tuple[int, int]:
        """(row, column) of the sample that holds a pixel of the film."""
        rows, columns = self.values.shape
        row, column = int((point[1] - self.top) // self.factor), int((point[0] - self.left) // self.factor)
        return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


def view_around(shades: Shades, *, left: float, top: float, right: float, bottom: float, most_samples: int) -> View:
    """The window between two corners, as far as the film reaches, with at most about ``most_samples`` a side."""
    rows, columns = shades.shape
    x0, y0 = max(0, int(left)), max(0, int(top))
    x1, y1 = min(columns, int(right) + 1), min(rows, int(bottom) + 1)
    factor = max(1, -(-max(x1 - x0, y1 - y0) // most_samples))
    height, width = (y1 - y0) // factor * factor, (x1 - x0) // factor * factor
    part = shades[y0 : y0 + height, x0 : x0 + width].astype(np.float32)
    if factor > 1:
        part = part.reshape(height // factor, factor, width // factor, factor).mean(axis=(1, 3), dtype=np.float32)
    return View(values=part, left=x0, top=y0, factor=factor)


def noise_of(values: Values) -> float:
    """Standard deviation of the noise, from what a plane leaves, by the median."""
    rest = convolve(values, NOISE_KERNEL, mode="nearest")
    return float(np.median(np.abs(rest)) * MAD_TO_SIGMA / NOISE_GAIN)


def smoothed(values: Values, sigma: float) -> Values:
    """Blurred by a Gaussian of ``sigma`` samples."""
    return np.asarray(gaussian_filter(values, sigma, mode="nearest"), dtype=np.float32)


def steepness(values: Values) -> Values:
    """Length of the gradient a sample, by central differences."""
    down, across = np.gradient(values)
    return np.asarray(np.hypot(down, across), dtype=np.float32)


def slope_of_noise(values: Values, sigma: float) -> float:
    """Mean length of the gradient that white noise leaves after a blur by ``sigma``: noise / (4 sigma^2), Rayleigh's mean."""
    return noise_of(values) * math.sqrt(math.pi / 2) / (math.sqrt(8 * math.pi) * sigma**2)
