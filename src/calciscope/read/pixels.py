"""Stored pixels of one slice to HU, straight into its place in the volume.

The bytes of a compressed slice are compared with the header before a native codec sees them: a codec never gets a
code stream of another size than the header promises.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.read.elements import UNDEFINED
from calciscope.read.header import Pixels, Slice
from calciscope.terms.geometry import Int16

# Stands for "no data" while a slice is decoded; the volume holds OUTSIDE_HU there in the end.
NO_DATA = np.int16(-32768)
OUTSIDE_HU = np.int16(-1024)
# Air is -1000 HU and noise takes it to -1200; scanners mark what they did not reconstruct with -1500 to -3024 (seen:
# -1500 in a GE-like head scan; memory: -2000 and -3024). Below this HU there is no image.
NO_IMAGE_HU = -1450.0
TISSUE_FROM_HU, TISSUE_TO_HU = -900, 4000


def hu_into(one: Slice, target: Int16) -> None:
    """Fill target [row, column] with the slice's HU, NO_DATA where nothing was reconstructed; else Unreadable."""
    pixels, raw = one.pixels, one.raw
    if raw.pixel_length == UNDEFINED:
        from calciscope.read.codecs import decode

        stored = decode(one)
    else:
        stored = _native(one, target)
    if pixels.bits_allocated <= 16 and stored.dtype.itemsize <= 2:
        table = _table(pixels, stored.dtype.itemsize)
        index = stored.view(np.uint16 if stored.dtype.itemsize == 2 else np.uint8)
        _look_up(index.ravel(), table, target.reshape(-1))
    else:
        target[:] = _to_hu(stored.astype(np.float64), pixels)


def _native(one: Slice, target: Int16) -> NDArray[np.generic]:
    """Uncompressed pixels; 16-bit ones are read into the target itself."""
    pixels, raw = one.pixels, one.raw
    size = pixels.rows * pixels.columns * pixels.bits_allocated // 8
    offset = (raw.pixel_offset or 0) + one.frame * size
    kind = np.dtype(f"u{pixels.bits_allocated // 8}").newbyteorder("<" if raw.little else ">")
    if pixels.bits_allocated == 16:
        raw.entry.fill(offset, target.reshape(-1).data.cast("B"))
        if not raw.little:
            target.byteswap(inplace=True)
        return target.view(np.uint16)
    buffer = bytearray(size)
    raw.entry.fill(offset, memoryview(buffer))
    stored = np.frombuffer(buffer, dtype=kind).reshape(pixels.rows, pixels.columns)
    return stored.astype(kind.newbyteorder("="), copy=False)


@njit(cache=True, nogil=True)
def _look_up(index, table, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    for position in range(index.size):
        out[position] = table[index[position]]


@lru_cache(maxsize=64)
def _table(pixels: Pixels, size: int) -> Int16:
    """HU of every value the stored bits can have."""
    raw = np.arange(1 << (8 * size), dtype=np.int64)
    stored = (raw >> (pixels.high_bit + 1 - pixels.bits_stored)) & ((1 << pixels.bits_stored) - 1)
    if pixels.signed:
        stored = np.where(stored >> (pixels.bits_stored - 1), stored - (1 << pixels.bits_stored), stored)
    hu = _to_hu(stored.astype(np.float64), pixels)
    if pixels.padding is not None:
        padded = _padded(stored, pixels)
        # A padding value that reads as tissue (0 in a file stored as HU) is a mistake of the writer: those are pixels.
        padded &= ~((hu > TISSUE_FROM_HU) & (hu < TISSUE_TO_HU))
        hu[padded] = NO_DATA
    hu.flags.writeable = False
    return hu


def _to_hu(stored: NDArray[np.float64], pixels: Pixels) -> Int16:
    hu = np.rint(stored * pixels.slope + pixels.intercept)
    return np.where(hu <= NO_IMAGE_HU, float(NO_DATA), np.clip(hu, -32767.0, 32767.0)).astype(np.int16)


def _padded(stored: NDArray[np.int64], pixels: Pixels) -> NDArray[np.bool_]:
    """Where a stored value is one of the padding values, written signed or unsigned."""
    low, high = sorted(pixels.padding or (0, 0))
    span = 1 << pixels.bits_allocated
    hit = (stored >= low) & (stored <= high)
    if low < 0 <= (low % span) and not pixels.signed:
        hit |= (stored >= low % span) & (stored <= high % span)
    if pixels.signed and low >= span // 2:
        hit |= (stored >= low - span) & (stored <= high - span)
    return hit
