"""The image part of an overview. The rest names the day of the scan and its burden, which a blinded reader must not see."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, UnidentifiedImageError

from calciscope.terms.errors import Refused

PAGE_MM, LEFT_MM, RIGHT_MM = 300.0, 8.0, 208.0
"""Width of the overview, and where its dark panel of images begins and ends (share/report/overview.typ)."""
DARK = 40  # of 255: the panel is nearly black, the page around it white
ROUND_MM = 1.5  # the panel's corners are round
LEAST_ROWS = 150  # a panel is never so flat, and no letter so tall; less is no overview of ours
NOT_SHOWN = "This scan's picture cannot be shown blinded; read the proposals, or tell the coordinator."


def image_part(overview: bytes) -> bytes:
    """The panel as PNG, without a line of the page around it.

    Raises:
        Refused: there is no such panel, so nothing is shown rather than too much.
    """
    try:
        page = Image.open(io.BytesIO(overview)).convert("RGB")
    except UnidentifiedImageError:
        raise Refused(NOT_SHOWN) from None
    px_per_mm = page.width / PAGE_MM
    left, right = (round(mm * px_per_mm) for mm in (LEFT_MM, RIGHT_MM))
    edge = np.asarray(page.convert("L"))[:, left + round(ROUND_MM * px_per_mm)] < DARK
    top, bottom = _longest_run(edge)
    if bottom - top < LEAST_ROWS:
        raise Refused(NOT_SHOWN)
    held = io.BytesIO()
    page.crop((left, top, right, bottom)).save(held, "PNG")
    return held.getvalue()


def _longest_run(rows: np.ndarray) -> tuple[int, int]:
    """First row and the one after the last of the longest run; letters of the page are shorter ones."""
    ends = np.flatnonzero(np.diff(np.concatenate(([0], rows.astype(np.int8), [0]))))
    runs = list(zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True))
    return max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
