"""Which frames of a sequence are kept, and which is shown first."""

from __future__ import annotations

from typing import Any

from calciscope.read.header import Pixels
from calciscope.read.limits import MAX_KEPT_FRAME_PIXELS, MAX_KEPT_FRAMES


def kept_frames(pixels: Pixels) -> tuple[int, ...]:
    """Numbers, from one: all, or every second, third... where all are more than a record should hold."""
    room = max(1, MAX_KEPT_FRAME_PIXELS // (pixels.rows * pixels.columns))
    step = -(-pixels.frames // min(MAX_KEPT_FRAMES, room))
    return tuple(range(1, pixels.frames + 1, step))


def thinned(frames: int, kept: int) -> str:
    """What is said where not all are kept."""
    return f"Of {frames} frames {kept} were kept, at even distances."


def first_shown(data: Any, numbers: tuple[int, ...]) -> int:
    """Place of the frame that the header (a pydicom data set) calls representative, or of the nearest kept one; else the first."""
    try:
        wanted = int(data.get("RepresentativeFrameNumber") or 1)
    except (TypeError, ValueError):
        wanted = 1
    return min(range(len(numbers)), key=lambda place: abs(numbers[place] - wanted))
