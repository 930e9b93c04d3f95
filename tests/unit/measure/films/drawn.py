"""Films of one deposit whose outline is known: an ellipse of any roundness on tissue, with blur, noise and a bone edge."""

from __future__ import annotations

import math

import numpy as np
from scipy.ndimage import gaussian_filter

FINE = 3  # samples a pixel and side before blur
TISSUE, CONTRAST = 20_000.0, 4000.0


def drawn(
    radius: float,
    *,
    roundness: float = 0.5,
    blur: float = 1.2,
    noise: float = 150.0,
    slope: float = 4.0,
    bone: float = 0.0,
    stretch: float = 1.0,
    seed: int = 0,
    size: int = 360,
) -> tuple[np.ndarray, tuple[float, float], float]:
    """Shades uint16, the middle (x, y), and the true area in square pixels."""
    places = (np.arange(size * FINE) + 0.5) / FINE - 0.5
    x, y = places[None, :], places[:, None]
    middle = (size / 2 + 0.3, size / 2 - 7.6)
    inward = 1 - ((x - middle[0]) / stretch / radius) ** 2 - ((y - middle[1]) / radius) ** 2
    thickness = np.where(inward > 0, np.maximum(inward, 1e-9) ** roundness, 0.0)
    shade = TISSUE + slope * x + CONTRAST * thickness + bone * (x > middle[0] + 0.3 * radius)
    pixels = shade.reshape(size, FINE, size, FINE).mean(axis=(1, 3))
    rng = np.random.default_rng(seed)
    film = gaussian_filter(pixels, blur) + rng.normal(0, noise, pixels.shape)
    return np.clip(film, 0, 65_535).astype(np.uint16), middle, math.pi * radius**2 * stretch
