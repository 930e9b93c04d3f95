"""The pixels of a film as a PNG of 16 bits, and back. Nothing of the file that they came in is in it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from calciscope.terms.errors import Broken
from calciscope.terms.film import Shades

SUFFIX = ".png"
COMPRESSION = 3  # of nine: films hold noise, which no level shrinks much


def as_png(shades: Shades) -> bytes:
    """Without loss; equal shades give equal bytes."""
    held = io.BytesIO()
    Image.fromarray(shades).save(held, "PNG", compress_level=COMPRESSION)
    return held.getvalue()


def from_png(png: bytes) -> Shades:
    """The shades [row, column] of a film that was kept."""
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
            shades = np.asarray(opened, dtype=np.uint16)
    except (OSError, SyntaxError, ValueError):
        raise Broken("A film that was kept cannot be read any more.") from None
    shades.flags.writeable = False
    return shades


def sum_of(frames: Sequence[Shades]) -> str:
    """SHA-256 of size and shades of all frames: two files of one film have the same."""
    hashed = hashlib.sha256()
    for shades in frames:
        hashed.update(repr(shades.shape).encode())
        hashed.update(np.ascontiguousarray(shades).tobytes())
    return hashed.hexdigest()
