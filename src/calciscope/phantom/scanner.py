"""The simulated scanner: sharpness in the slice, slice profile, noise with texture, body thickness along the rays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import ndtr

from calciscope.phantom.spec import Body, Kernel, PhantomSpec

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

# In-plane point spread, FWHM mm, and how far edges are enhanced (gain above 1 at middle frequencies); judgement,
# after body-soft and bone-like kernels: 50 % MTF near 0.46 and 0.75 line pairs/mm.
FWHM_MM = {Kernel.SOFT: 0.95, Kernel.SHARP: 0.68}
ENHANCEMENT = {Kernel.SOFT: 0.0, Kernel.SHARP: 0.30}
ENHANCED_AT_PER_MM = 0.22
FOCAL_FWHM_MM = 0.6  # blur along the table on top of the slice's box: focal spot and detector
NOISE_FLOOR_PER_MM = 0.012  # keeps some noise at the lowest frequencies, as apodised ramps do
THICKNESS_NOISE_PER_CM = 0.045  # growth of ln(noise SD) with water along the rays; tube current control damps it
NOISE_RANGE = (0.6, 1.6)
STREAKINESS, STREAK_RAD = 0.7, 0.25  # rays from side to side, through both legs, are the noisiest (judgement)
ANGLES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceProfile:
    """Weights of the fine slices that make one image slice, first one ``before`` fine slices ahead of its own."""

    before: int
    weights: Float64


def slice_profile(spec: PhantomSpec, factor: int) -> SliceProfile:
    """Box of the slice thickness blurred by the focal spot, integrated over each fine slice; weights sum to 1."""
    fine_mm = spec.step_mm / factor
    sigma = FOCAL_FWHM_MM / np.sqrt(8 * np.log(2))
    before = int(np.ceil((spec.slice_mm / 2 + 4 * sigma) / fine_mm))
    position = (np.arange(-before, factor + before) - (factor - 1) / 2) * fine_mm

    def below(z: Float64) -> Float64:
        def ramp(x: Float64) -> Float64:
            return np.asarray(x * ndtr(x / sigma) + sigma * np.exp(-((x / sigma) ** 2) / 2) / np.sqrt(2 * np.pi))

        return np.asarray((ramp(z + spec.slice_mm / 2) - ramp(z - spec.slice_mm / 2)) / spec.slice_mm)

    edges = np.asarray(np.append(position, position[-1] + fine_mm) - fine_mm / 2, dtype=np.float64)
    weights = np.diff(below(edges))
    return SliceProfile(before=before, weights=weights / weights.sum())


def _frequencies(spec: PhantomSpec) -> tuple[Float64, Float64, Float64]:
    _, rows, columns = spec.shape
    across = np.asarray(np.fft.rfftfreq(columns, spec.pixel_mm)[None, :], dtype=np.float64)
    down = np.asarray(np.fft.fftfreq(rows, spec.pixel_mm)[:, None], dtype=np.float64)
    return np.asarray(np.hypot(across, down), dtype=np.float64), across, down


def transfer(spec: PhantomSpec) -> Float64:
    """Modulation transfer of the kernel at the image's frequencies [row, half column]; 1 at zero frequency."""
    frequency = _frequencies(spec)[0]
    sigma = FWHM_MM[spec.kernel] / np.sqrt(8 * np.log(2))
    gain = 1 + ENHANCEMENT[spec.kernel] * (1 - np.exp(-((frequency / ENHANCED_AT_PER_MM) ** 2)))
    return np.asarray(gain * np.exp(-2 * (np.pi * sigma * frequency) ** 2))


def blur_filter(spec: PhantomSpec) -> Float64:
    """What to multiply a rendered slice's spectrum by: the transfer, without the pixel's box it already has."""
    _, across, down = _frequencies(spec)
    box = np.sinc(across * spec.pixel_mm) * np.sinc(down * spec.pixel_mm)
    return np.asarray(transfer(spec) / box)


def noise_filter(spec: PhantomSpec) -> Float64:
    """Spectrum amplitude of unit noise: filtered back-projection's ramp times the kernel's transfer."""
    frequency, across, down = _frequencies(spec)
    amplitude = np.sqrt(frequency + NOISE_FLOOR_PER_MM) * transfer(spec)
    if spec.kind in (Body.LEGS, Body.TRUNK):
        amplitude *= 1 + STREAKINESS * np.exp(-((np.arctan2(across, np.abs(down)) / STREAK_RAD) ** 2))
    amplitude[0, 0] = 0.0
    counted = np.where((across == 0) | (across == across.max()), 1.0, 2.0)  # half spectrum stands for two
    power = (counted * amplitude**2).sum() / (spec.shape[1] * spec.shape[2])
    return np.asarray(amplitude / np.sqrt(power))


def slice_overlap(profile: SliceProfile, factor: int) -> float:
    """Correlation of the noise of neighbouring slices: overlap of their profiles."""
    padded = np.concatenate([profile.weights, np.zeros(factor)])
    return float((padded[factor:] * padded[:-factor]).sum() / (padded**2).sum())


def noise_gain(water_cm: Float32, body_cm: float) -> Float32:
    """Local factor on the noise: more water along the rays, more noise."""
    factor = np.exp(THICKNESS_NOISE_PER_CM * (water_cm - body_cm))
    return np.clip(factor, *NOISE_RANGE).astype(np.float32)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def ray_water_cm(density, pixel_mm, row, column):  # type: ignore[no-untyped-def]
    """Mean water-equivalent length (cm) of the rays through (row, column) of a slice of densities (water = 1)."""
    total = 0.0
    rows, columns = density.shape
    reach = int(np.hypot(rows, columns))
    for a in range(ANGLES):
        dy, dx = np.sin(np.pi * a / ANGLES), np.cos(np.pi * a / ANGLES)
        for t in range(-reach, reach + 1):
            j, i = int(np.floor(row + t * dy + 0.5)), int(np.floor(column + t * dx + 0.5))
            if 0 <= j < rows and 0 <= i < columns:
                total += density[j, i]
    return total * pixel_mm / 10.0 / ANGLES


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def water_map_cm(density, pixel_mm, step):  # type: ignore[no-untyped-def]
    """``ray_water_cm`` on every ``step``-th row and column."""
    rows, columns = (density.shape[0] + step - 1) // step, (density.shape[1] + step - 1) // step
    out = np.empty((rows, columns), dtype=np.float32)
    for j in range(rows):
        for i in range(columns):
            out[j, i] = ray_water_cm(density, pixel_mm, float(j * step), float(i * step))
    return out
