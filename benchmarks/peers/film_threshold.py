"""Peer of the films benchmark, frozen: what scikit-image offers out of the box for an area around a click, in two plain ways."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.filters import threshold_otsu
from skimage.measure import label
from skimage.segmentation import flood

HALF_PX = 60  # 12 mm around the click at 0.2 mm a pixel
TOLERANCE = 0.15  # of the film's range, a usual choice for a magic wand
SMOOTHING = 1.0


def otsu_area(shades: np.ndarray, x: float, y: float, pixel_mm: float) -> float:
    """Otsu's threshold in a window around the click, the piece that holds the click; 0 where it lies below."""
    soft = gaussian_filter(shades.astype(float), SMOOTHING)
    column, row = round(x), round(y)
    top, left = max(0, row - HALF_PX), max(0, column - HALF_PX)
    window = soft[top : row + HALF_PX + 1, left : column + HALF_PX + 1]
    parts = label(window > threshold_otsu(window))
    own = parts[row - top, column - left]
    return float((parts == own).sum()) * pixel_mm**2 if own else 0.0


def wand_area(shades: np.ndarray, x: float, y: float, pixel_mm: float) -> float:
    """Flood from the click within a tolerance of the film's range."""
    soft = gaussian_filter(shades.astype(float), SMOOTHING)
    reach = TOLERANCE * float(np.percentile(soft, 99.5) - np.percentile(soft, 0.5))
    return float(flood(soft, (round(y), round(x)), tolerance=reach).sum()) * pixel_mm**2
