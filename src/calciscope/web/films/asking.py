"""What an address asks of a film: a point and a level, points set by hand, or the two ends of a length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from calciscope.flows.films import Caliper, OpenFilm, calipered, outlined, outlined_by_hand
from calciscope.measure.films.area import FilmArea
from calciscope.terms.errors import Refused
from calciscope.terms.film import Point
from calciscope.web.films.frame import FilmFrame, number, points, spelled

CLICK, HAND, LENGTH = "click", "hand", "length"
MODES = {CLICK: "Outline from a click", HAND: "Outline by hand", LENGTH: "Length between points"}
LEVEL_STEP = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``set_points``: one for a click, corners by hand, two ends and the skin for a length."""

    mode: str = CLICK
    set_points: tuple[Point, ...] = ()
    level: float | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str], *, otherwise: str) -> Question:
        """From an address or a form; nonsense asks nothing."""
        mode = asked.get("mode", otherwise)
        level = number(asked.get("level"))
        found = points(asked.get("p", ""))
        known = mode if mode in MODES else otherwise
        return cls(mode=known, set_points=found[:1] if known == CLICK else found, level=level)

    def with_point(self, point: Point) -> Question:
        """The same with one point more; a click asks anew."""
        if self.mode == CLICK:
            return Question(mode=CLICK, set_points=(point,))
        room = self.set_points if self.mode == HAND else self.set_points[:2]
        return replace(self, set_points=(*room, point))

    def without_last(self) -> Question:
        """The same with one point less."""
        return replace(self, set_points=self.set_points[:-1])

    def at_level(self, level: float | None) -> Question:
        """The same at another level; None: by the edge."""
        return replace(self, level=level)

    @property
    def address(self) -> str:
        """As an address asks it."""
        parts = [f"mode={self.mode}"]
        if self.set_points:
            parts.append(f"p={spelled(self.set_points)}")
        if self.level is not None:
            parts.append(f"level={self.level:.2f}")
        return "&".join(parts)

    def answered(self, film: OpenFilm) -> FilmArea | Caliper | None:
        """What it measures; None where points are missing still. Refused in words."""
        if self.mode == CLICK:
            return outlined(film, self.set_points[0], level=self.level) if self.set_points else None
        if self.mode == HAND:
            return outlined_by_hand(film, self.set_points) if len(self.set_points) > 2 else None
        return calipered(film, self.set_points) if len(self.set_points) > 1 else None


def clicked(asked: Mapping[str, str], frame: FilmFrame) -> Point | None:
    """The point of a click on the picture (``at.x``, ``at.y``) or of typed numbers; None where there is none.

    A picture that is pressed by the keyboard sends 0, 0, which is no click.
    """
    x, y = number(asked.get("at.x")), number(asked.get("at.y"))
    if x is not None and y is not None and (x, y) != (0, 0):
        return frame.on_film(x, y)
    x, y = number(asked.get("x")), number(asked.get("y"))
    return None if x is None or y is None else (x, y)


def answer_of(question: Question, film: OpenFilm) -> tuple[FilmArea | Caliper | None, str]:
    """The answer, or why there is none."""
    try:
        return question.answered(film), ""
    except Refused as refused:
        return None, str(refused)


def as_measured(found: FilmArea | Caliper) -> dict[str, Any]:
    """Fields of the record's measurement that words are made of."""
    if isinstance(found, FilmArea):
        return {
            name: getattr(found, name) for name in FilmArea.__dataclass_fields__ if getattr(found, name) is not None
        }
    data: dict[str, Any] = {}
    for name, length in (("longest", found.longest), ("depth", found.depth)):
        if length:
            data |= {f"{name}_mm": length.mm, f"{name}_lower_mm": length.lower_mm, f"{name}_upper_mm": length.upper_mm}
    return data
