"""A reader's own parts of a scan: a deposit split at clicked points, and a missed one grown from a seed.

Both are the same voxels for the same clicks, so that nothing but the clicks has to be kept of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cc3d
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.segmentation import watershed

from calciscope.measure.segment.core import HALF
from calciscope.measure.segment.dense import smoothing_weights
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Bool, Float64
from calciscope.terms.tissue import Tissue
from calciscope.terms.whole_scan import Crop

NEAR_MM = 6.0
"""A click so near to a deposit means it: a fingertip on a screen at common magnification (judgement)."""
SEED_REACH_MM = 2.5
"""The brightest voxel within this distance of a seed is what was meant, mm."""
LEAST_SIGMAS = 5.0
"""What stands out of the tissue around by fewer standard deviations of the noise is no deposit that can be weighed (judgement)."""
LARGEST_GROWN_ML = 100.0
"""No missed deposit is larger; what grows beyond has run out into bone or table (judgement)."""
AROUND_MM = 12.0
"""Soft tissue within this distance of a seed gives its background, mm."""

VALLEY_SIGMAS = 3.0
VALLEY_SHARE = 0.08
"""Density between two peaks falls by so many standard deviations of noise, and by so much of the peak, where they are two (judgement)."""

Place = tuple[int, int, int]


def split(crop: Crop, own: Bool, seeds_lps_mm: Sequence[Sequence[float]], noise_hu: float) -> list[Bool]:
    """Part ``own`` (bool, of the crop) among the seeds.

    Where each seed has a peak of density of its own, with a valley between that is deeper than noise, the parts meet in
    the valley (watershed); else every voxel goes to its nearest seed. Refused where a seed lies off the deposit, or two
    lie on one place.
    """
    places = _seated(crop, own, seeds_lps_mm)
    image = _smoothed(crop)
    peaks = [_climbed(image, own, place) for place in places]
    if len(set(peaks)) == len(peaks):
        markers = np.zeros(own.shape, np.int32)
        for number, peak in enumerate(peaks, start=1):
            markers[peak] = number
        basins = watershed(-image, markers=markers, mask=own, connectivity=np.ones((3, 3, 3), bool))
        if (basins > 0).sum() == own.sum() and _parted_by_valleys(image, basins, peaks, noise_hu):
            return [np.asarray(basins == number, dtype=np.bool_) for number in range(1, len(peaks) + 1)]
    return _nearest(crop, own, places)


def _seated(crop: Crop, own: Bool, seeds_lps_mm: Sequence[Sequence[float]]) -> list[Place]:
    """The voxel of the deposit that each seed means."""
    index, spacing = np.argwhere(own), np.array(crop.grid.spacing_mm)
    found: list[Place] = []
    for number, seed in enumerate(seeds_lps_mm, start=1):
        at = crop.grid.to_index(np.asarray(seed, dtype=np.float64))
        away = np.linalg.norm((index - at) * spacing, axis=1)
        nearest = int(away.argmin())
        if away[nearest] > NEAR_MM:
            raise Refused(f"Point {number} lies {away[nearest]:.0f} mm off this deposit; click on the deposit itself.")
        z, y, x = (int(n) for n in index[nearest])
        if (z, y, x) in found:
            twin = found.index((z, y, x)) + 1
            raise Refused(f"Points {twin} and {number} lie on one place; click on the middle of each part.")
        found.append((z, y, x))
    return found


def _climbed(image: NDArray[np.float32], own: Bool, place: Place) -> Place:
    """The peak that is reached from a voxel by always stepping to the densest neighbour within the deposit."""
    while True:
        box = tuple(slice(max(0, at - 1), at + 2) for at in place)
        around = np.where(own[box], image[box], -np.inf)
        step = np.unravel_index(int(around.argmax()), around.shape)
        z, y, x = (int(part.start + by) for part, by in zip(box, step, strict=True))
        if image[z, y, x] <= image[place]:
            return place
        place = (z, y, x)


def _parted_by_valleys(
    image: NDArray[np.float32], basins: NDArray[np.int32], peaks: list[Place], noise_hu: float
) -> bool:
    """Whether every two basins that touch are parted by a valley that noise does not make."""
    deep_hu = max(VALLEY_SIGMAS * noise_hu, VALLEY_SHARE * max(float(image[peak]) for peak in peaks))
    for axis in range(3):
        first, second = (basins.take(range(a, basins.shape[axis] - 1 + a), axis) for a in (0, 1))
        lower = np.minimum(*(image.take(range(a, image.shape[axis] - 1 + a), axis) for a in (0, 1)))
        meets = (first > 0) & (second > 0) & (first != second)
        for one, other in {(int(a), int(b)) for a, b in zip(first[meets], second[meets], strict=True)}:
            saddle = float(lower[meets & (first == one) & (second == other)].max())
            if saddle > min(float(image[peaks[one - 1]]), float(image[peaks[other - 1]])) - deep_hu:
                return False
    return True


def _nearest(crop: Crop, own: Bool, places: list[Place]) -> list[Bool]:
    """Every voxel to its nearest seed; the first of two that are as near."""
    index, spacing = np.argwhere(own), np.array(crop.grid.spacing_mm)
    away = np.stack([np.linalg.norm((index - np.array(place)) * spacing, axis=1) for place in places])
    mine = away.argmin(axis=0)
    parts = []
    for number in range(len(places)):
        part = np.zeros(own.shape, bool)
        part[tuple(index[mine == number].T)] = True
        parts.append(part)
    return parts


def grow(crop: Crop, seed_lps_mm: Sequence[float], noise_hu: float) -> Bool:
    """What is denser than half of the contrast at the seed and hangs together with it, as cores are found.

    Refused in one sentence where nothing stands out, where a deposit lies already, or where it runs on without end.
    """
    at = crop.grid.to_index(np.asarray(seed_lps_mm, dtype=np.float64))
    if (at < -0.5).any() or (at > np.array(crop.hu.shape) - 0.5).any():
        raise Refused("This point lies outside the scan; click within the body.")
    away = _distance_mm(crop, at)
    bone = crop.tissue == int(Tissue.BONE)
    image = _smoothed(crop)
    near = (away <= SEED_REACH_MM) & ~bone
    if not near.any():
        raise Refused("This point lies in bone; a deposit that is one with bone cannot be told from it here.")
    taken = np.unique(crop.labels[near & (crop.labels > 0)])
    if taken.size:
        raise Refused(f"Number {int(taken[0])} lies here already; relabel or accept that one.")
    peak = tuple(np.argwhere(near)[image[near].argmax()])
    soft = (away <= AROUND_MM) & np.isin(crop.tissue, (int(Tissue.FAT), int(Tissue.MUSCLE))) & (crop.labels == 0)
    background = float(np.median(image[soft])) if soft.any() else 0.0
    contrast = float(image[peak]) - background
    if contrast < LEAST_SIGMAS * noise_hu:
        raise Refused("Nothing here is clearly denser than the tissue around it; no mass can be given.")
    return _hanging_together(crop, image >= background + HALF * contrast, bone, peak)


def label_of(kind: Kind) -> str:
    """The sentence that says why a part has its kind."""
    return f"Drawn by a reader; {kind.value.replace('_', ' ')} by the reader's word."


def _hanging_together(crop: Crop, dense: Bool, bone: Bool, peak: tuple[int, ...]) -> Bool:
    free = dense & ~bone & (crop.labels == 0)
    found = cc3d.connected_components(free, connectivity=26)
    own = np.asarray(found == found[peak], dtype=np.bool_)
    inner = ndimage.binary_erosion(np.ones(own.shape, bool))
    size_ml = float(own.sum()) * crop.grid.voxel_volume_ml
    if size_ml > LARGEST_GROWN_ML or (own & ~inner).any():
        raise Refused("What is dense here runs on too far to be one deposit; it cannot be told from what it touches.")
    return own


def _distance_mm(crop: Crop, at: Float64) -> Float64:
    """Distance of every voxel of the crop from a fractional index, mm."""
    axes = [
        (np.arange(size) - centre) * step
        for size, centre, step in zip(crop.hu.shape, at, crop.grid.spacing_mm, strict=True)
    ]
    return np.asarray(np.sqrt(sum(part**2 for part in np.meshgrid(*axes, indexing="ij", sparse=True))), np.float64)


def _smoothed(crop: Crop) -> NDArray[np.float32]:
    """CT numbers smoothed as little as cores are."""
    image = crop.hu.astype(np.float32)
    for axis, weight in enumerate(smoothing_weights(crop.grid.spacing_mm)):
        if weight > 0:
            image = ndimage.convolve1d(image, [weight, 1 - 2 * weight, weight], axis=axis, mode="nearest")
    return image
