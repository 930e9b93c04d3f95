"""Is a small candidate more than noise? Its own shape, laid elsewhere, tells how far noise and tissue would lift it.

Two tests, both must hold. *Body*: the candidate with its blurred rim, which noise did not choose, stands out of the
tissue around it by more than the noise of a mean over that shape. *Context*: the candidate is brighter than the same
shape laid where the surroundings are alike (along the same skin, strand or muscle edge). Along a border of fat and muscle
those places differ widely, though none is bright; there it will do that the candidate is far *beyond* the brightest place
of its shape anywhere near.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

LARGEST_TESTED_ML = 2.0
"""Candidates above this are beyond any doubt of noise, ml [judgement]."""
REACH_MM = 16.0
"""How far around the shape is laid, mm: near enough to share the streaks [judgement]."""
SLICE_APART_MM = 3.0
"""Slices this far apart have independent noise, mm: beyond the usual slice profile [judgement]."""
BODY_SIGMAS = 5.0
"""Sigmas wanted of the candidate with its rim: the best of some 10^5 places in a limb reaches 4.4 by chance [derived
from the normal distribution]."""
CONTEXT_SIGMAS = 6.0
"""Sigmas wanted over alike places; the core was chosen on its noise, hence more than 4.4 [judgement]."""
BEYOND_SIGMAS = 13.0
"""Sigmas of the shape's noise wanted above the brightest place near. Streaks are found by following their brightest
voxels, so their means rise far above their own noise (measured: to 12.7 in hips at low dose; sheets on fascia of 0.05 ml
and more: 10 to 160)."""
LEAN_HU = 60.0
"""Plain muscle: no tissue near need be as bright for a candidate to be compared with it, HU."""
ALIKE_HU = 35.0
"""Surroundings whose means differ by less are alike, HU: a quarter of the step from fat to muscle [judgement]."""
SMALLEST_SAMPLE = 12
MOST_VOXELS = 300
"""Voxels of a shape that are looked at; of larger ones an even choice."""
AROUND_IN_SLICE = np.ones((1, 3, 3), bool)

Float = NDArray[np.float32]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a candidate stands out, in standard deviations; NaN where there was too little tissue to tell."""

    body_sigmas: float
    context_sigmas: float
    beyond_sigmas: float

    @property
    def beyond(self) -> bool:
        """Far brighter than any place near."""
        return self.beyond_sigmas >= BEYOND_SIGMAS

    @property
    def real(self) -> bool:
        """True unless a test that could be made failed."""
        return not (self.body_sigmas < BODY_SIGMAS or (self.context_sigmas < CONTEXT_SIGMAS and not self.beyond))


def standing(hu: NDArray[np.int16], core: Bool, usable: Bool, spacing_mm: tuple[float, float, float]) -> Standing:
    """Test one candidate; crops reach at least REACH_MM beyond it, ``usable`` is tissue without dense voxels."""
    image = hu.astype(np.float32)
    grown = ndimage.binary_dilation(core, ndimage.generate_binary_structure(3, 1))
    ring = ndimage.binary_dilation(grown, AROUND_IN_SLICE, iterations=3) & ~ndimage.binary_dilation(
        grown, AROUND_IN_SLICE
    )
    noise_body, noise_core = (_shape_noise(image, shape, usable, spacing_mm) for shape in (grown, core))
    surround = _surround(image, ndimage.binary_dilation(grown), usable, spacing_mm)
    body = float((image - surround)[grown].mean()) / noise_body
    lattice = _lattice(spacing_mm)
    inside = _laid(image, usable, np.argwhere(core), lattice)
    own = float(image[core].mean())
    around = _laid(image, usable, np.argwhere(ring), lattice, share=0.6)
    rim = image[ring & usable]
    alike = inside[np.abs(around - (rim.mean() if rim.size else np.nan)) < ALIKE_HU]
    return Standing(
        body_sigmas=body,
        context_sigmas=_context(own, alike, noise_core),
        beyond_sigmas=_beyond(own, inside, noise_core),
    )


def _surround(image: Float, hole: Bool, usable: Bool, spacing_mm: tuple[float, float, float]) -> Float:
    """Tissue around carried into the hole by a normalised blur (sigma 3 mm in the slice, half a slice across)."""
    known = usable & ~hole
    sigma = (0.5, 3.0 / spacing_mm[1], 3.0 / spacing_mm[2])
    weight = ndimage.gaussian_filter(known.astype(np.float32), sigma, truncate=4.0)
    total = ndimage.gaussian_filter(np.where(known, image, 0.0), sigma, truncate=4.0)
    return np.asarray(total / np.maximum(weight, 1e-5), dtype=np.float32)


def _shape_noise(image: Float, shape: Bool, usable: Bool, spacing_mm: tuple[float, float, float]) -> float:
    """SD (HU) of the mean over ``shape`` laid around it, from differences between slices (anatomy drops out)."""
    apart = max(1, round(SLICE_APART_MM / spacing_mm[0]))
    if image.shape[0] < 2 * apart + 1:
        return float("nan")
    middle = 0.5 * (image[: -2 * apart] + image[2 * apart :])
    difference = np.asarray((image[apart:-apart] - middle) / np.float32(np.sqrt(1.5)), dtype=np.float32)
    free = usable[apart:-apart] & usable[: -2 * apart] & usable[2 * apart :]
    means = _laid(difference, free, np.argwhere(shape) - np.array([apart, 0, 0]), _lattice(spacing_mm))
    known = means[np.isfinite(means)]
    return max(1.4826 * float(np.median(np.abs(known))), 0.5) if len(known) >= SMALLEST_SAMPLE else float("nan")


def _context(own_hu: float, alike_hu: NDArray[np.float64], noise_hu: float) -> float:
    """Sigmas of the core's mean above its shape's means at alike places (NaN among these: not free)."""
    sample = alike_hu[np.isfinite(alike_hu)]
    if len(sample) < SMALLEST_SAMPLE:
        return float("nan")
    middle = float(np.median(sample))
    spread = 1.4826 * float(np.median(np.abs(sample - middle)))
    scale = max(spread, noise_hu if np.isfinite(noise_hu) else spread, 0.5)
    return (own_hu - middle) / scale


def _beyond(own_hu: float, inside_hu: NDArray[np.float64], noise_hu: float) -> float:
    """Sigmas of the shape's noise by which the core's mean exceeds muscle and the brightest place of its shape near."""
    sample = inside_hu[np.isfinite(inside_hu)]
    if len(sample) < SMALLEST_SAMPLE or not np.isfinite(noise_hu):
        return float("nan")
    return (own_hu - max(float(sample.max()), LEAN_HU)) / noise_hu


def _lattice(spacing_mm: tuple[float, float, float]) -> NDArray[np.intp]:
    """(n, 3) offsets about 2 mm apart within REACH_MM in the slice and half of it across."""
    reach = [int(REACH_MM / 2 / spacing_mm[0]), int(REACH_MM / spacing_mm[1]), int(REACH_MM / spacing_mm[2])]
    step = [max(1, round(2.0 / s)) for s in spacing_mm]
    axes = [np.arange(-(r // st) * st, r + 1, st) for r, st in zip(reach, step, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)


def _laid(
    image: Float, free: Bool, index: NDArray[np.intp], offsets: NDArray[np.intp], share: float = 0.9
) -> NDArray[np.float64]:
    """Mean of ``image`` over the shape at every offset; NaN where less than ``share`` of it lies on free voxels."""
    if len(index) > MOST_VOXELS:
        index = index[:: len(index) // MOST_VOXELS + 1]
    out = np.empty(len(offsets), dtype=np.float64)
    _lay(image, free, np.ascontiguousarray(index), offsets, share * len(index), out)
    return out


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _lay(image, free, index, offsets, least, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Sum the shape's free voxels at each offset, voxel after voxel."""
    nz, ny, nx = image.shape
    for n in range(offsets.shape[0]):
        total = 0.0
        count = 0
        for m in range(index.shape[0]):
            k, j, i = index[m, 0] + offsets[n, 0], index[m, 1] + offsets[n, 1], index[m, 2] + offsets[n, 2]
            if 0 <= k < nz and 0 <= j < ny and 0 <= i < nx and free[k, j, i]:
                total += image[k, j, i]
                count += 1
        out[n] = total / count if count > 0 and count >= least else np.nan
