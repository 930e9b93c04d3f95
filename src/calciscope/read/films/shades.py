"""Stored pixels of a radiograph or an ultrasound image to shades that rise with density or echo.

Modality LUT, then for a radiograph "for processing" whose values are linear in X-rays their logarithm, then the sign: PS3.3
sections C.11.1 and C.8.11.3 (memory). A VOI LUT only says what a screen shows; measuring goes past it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calciscope.read.elements import UNDEFINED, RawHeader
from calciscope.read.foreign import Unreadable, parsing
from calciscope.read.header import Pixels
from calciscope.terms.film import FULL_SHADE, Shades

Values = NDArray[np.float32]
# Luminance of red, green and blue (ITU-R BT.601).
LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
SHOWN_FROM, SHOWN_TO = (
    1.0,
    99.7,
)  # percentiles between which an image is shown where its header names no window (judgement)
FLAT_SHADES, MUCH_FLAT, MOST_FLAT = 256, 0.05, 0.8  # of 65,535 from an end; shares of the image (judgement)
FEW_VALUES = 4  # an image of fewer shades shows nothing


def stored_values(raw: RawHeader, pixels: Pixels, *, samples: int, planar: bool, frame: int) -> NDArray[Any]:
    """Stored values of one frame, [row, column] or [row, column, 3]; Unreadable where they are damaged."""
    shape = (pixels.rows, pixels.columns) if samples == 1 else (pixels.rows, pixels.columns, samples)
    if raw.pixel_length == UNDEFINED:
        from calciscope.read.codecs import decode_frame

        return _as_stored(decode_frame(raw, pixels, frame, samples=samples), pixels).reshape(shape)
    if pixels.photometric == "YBR_FULL_422":
        return _subsampled(raw, pixels, frame)
    kind = np.dtype(f"u{pixels.bits_allocated // 8}").newbyteorder("<" if raw.little else ">")
    flat = np.frombuffer(_bytes(raw, frame, int(np.prod(shape)) * kind.itemsize), dtype=kind)
    stored = _as_stored(flat.astype(kind.newbyteorder("="), copy=False), pixels)
    if samples > 1 and planar:
        return np.moveaxis(stored.reshape(samples, pixels.rows, pixels.columns), 0, 2)
    return stored.reshape(shape)


def _bytes(raw: RawHeader, frame: int, size: int) -> bytearray:
    held = bytearray(size)
    raw.entry.fill((raw.pixel_offset or 0) + frame * size, memoryview(held))
    return held


def _subsampled(raw: RawHeader, pixels: Pixels, frame: int) -> NDArray[Any]:
    """Brightness of uncompressed YBR_FULL_422 (Y Y Cb Cr for two pixels), as grey of three equal parts."""
    count = pixels.rows * pixels.columns
    whole = np.frombuffer(_bytes(raw, frame, 2 * count), dtype=np.uint8).reshape(-1, 4)
    grey = whole[:, :2].reshape(pixels.rows, pixels.columns)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _as_stored(values: NDArray[Any], pixels: Pixels) -> NDArray[Any]:
    """The stored bits alone, with their sign."""
    if values.dtype.kind == "i" or (pixels.bits_stored == pixels.bits_allocated and not pixels.signed):
        return values
    bits = (values.astype(np.int64) >> (pixels.high_bit + 1 - pixels.bits_stored)) & ((1 << pixels.bits_stored) - 1)
    return np.where(bits >> (pixels.bits_stored - 1), bits - (1 << pixels.bits_stored), bits) if pixels.signed else bits


def brightness(stored: NDArray[Any], pixels: Pixels, data: Any, *, decoded: bool) -> Values:
    """Brightness of a colour, palette or grey picture, float32 [row, column]; what a codec has decoded is red, green and blue."""
    if pixels.photometric == "PALETTE COLOR":
        with parsing("its colour table is damaged"):
            from pydicom.pixels.processing import apply_color_lut

            stored = apply_color_lut(stored.astype(np.uint16), data)
    if stored.ndim == 3:
        grey = stored[:, :, 0] if pixels.photometric == "YBR_FULL" and not decoded else stored[:, :, :3] @ LUMINANCE
        return np.asarray(grey, dtype=np.float32)
    return np.asarray(stored, dtype=np.float32)


def density(stored: NDArray[Any], pixels: Pixels, data: Any) -> tuple[Values, bool]:
    """What stops X-rays, in arbitrary units that rise with it, float32 [row, column]; and whether its sign was turned."""
    values = _modality(stored, pixels, data)
    sign = float(data.get("PixelIntensityRelationshipSign") or 0)
    raw_detector = str(data.get("PresentationIntentType") or "").strip().upper() == "FOR PROCESSING"
    if raw_detector and str(data.get("PixelIntensityRelationship") or "").strip().upper() == "LIN" and sign > 0:
        values = np.log(np.maximum(values, 1.0))
    turned = sign > 0 if raw_detector and sign else pixels.photometric == "MONOCHROME1"
    return (-values if turned else values), turned


def _modality(stored: NDArray[Any], pixels: Pixels, data: Any) -> Values:
    if data.get("ModalityLUTSequence"):
        with parsing("its modality table is damaged"):
            from pydicom.pixels.processing import apply_modality_lut

            return np.asarray(apply_modality_lut(stored.astype(np.int64), data), dtype=np.float32)
    return np.asarray(stored * pixels.slope + pixels.intercept, dtype=np.float32)


def without_padding(values: Values, stored: NDArray[Any], pixels: Pixels) -> Values:
    """The same with padded pixels as dark as the darkest pixel of the image."""
    if pixels.padding is None:
        return values
    low, high = sorted(pixels.padding)
    padded = (stored >= low) & (stored <= high)
    if not padded.any() or padded.all():
        return values
    return np.where(padded, values[~padded].min(), values)


def as_shades(values: Values, window: tuple[float, float] | None) -> tuple[Shades, tuple[int, int]]:
    """Spread over 16 bits, nothing clipped; and the window in shades. Of several frames one range for all.

    Unreadable where the image is empty.
    """
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)) or high <= low:
        raise Unreadable("its image is of one shade")
    factor = FULL_SHADE / (high - low)
    shades = np.rint((values - np.float32(low)) * np.float32(factor)).astype(np.uint16)
    if window is None:
        shown = np.percentile(_not_flat(shades[..., ::4, ::4]), [SHOWN_FROM, SHOWN_TO])
    else:
        shown = np.clip((np.array(window) - low) * factor, 0, FULL_SHADE)
    black, white = int(shown[0]), int(shown[1])
    return shades, (black, white) if white - black >= FEW_VALUES else (0, FULL_SHADE)


def _not_flat(shades: Shades) -> Shades:
    """Without borders, shutters and paper: what lies at either end of the range, where that is much of the image."""
    used = np.ones(shades.shape, dtype=bool)
    for end in (0, FULL_SHADE):
        flat = np.abs(shades.astype(np.int32) - end) <= FLAT_SHADES
        if flat.mean() > MUCH_FLAT:
            used &= ~flat
    return shades[used] if used.mean() > 1 - MOST_FLAT else shades


def averaged(shades: Shades, factor: int) -> Shades:
    """Means of blocks of ``factor`` pixels a side; rows and columns that fill no block are left out."""
    rows, columns = (side // factor * factor for side in shades.shape)
    blocks = shades[:rows, :columns].reshape(rows // factor, factor, columns // factor, factor)
    return np.rint(blocks.mean(axis=(1, 3), dtype=np.float32)).astype(np.uint16)
