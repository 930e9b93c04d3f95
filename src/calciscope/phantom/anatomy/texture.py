"""Smooth random fields that make tissue look uneven: one periodic block of noise, read anywhere."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
BLOCK = 48  # samples a side; power of the field is spread over about 4 samples
CORRELATION = 1.3  # of the field, in samples (Gaussian sigma)


def noise_block(seed: int) -> Float32:
    """Periodic smooth noise, float32 [BLOCK, BLOCK, BLOCK], mean 0, standard deviation 1."""
    rng = np.random.default_rng([seed, 7])
    frequency = np.fft.fftfreq(BLOCK)
    squared = frequency[:, None, None] ** 2 + frequency[None, :, None] ** 2 + frequency[None, None, :] ** 2
    smooth = np.exp(-2 * (np.pi * CORRELATION) ** 2 * squared)
    smooth[0, 0, 0] = 0.0
    block = np.fft.ifftn(np.fft.fftn(rng.standard_normal((BLOCK, BLOCK, BLOCK))) * smooth).real
    return np.asarray(block / block.std(), dtype=np.float32)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def read_noise(block, a, b, c):  # type: ignore[no-untyped-def]
    """Value of the periodic field at sample coordinates (a, b, c), trilinear."""
    fa, fb, fc = np.floor(a), np.floor(b), np.floor(c)
    wa, wb, wc = a - fa, b - fb, c - fc
    i, j, k = int(fa) % BLOCK, int(fb) % BLOCK, int(fc) % BLOCK
    i1, j1, k1 = (i + 1) % BLOCK, (j + 1) % BLOCK, (k + 1) % BLOCK
    near = (block[i, j, k] * (1 - wc) + block[i, j, k1] * wc) * (1 - wb)
    near += (block[i, j1, k] * (1 - wc) + block[i, j1, k1] * wc) * wb
    far = (block[i1, j, k] * (1 - wc) + block[i1, j, k1] * wc) * (1 - wb)
    far += (block[i1, j1, k] * (1 - wc) + block[i1, j1, k1] * wc) * wb
    return near * (1 - wa) + far * wa
