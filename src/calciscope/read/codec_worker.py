"""Decodes compressed slices in a process of its own: native codecs may crash, hang or print on damaged code streams.

Run by `codec_pool`. A request is a line of JSON and the code stream; the answer is one byte (the type of the values,
or "!" when the code stream cannot be decoded) and the stored values.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LS = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
FAILED, READY = b"!", b"R"
MEMORY_BYTES = 8 << 30


def main() -> None:
    """Answer requests until standard input ends."""
    # The answers go to a copy of standard output; codecs that print there must not mix with them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    import gdcm  # noqa: F401 - loaded before "ready" is said, so that the time limit of a frame holds for the first too
    import pydicom.pixels  # noqa: F401

    answers.write(READY)
    answers.flush()
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        answer(request, _exactly(sys.stdin.buffer, request["size"]), answers)
        answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        sys.exit(0)
    return data


def answer(request: dict[str, Any], frame: bytes, answers: BinaryIO) -> None:
    """Decode one frame and write the answer."""
    from calciscope.read.foreign import Unreadable, parsing

    try:
        with parsing("damaged code stream"):
            stored = decode(request, frame)
            fits = (
                stored.size == request["rows"] * request["columns"] * request["samples"] and stored.dtype.kind in "iu"
            )
    except Unreadable:
        fits = False
    answers.write(stored.dtype.char.encode() + stored.tobytes() if fits else FAILED)


def decode(request: dict[str, Any], frame: bytes) -> NDArray[Any]:
    """Stored values of one frame; whatever the codecs raise comes through."""
    if request["syntax"] == JPEG_EXTENDED and request["bits_stored"] > 8:
        return _twelve_bit_jpeg(request, frame)
    from pydicom.encaps import encapsulate
    from pydicom.pixels.decoders.base import get_decoder
    from pydicom.uid import UID

    described: dict[str, Any] = {
        "rows": request["rows"],
        "columns": request["columns"],
        "number_of_frames": 1,
        "samples_per_pixel": request["samples"],
        **({"planar_configuration": 0} if request["samples"] > 1 else {}),
        "photometric_interpretation": request["photometric"],
        "bits_allocated": request["bits_allocated"],
        "bits_stored": request["bits_stored"],
        "pixel_representation": int(request["signed"]),
        "pixel_keyword": "PixelData",
        # CharLS as pyjpegls calls it runs on for ever past the end of a code stream that was cut short; gdcm stops.
        "decoding_plugin": "gdcm" if request["syntax"] in JPEG_LS else "",
    }
    decoder = get_decoder(UID(request["syntax"]))
    decoded, _ = decoder.as_array(bytes(encapsulate([frame])), index=0, raw=request["samples"] == 1, **described)
    return np.ascontiguousarray(decoded)


def _twelve_bit_jpeg(request: dict[str, Any], frame: bytes) -> NDArray[Any]:
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
    image.SetDimensions((request["columns"], request["rows"], 1))
    image.SetDataElement(element)
    kind = gdcm.PhotometricInterpretation.GetPIType(request["photometric"])
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(kind))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(JPEG_EXTENDED)))
    bits = request["bits_stored"]
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, bits, bits - 1, int(request["signed"])))
    data = image.GetBuffer().encode("utf-8", "surrogateescape")
    return np.frombuffer(data, "<i2" if request["signed"] else "<u2")


if __name__ == "__main__":
    main()
