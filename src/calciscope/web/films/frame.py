"""The part of a film that the page shows, and pixels of the screen to pixels of the film and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from calciscope.terms.film import Point

WIDEST, HIGHEST = 820, 720  # pixels of the screen
ZOOMS = (1, 2, 4, 8)
LARGEST_PIXEL = 8.0  # of the screen that one of the film may take


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFrame:
    """``left``, ``top``, ``right``, ``bottom``: pixels of the film; ``width``, ``height``: of the screen.

    ``of_sequence``: the number of the frame that is open, of a film that has several.
    """

    zoom: int
    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int
    of_sequence: int | None = None

    @classmethod
    def of(
        cls, size: tuple[int, int], asked: Mapping[str, str], *, widest: int = WIDEST, of_sequence: int | None = None
    ) -> FilmFrame:
        """From the film's size and what an address asks for: zoom ``z`` and the middle ``cx``, ``cy``; nonsense is the whole film."""
        columns, rows = size
        zoom = int(asked.get("z", "1")) if asked.get("z", "1") in map(str, ZOOMS) else 1
        across, down = math.ceil(columns / zoom), math.ceil(rows / zoom)
        middle_x, middle_y = number(asked.get("cx")), number(asked.get("cy"))
        left = _start(columns / 2 if middle_x is None else middle_x, across, columns)
        top = _start(rows / 2 if middle_y is None else middle_y, down, rows)
        scale = min(widest / across, HIGHEST / down, LARGEST_PIXEL)
        width, height = max(1, round(across * scale)), max(1, round(down * scale))
        return cls(
            zoom=zoom,
            left=left,
            top=top,
            right=left + across,
            bottom=top + down,
            width=width,
            height=height,
            of_sequence=of_sequence,
        )

    @property
    def view_box(self) -> str:
        """As SVG takes it: the middle of the first pixel is 0."""
        return f"{self.left - 0.5} {self.top - 0.5} {self.right - self.left} {self.bottom - self.top}"

    @property
    def address(self) -> str:
        """As an address asks for it."""
        return self.address_at(self.zoom, self.middle_x, self.middle_y)

    def address_at(self, zoom: int, x: float, y: float, *, of_sequence: int | None = None) -> str:
        """The address of another part, or of another frame of the sequence."""
        number = self.of_sequence if of_sequence is None else of_sequence
        return f"z={zoom}&cx={x:g}&cy={y:g}" + ("" if number is None else f"&f={number}")

    @property
    def middle_x(self) -> int:
        """The middle of what is shown, on the film."""
        return (self.left + self.right) // 2

    @property
    def middle_y(self) -> int:
        """The same, down."""
        return (self.top + self.bottom) // 2

    @property
    def pixel(self) -> float:
        """Pixels of the film a pixel of the screen."""
        return (self.right - self.left) / self.width

    def on_film(self, x: float, y: float) -> Point:
        """A click on the picture, in pixels of the screen, as a point of the film."""
        along = (x + 0.5) * self.pixel, (y + 0.5) * (self.bottom - self.top) / self.height
        return round(self.left - 0.5 + along[0], 1), round(self.top - 0.5 + along[1], 1)


def frame_asked(asked: Mapping[str, str]) -> int | None:
    """Which frame of a sequence an address asks for (``f``); None for nonsense."""
    found = asked.get("f", "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else None


def number(text: str | None) -> float | None:
    """A number as an address or a form gives it; None for nonsense."""
    if text is None or len(text) > 12:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def points(text: str) -> tuple[Point, ...]:
    """Points as "x,y;x,y"; those that cannot be read are left out."""
    found = []
    for part in text.split(";")[:400]:
        x, _, y = part.partition(",")
        place = number(x.strip()), number(y.strip())
        if place[0] is not None and place[1] is not None:
            found.append((place[0], place[1]))
    return tuple(found)


def spelled(found: tuple[Point, ...]) -> str:
    """The same back."""
    return ";".join(f"{x:g},{y:g}" for x, y in found)


def _start(middle: float, part: int, whole: int) -> int:
    return int(min(max(0, round(middle - part / 2)), whole - part))
