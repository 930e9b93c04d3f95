"""Exact parallel-beam line integrals of ellipses, averaged over each detector bin, and filtered back-projection."""

from __future__ import annotations

import numba
import numpy as np

from benchmarks.polyenergetic.beam import Float64
from benchmarks.polyenergetic.scene import BASIS, Ellipsoid, Scene


@numba.njit(cache=True, nogil=True)
def _add_ellipse(sinogram, amounts, x, y, a, b, turn, bin_mm):  # type: ignore[no-untyped-def]
    """Add ``amounts`` (g/ml) x chord (cm) of one ellipse (mm) to sinogram [basis, view, bin]."""
    _, views, bins = sinogram.shape
    for view in range(views):
        angle = np.pi * view / views
        centre = x * np.cos(angle) + y * np.sin(angle)
        width = np.sqrt((a * np.cos(angle - turn)) ** 2 + (b * np.sin(angle - turn)) ** 2)
        first = max(0, int(np.floor((centre - width) / bin_mm + bins / 2)))
        last = min(bins - 1, int(np.floor((centre + width) / bin_mm + bins / 2)))
        below = 0.0
        for detector in range(first, last + 1):
            edge = ((detector + 1 - bins / 2) * bin_mm - centre) / width
            edge = min(1.0, max(-1.0, edge))
            area = a * b * (edge * np.sqrt(1.0 - edge * edge) + np.arcsin(edge) + np.pi / 2)
            chord_cm = (area - below) / bin_mm / 10.0
            below = area
            for basis in range(len(amounts)):
                sinogram[basis, view, detector] += amounts[basis] * chord_cm


def sinogram(scene: Scene, z_mm: Float64, views: int, bins: int, bin_mm: float) -> Float64:
    """Areal density (g/cm2) [basis, view, bin], the mean over the planes ``z_mm`` that make up a slice."""
    total = np.zeros((len(BASIS), views, bins))
    for part in scene.bodies + scene.deposits:
        amounts = (np.array(part.composition) - np.array(part.instead_of)) / len(z_mm)
        planes = z_mm[:1] if np.isinf(part.semi[2]) else z_mm
        for plane in planes:
            a, b = part.section(float(plane))
            if a > 0:
                share = amounts * (len(z_mm) / len(planes))
                _add_ellipse(total, share, part.centre[0], part.centre[1], a, b, part.turn_rad, bin_mm)
    return total


def volume_ml(part: Ellipsoid, z_mm: Float64) -> float:
    """Volume (ml) of the stack of discs that a part is simulated as; ``z_mm`` are all planes, evenly spaced."""
    step = float(z_mm[1] - z_mm[0])
    return float(sum(np.pi * np.prod(part.section(float(plane))) for plane in z_mm)) * step / 1000.0


def filtered(projections: Float64, bin_mm: float, softness: float) -> Float64:
    """Ramp-filtered [view, bin] in 1/cm; ``softness`` 0 is the bare ramp, 1 a full Hann window."""
    bins = projections.shape[1]
    padded = 1 << int(np.ceil(np.log2(2 * bins)))
    offset = np.fft.fftfreq(padded, 1.0 / padded)
    odd = offset % 2 == 1
    ramp = np.zeros(padded)  # band-limited ramp in space: exact mean value (Kak and Slaney 1988, eq. 61)
    ramp[0] = 0.25
    ramp[odd] = -1.0 / (np.pi * offset[odd]) ** 2
    response = np.fft.rfft(ramp).real / (bin_mm / 10.0)
    frequency = np.linspace(0.0, 1.0, len(response))
    response = response * (1.0 - softness * (0.5 - 0.5 * np.cos(np.pi * frequency)))
    return np.fft.irfft(np.fft.rfft(projections, padded, axis=1) * response, padded, axis=1)[:, :bins]


@numba.njit(cache=True, nogil=True)
def back_projected(filtered_views, size, pixel_mm, bin_mm):  # type: ignore[no-untyped-def]
    """Image [row, column] of ``size`` squared pixels, centred on the axis."""
    views, bins = filtered_views.shape
    image = np.zeros((size, size))
    for view in range(views):
        angle = np.pi * view / views
        step = np.cos(angle) * pixel_mm / bin_mm
        for row in range(size):
            y = (row - (size - 1) / 2) * pixel_mm
            place = (y * np.sin(angle)) / bin_mm + (bins - 1) / 2 - (size - 1) / 2 * step
            for column in range(size):
                low = int(np.floor(place))
                if 0 <= low < bins - 1:
                    part = place - low
                    image[row, column] += (1 - part) * filtered_views[view, low] + part * filtered_views[view, low + 1]
                place += step
    return image * (np.pi / views)
