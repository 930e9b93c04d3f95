"""A part of a film as a screen shows it: 8 bits between black and white, at the size asked for."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from calciscope.terms.film import Shades


def film_png(
    shades: Shades, *, window: tuple[int, int], box: tuple[int, int, int, int], size: tuple[int, int]
) -> bytes:
    """PNG bytes of ``box`` (left, top, right, bottom in pixels, right and bottom outside), ``size`` wide and high."""
    left, top, right, bottom = box
    black, white = window
    part = shades[top:bottom, left:right].astype(np.float32)
    grey = np.clip((part - black) * (255.0 / max(1, white - black)), 0, 255).astype(np.uint8)
    smaller = size[0] < part.shape[1]
    way = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
    held = io.BytesIO()
    Image.fromarray(grey).resize(size, way).save(held, "PNG", compress_level=1)
    return held.getvalue()
