"""Peer of the films benchmark, frozen: an area around a click as scikit-image gives it, by Otsu and by half of the maximum."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.filters import threshold_otsu
from skimage.measure import label
from skimage.segmentation import flood

HALF_PX = 60  # 12 mm around the click at 0.2 mm a pixel
HALF = 0.5  # of the difference between the click and its surroundings: half of the maximum
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
    """Flood from the click down to half of what it stands above the median of the window around it; 0 where it does not."""
    soft = gaussian_filter(shades.astype(float), SMOOTHING)
    column, row = round(x), round(y)
    window = soft[max(0, row - HALF_PX) : row + HALF_PX + 1, max(0, column - HALF_PX) : column + HALF_PX + 1]
    above = float(soft[row, column] - np.median(window))
    if above <= 0:
        return 0.0
    higher = np.minimum(soft, soft[row, column])
    return float(flood(higher, (row, column), tolerance=HALF * above).sum()) * pixel_mm**2
