"""Compressed slices: code stream found, its size compared with the header's, decoded by a native codec.

JPEG (baseline, extended, lossless), JPEG-LS, JPEG 2000, HTJ2K and RLE, by python-gdcm, pyjpegls and pylibjpeg-openjpeg.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calciscope.read.foreign import Unreadable, parsing
from calciscope.read.header import Pixels, Slice

JPEG_2000_START = b"\xff\x4f\xff\x51"
JPEG_START = b"\xff\xd8"
# Start-of-frame markers of JPEG and JPEG-LS; C4, C8 and CC are no frames.
FRAME_MARKERS = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
RLE_HEADER_BYTES = 64
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
RLE = "1.2.840.10008.1.2.5"
LOSSY = {
    "1.2.840.10008.1.2.4.50": "JPEG baseline",
    JPEG_EXTENDED: "JPEG extended",
    "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.203": "HTJ2K",
}


def decode(one: Slice) -> NDArray[Any]:
    """Stored pixels [row, column], 8 or 16 bits each; Unreadable when the code stream is broken or does not fit."""
    from pydicom.encaps import get_frame
    from pydicom.pixels import get_decoder
    from pydicom.uid import UID

    raw, pixels = one.raw, one.pixels
    with parsing("its compressed pixels are damaged"):
        stream = memoryview(raw.entry.whole())[raw.pixel_offset or 0 :]
        frame = get_frame(bytes(stream), one.frame, number_of_frames=pixels.frames)
        _refuse_misfit(frame, one)
        if raw.syntax == JPEG_EXTENDED and pixels.bits_stored > 8:
            return _twelve_bit_jpeg(frame, pixels)
        decoder = get_decoder(UID(raw.syntax))
        if not decoder.is_available:
            raise Unreadable("it is compressed in a way this program cannot decode")
        decoded, _ = decoder.as_array(
            _encapsulated(frame),
            index=0,
            raw=True,
            rows=pixels.rows,
            columns=pixels.columns,
            number_of_frames=1,
            samples_per_pixel=1,
            photometric_interpretation=pixels.photometric,
            bits_allocated=pixels.bits_allocated,
            bits_stored=pixels.bits_stored,
            pixel_representation=int(pixels.signed),
            pixel_keyword="PixelData",
        )
        stored = np.ascontiguousarray(decoded.reshape(pixels.rows, pixels.columns))
    if stored.dtype.kind not in "iu":
        raise Unreadable("its compressed pixels are damaged")
    return stored


def _twelve_bit_jpeg(frame: bytes, pixels: Pixels) -> NDArray[Any]:
    """JPEG extended of 12 bits, which gdcm decodes though pydicom does not ask it to."""
    import gdcm

    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(frame)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((pixels.columns, pixels.rows, 1))
    image.SetDataElement(element)
    kind = gdcm.PhotometricInterpretation.GetPIType(pixels.photometric)
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(kind))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(JPEG_EXTENDED)))
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, pixels.bits_stored, pixels.bits_stored - 1, int(pixels.signed)))
    data = image.GetBuffer().encode("utf-8", "surrogateescape")
    stored = np.frombuffer(data, "<i2" if pixels.signed else "<u2")
    return stored.reshape(pixels.rows, pixels.columns)


def _encapsulated(frame: bytes) -> bytes:
    from pydicom.encaps import encapsulate

    return bytes(encapsulate([frame]))


def _refuse_misfit(frame: bytes, one: Slice) -> None:
    """Unreadable when the code stream's own size is not the header's."""
    pixels = one.pixels
    if one.raw.syntax == RLE:
        planes = int.from_bytes(frame[:4], "little")
        fits = planes == pixels.bits_allocated // 8 and len(frame) > RLE_HEADER_BYTES
        found: tuple[int, ...] | None = (pixels.rows, pixels.columns, 1) if fits else None
    elif frame[:4] == JPEG_2000_START:
        found = _jpeg_2000_size(frame)
    else:
        found = _jpeg_size(frame)
    if found != (pixels.rows, pixels.columns, 1):
        raise Unreadable("its compressed pixels do not fit its header")


def _jpeg_2000_size(frame: bytes) -> tuple[int, ...] | None:
    """(rows, columns, components) of a JPEG 2000 code stream, only when its tiles and sampling are sane."""
    whole = [int.from_bytes(frame[8 + 4 * k : 12 + 4 * k], "big") for k in range(8)]
    right, bottom, left, top, tile_width, tile_height, tile_left, tile_top = whole
    parts = int.from_bytes(frame[40:42], "big")
    sampling = frame[43:45]
    sane = left < right and top < bottom and tile_left <= left and tile_top <= top and sampling == b"\x01\x01"
    if not sane or tile_width < 1 or tile_height < 1 or (right // tile_width + 1) * (bottom // tile_height + 1) > 4096:
        return None
    return bottom - top, right - left, parts


def _jpeg_size(frame: bytes) -> tuple[int, ...] | None:
    """(rows, columns, components) of a JPEG or JPEG-LS code stream."""
    at = 2 if frame[:2] == JPEG_START else len(frame)
    while at + 9 < len(frame):
        if frame[at] != 0xFF:
            return None
        marker = frame[at + 1]
        if marker in FRAME_MARKERS:
            return (
                int.from_bytes(frame[at + 5 : at + 7], "big"),
                int.from_bytes(frame[at + 7 : at + 9], "big"),
                frame[at + 9],
            )
        at += 1 if marker == 0xFF else 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return None
