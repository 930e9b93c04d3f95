"""How much the scanner blurs: in the slice from the skin's edge against air, across slices from their thickness."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.geometry import Volume
from calciscope.terms.series import Acquisition

AIR_HU, AIR_BELOW_HU = -1000.0, -850.0  # outside a body
INSIDE_ABOVE_HU, INSIDE_BELOW_HU = -250.0, 200.0  # skin, fat, muscle just inside the edge
HALF_PROFILE = 6  # pixels each side of the edge
SLICES_LOOKED_AT = 12
MIN_PROFILES = 200
SHARP_PERCENTILE = 20.0  # hair, cloth, cushions and oblique skin only ever widen the edge
VOXEL_SIGMA = 0.29  # of a box one voxel wide: 1 / sqrt(12)
SIGMA_FLOOR_PIXELS = 0.55  # a voxel's own averaging is 0.29, sharp kernels add as much; narrower edges ring [judgement]
SIGMA_CEILING_MM, SIGMA_CEILING_PIXELS = (
    0.75,
    0.7,
)  # soft kernels, FWHM 1.8 mm; wider edges are mostly cloth [judgement]
FALLBACK_SIGMA_MM = 0.65  # soft body kernel, FWHM 1.5 mm [memory]
FOCUS_SIGMA_MM = 0.5  # across slices, of the focal spot and detector row: FWHM 1.2 mm [seen: imaging.md 1.5]
THICKNESS_TO_SIGMA = 0.33  # a slice averages over its thickness: 0.29 for a box, 0.42 for a Gaussian of that FWHM


@dataclass(frozen=True, slots=True, kw_only=True)
class Blur:
    """Standard deviations (mm) of the image's blur across slices and in the slice, voxel averaging included."""

    slice_mm: float
    plane_mm: float

    @property
    def sigma_mm(self) -> tuple[float, float, float]:
        """(slice, row, column) sigma."""
        return self.slice_mm, self.plane_mm, self.plane_mm


def estimate_blur(volume: Volume, acquisition: Acquisition) -> Blur:
    """Blur of ``volume``: a first value, which the deposits' own edges may refine."""
    spacing = volume.grid.spacing_mm
    widths = _edge_sigmas(volume.hu, math.sqrt(spacing[1] * spacing[2]))
    plane = FALLBACK_SIGMA_MM if widths.size < MIN_PROFILES else float(np.percentile(widths, SHARP_PERCENTILE))
    plane = min(plane, max(SIGMA_CEILING_MM, SIGMA_CEILING_PIXELS * spacing[2]))
    plane = max(plane, SIGMA_FLOOR_PIXELS * spacing[2])
    across = math.hypot(FOCUS_SIGMA_MM, THICKNESS_TO_SIGMA * (acquisition.slice_thickness_mm or spacing[0]))
    return Blur(slice_mm=max(across, VOXEL_SIGMA * spacing[0]), plane_mm=plane)


def _edge_sigmas(hu: NDArray[np.int16], pixel_mm: float) -> NDArray[np.float64]:
    """Sigma (mm) of many air-to-skin edges met head on along rows.

    For an edge p(x) = Phi(x / sigma), the integral of p (1 - p) is sigma / sqrt(pi): no fit, works below a pixel.
    """
    found = []
    for z in np.unique(np.linspace(0, hu.shape[0] - 1, SLICES_LOOKED_AT).astype(int)):
        for plane in (hu[z], hu[z].T, hu[z, :, ::-1], hu[z].T[:, ::-1]):
            found.append(_entering_edges(plane.astype(np.float32)))
    return np.concatenate(found).astype(np.float64) * pixel_mm


def _entering_edges(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sigma in pixels of edges from air (left) to tissue (right) whose normal lies along the rows."""
    rows, columns = plane.shape
    if columns <= 2 * HALF_PROFILE + 2 or rows < 5:
        return np.empty(0, np.float32)
    middle = 0.5 * (AIR_HU - 60.0)
    crossing = (plane[:, HALF_PROFILE:-HALF_PROFILE] > middle) & (
        plane[:, HALF_PROFILE - 1 : -HALF_PROFILE - 1] <= middle
    )
    crossing[:2] = crossing[-2:] = False
    y, x = np.nonzero(crossing)
    x = x + HALF_PROFILE
    profile = plane[y[:, None], x[:, None] + np.arange(-HALF_PROFILE, HALF_PROFILE)[None, :]]
    inside, outside = profile[:, -4:].mean(axis=1), profile[:, : HALF_PROFILE - 3]
    place = _edge_place(plane, y, x, middle)
    slope = (_edge_place(plane, y + 2, x, middle) - _edge_place(plane, y - 2, x, middle)) / 4.0
    good = (outside.max(axis=1) < AIR_BELOW_HU) & (inside > INSIDE_ABOVE_HU) & (inside < INSIDE_BELOW_HU)
    good &= (np.abs(slope) < 0.4) & np.isfinite(place)
    near = profile[good][:, : HALF_PROFILE + 4]
    top = near.argmax(axis=1)  # skin is denser than the fat beneath: the edge ends where skin is reached
    share = (near - AIR_HU) / (near.max(axis=1) - AIR_HU)[:, None]
    share = np.where(np.arange(near.shape[1])[None, :] >= top[:, None], 1.0, np.clip(share, 0.0, 1.0))
    lean = np.sqrt(1.0 + slope[good] ** 2)
    return np.asarray(np.sqrt(np.pi) * (share * (1.0 - share)).sum(axis=1) / lean, dtype=np.float32)


def _edge_place(
    plane: NDArray[np.float32], y: NDArray[np.intp], x: NDArray[np.intp], middle: float
) -> NDArray[np.float64]:
    """Sub-pixel column where each row's profile crosses ``middle`` within 3 pixels of ``x``; NaN if it does not."""
    window = plane[y[:, None], np.clip(x[:, None] + np.arange(-4, 4)[None, :], 0, plane.shape[1] - 1)]
    rising = (window[:, 1:] > middle) & (window[:, :-1] <= middle)
    first = rising.argmax(axis=1)
    index = np.arange(len(y))
    low, high = window[index, first], window[index, first + 1]
    part = (middle - low) / np.where(high > low, high - low, 1.0)
    return np.where(rising.any(axis=1), x - 4 + first + part, np.nan)
