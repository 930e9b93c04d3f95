"""The in-plane blur of a real scan, from the steepness of its skin-to-air edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

# A Gaussian edge's steepest slope is step / (sd sqrt(2 pi)).
SLOPE_TO_SD = 1 / np.sqrt(2 * np.pi)
FWHM_PER_SD = 2.3548
# Soft PET-CT kernels lie here (plausible range given for such kernels); an estimate outside it is an artefact of
# clothes or slanted skin, so it is held inside.
PLAUSIBLE_FWHM_MM = (1.0, 1.6)
# Slanted or covered skin only widens an edge, so a low percentile of the widths is nearest the truth.
EDGE_PERCENTILE = 20


def edge_widths_mm(hu: NDArray[np.int16], pixel_mm: float) -> NDArray[np.float64]:
    """FWHM of clean air-to-skin edges: steepest slope along the edge's normal, in every third slice."""
    offsets = np.arange(-6.0, 6.01, 0.25) / pixel_mm
    widths = []
    for plane in hu[1:-1:3].astype(np.float32):
        smooth = gaussian_filter(plane, 2.0)
        gradient = np.stack(np.gradient(smooth))
        size = np.hypot(*gradient)
        rows, columns = np.nonzero((np.abs(smooth + 480) < 60) & (size > 60))
        inner = (rows > 10) & (rows < plane.shape[0] - 11) & (columns > 10) & (columns < plane.shape[1] - 11)
        for row, column in list(zip(rows[inner], columns[inner], strict=True))[::7]:
            normal = gradient[:, row, column] / size[row, column]
            path = np.stack([row + offsets * normal[0], column + offsets * normal[1]])
            profile = map_coordinates(plane, path, order=1)
            low, high = profile[:8].mean(), profile[-14:].mean()
            if low > -970 or not -160 < high < 120 or profile[:8].max() > -930:
                continue
            slope = np.diff(profile).max() / 0.25
            widths.append((high - low) / slope * SLOPE_TO_SD * FWHM_PER_SD)
    return np.asarray(widths, dtype=np.float64)


def in_plane_fwhm_mm(hu: NDArray[np.int16], pixel_mm: float) -> float:
    """In-plane FWHM (mm) of the scan, held within the plausible range; its middle when there are too few edges."""
    widths = edge_widths_mm(hu, pixel_mm)
    if len(widths) < 50:
        return float(np.mean(PLAUSIBLE_FWHM_MM))
    return float(np.clip(np.percentile(widths, EDGE_PERCENTILE), *PLAUSIBLE_FWHM_MM))
