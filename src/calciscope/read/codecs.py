"""Compressed slices: code stream found, its size compared with the header's, handed to a native codec.

JPEG (baseline, extended, lossless), JPEG-LS, JPEG 2000, HTJ2K and RLE, by python-gdcm, pyjpegls and pylibjpeg-openjpeg,
in a process of their own (codec_worker).
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from calciscope.read.codec_pool import decode_apart
from calciscope.read.elements import RawHeader
from calciscope.read.foreign import Unreadable, load_pydicom, parsing
from calciscope.read.header import Pixels, Slice

JPEG_2000_START = b"\xff\x4f\xff\x51"
JPEG_START = b"\xff\xd8"
# Start-of-frame markers of JPEG and JPEG-LS; C4, C8 and CC are no frames.
FRAME_MARKERS = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
RLE_HEADER_BYTES = 64
RLE = "1.2.840.10008.1.2.5"
LOSSY = {
    "1.2.840.10008.1.2.4.50": "JPEG baseline",
    "1.2.840.10008.1.2.4.51": "JPEG extended",
    "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.203": "HTJ2K",
}
DECODABLE = frozenset(LOSSY) | {
    RLE,
    "1.2.840.10008.1.2.4.57",  # JPEG lossless
    "1.2.840.10008.1.2.4.70",  # JPEG lossless, selection value 1
    "1.2.840.10008.1.2.4.80",  # JPEG-LS lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 lossless
    "1.2.840.10008.1.2.4.201",  # HTJ2K lossless
    "1.2.840.10008.1.2.4.202",  # HTJ2K lossless, RPCL
}


def decode(one: Slice) -> NDArray[Any]:
    """Stored pixels [row, column], 8 or 16 bits each; Unreadable when the code stream is broken or does not fit."""
    return decode_frame(one.raw, one.pixels, one.frame).reshape(one.pixels.rows, one.pixels.columns)


def decode_frame(raw: RawHeader, pixels: Pixels, number: int, *, samples: int = 1) -> NDArray[Any]:
    """Stored values of one frame in the order of rows; of a colour image red, green and blue of each pixel."""
    load_pydicom()
    from pydicom.encaps import get_frame

    with parsing("its compressed pixels are damaged"):
        stream = memoryview(raw.entry.whole())[raw.pixel_offset or 0 :]
        frame = get_frame(bytes(stream), number, number_of_frames=pixels.frames)
    if raw.syntax not in DECODABLE:
        raise Unreadable("it is compressed in a way this program cannot decode")
    _refuse_misfit(frame, raw.syntax, pixels, samples)
    request = {
        "syntax": raw.syntax,
        "rows": pixels.rows,
        "columns": pixels.columns,
        "bits_allocated": pixels.bits_allocated,
        "bits_stored": pixels.bits_stored,
        "signed": pixels.signed,
        "photometric": pixels.photometric,
        "samples": samples,
    }
    return decode_apart(request, frame)


def _refuse_misfit(frame: bytes, syntax: str, pixels: Pixels, samples: int) -> None:
    """Unreadable when the code stream's own size is not the header's."""
    if syntax == RLE:
        planes = int.from_bytes(frame[:4], "little")
        fits = planes == samples * pixels.bits_allocated // 8 and len(frame) > RLE_HEADER_BYTES
        found: tuple[int, ...] | None = (pixels.rows, pixels.columns, samples) if fits else None
    elif frame[:4] == JPEG_2000_START:
        found = _jpeg_2000_size(frame)
    else:
        found = _jpeg_size(frame)
    if found != (pixels.rows, pixels.columns, samples):
        raise Unreadable("its compressed pixels do not fit its header")


def _jpeg_2000_size(frame: bytes) -> tuple[int, ...] | None:
    """(rows, columns, components) of a JPEG 2000 code stream, only when its tiles and sampling are sane."""
    whole = [int.from_bytes(frame[8 + 4 * k : 12 + 4 * k], "big") for k in range(8)]
    right, bottom, left, top, tile_width, tile_height, tile_left, tile_top = whole
    parts = int.from_bytes(frame[40:42], "big")
    sampling = {frame[43 + 3 * k : 45 + 3 * k] for k in range(min(parts, 3))}
    sane = left < right and top < bottom and tile_left <= left and tile_top <= top and sampling == {b"\x01\x01"}
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
