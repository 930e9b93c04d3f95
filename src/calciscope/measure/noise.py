"""Standard deviation of pixel noise in soft tissue, from small patches spread over the scan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.geometry import Volume

PATCH_PIXELS = 7  # side of a patch: wide against the noise's grain (1-2 pixels), small against muscles
PATCHES_WANTED = 40_000  # enough for a stable percentile, few enough for 0.1 s
SOFT_LOW_HU, SOFT_HIGH_HU = -160.0, 140.0  # means of fat (-90) to muscle (60), with a margin for noise [memory]
QUIET_PERCENTILE = 30.0  # tissue structure only ever adds spread: the quieter patches show the noise itself
QUIET_FACTOR = 1.06  # true SD over the 30th percentile of 7 x 7 patch SDs in pure white noise [measured]
MIN_PATCHES = 20
FALLBACK_NOISE_HU = 15.0  # when no soft tissue is found at all; a usual body scan [memory]
MIN_NOISE_HU = 1.0  # a noiseless phantom still has rounding


def noise_hu(volume: Volume, body: NDArray[np.bool_] | None = None) -> float:
    """Robust noise SD (HU) of ``volume`` in soft tissue; ``body`` (same shape) limits where to look.

    In-plane patches of 7 x 7 pixels on a coarse lattice; a plane is taken out of each, so gradients do not count;
    the 30th percentile of the SDs is taken because interfaces only ever add to it.
    """
    patches = _patches(volume.hu, body)
    if patches.shape[0] < MIN_PATCHES:
        return FALLBACK_NOISE_HU
    spread = _detrended_sd(patches)
    return max(QUIET_FACTOR * float(np.percentile(spread, QUIET_PERCENTILE)), MIN_NOISE_HU)


def _patches(hu: NDArray[np.int16], body: NDArray[np.bool_] | None) -> NDArray[np.float32]:
    """(n, 7, 7) soft-tissue patches from a lattice over the scan."""
    slices, rows, columns = hu.shape
    side = PATCH_PIXELS
    if rows < side or columns < side:
        return np.empty((0, side, side), np.float32)
    lattice = (rows // side) * (columns // side)
    step = max(1, -(-slices * lattice // PATCHES_WANTED))
    kept = []
    for z in range((slices % step) // 2, slices, step):
        plane = hu[z, : rows // side * side, : columns // side * side]
        tiles = plane.reshape(rows // side, side, columns // side, side).swapaxes(1, 2).reshape(-1, side, side)
        soft = _soft(tiles)
        if body is not None:
            soft &= body[z, side // 2 :: side, side // 2 :: side][: rows // side, : columns // side].reshape(-1)
        kept.append(tiles[soft].astype(np.float32))
    return np.concatenate(kept) if kept else np.empty((0, side, side), np.float32)


def _soft(tiles: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Which tiles are soft tissue in each corner; means of corners, so that noise does not select voxels."""
    half = (PATCH_PIXELS + 1) // 2
    soft = np.ones(len(tiles), bool)
    for rows in (slice(0, half), slice(-half, None)):
        for columns in (slice(0, half), slice(-half, None)):
            mean = tiles[:, rows, columns].mean(axis=(1, 2))
            soft &= (mean > SOFT_LOW_HU) & (mean < SOFT_HIGH_HU)
    return soft


def _detrended_sd(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    """SD of each patch about its best plane."""
    side = patches.shape[1]
    ramp = np.arange(side, dtype=np.float32) - (side - 1) / 2
    weight = float((ramp**2).sum() * side)
    mean = patches.mean(axis=(1, 2))
    slope_row = np.einsum("nij,i->n", patches, ramp) / weight
    slope_column = np.einsum("nij,j->n", patches, ramp) / weight
    total = (patches**2).sum(axis=(1, 2)) - side**2 * mean**2 - weight * (slope_row**2 + slope_column**2)
    return np.asarray(np.sqrt(np.maximum(total, 0) / (side**2 - 3)), dtype=np.float32)
