"""The views of the body map, built once from the written drawing."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from calciscope.terms.body_map.curves import Bezier, Edge, Knot, Point, smooth
from calciscope.terms.body_map.faces import Face, faces
from calciscope.terms.body_map.writing import Frame, Proportions, edges, knots
from calciscope.terms.deposits import Region, Side
from calciscope.terms.errors import Broken, Refused

VERSION = "1"
BODIES = ("adult", "child")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One closed outline of a view. A region on one side may have several: `part` tells the five fingers apart."""

    region: Region
    side: Side
    part: str
    face: Face = field(repr=False)
    anchor: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An open line of the drawing."""

    start: Point
    pieces: tuple[Bezier, ...]


@dataclass(frozen=True, kw_only=True)
class View:
    """One picture: `box` is (least x, least y, width, height) in units of the drawing.

    `overview` is the whole figure that shows the same skin (of a palm, the front), for a figure its own id. `left_at_plus`: the patient's
    left is at the viewer's right; None in views of one limb. `outer` numbers the edges that no two areas share, from 1.
    """

    id: str
    words: str
    body: str
    overview: str
    box: tuple[float, float, float, float]
    left_at_plus: bool | None
    areas: tuple[Area, ...]
    edges: tuple[Edge, ...] = field(repr=False)
    outer: frozenset[int]
    details: tuple[Line, ...] = field(repr=False)

    def inside(self, x: float, y: float) -> Point:
        """Drawing coordinates of a normalised point."""
        return (self.box[0] + x * self.box[2], self.box[1] + y * self.box[3])

    def normalised(self, point: Point) -> Point:
        """0 to 1 across and down the picture."""
        return ((point[0] - self.box[0]) / self.box[2], (point[1] - self.box[1]) / self.box[3])


@cache
def view(view_id: str) -> View:
    """A view by the id that records keep, such as `1.adult.front`. Refused: unknown."""
    version, _, rest = view_id.partition(".")
    body, _, name = rest.partition(".")
    written = _written()
    if version != written["map_version"] or body not in BODIES or name not in written["views"]:
        raise Refused(f"There is no view {view_id!r} of the body map.")
    return _built(view_id, body, written["views"][name], written)


def view_ids(body: str) -> tuple[str, ...]:
    """All views of an `adult` or `child` body, in the order they are shown."""
    return tuple(f"{VERSION}.{body}.{name}" for name in _written()["views"])


@cache
def _written() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath(f"map_{VERSION}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _proportions(table: Mapping[str, Any]) -> Proportions:
    frames = {
        name: Frame(**{**frame, "origin": tuple(frame["origin"])}) for name, frame in table.get("frames", {}).items()
    }
    shape = {key: table[key] for key in ("down", "wide") if key in table}
    return Proportions(frames=frames, **shape)


def _built(view_id: str, body: str, said: Mapping[str, Any], written: Mapping[str, Any]) -> View:
    parts = [written[name] for name in said["lines"]]
    shape = written[body][said["lines"][0]]
    proportions = _proportions(shape)
    mirrored = "plus" in said
    drawn = edges([line for part in parts for line in part.get("lines", ())], proportions, mirrored=mirrored)
    details = [
        line
        for part in parts
        for text in part.get("details", ())
        for line in _detail(text, proportions, mirrored=mirrored)
    ]
    box = tuple(shape["box"])
    if said.get("flipped"):
        drawn = [edge.mirrored() for edge in drawn]
        details = [_flipped(line) for line in details]
        box = (-box[0] - box[2], *box[1:])
    found = faces(drawn)
    seeds = [seed for part in parts for text in part.get("regions", ()) for seed in _seeds(text, proportions, said)]
    uses = Counter(abs(number) for face in found for number in face.edges)
    return View(
        id=view_id,
        words=said["words"],
        body=body,
        overview=f"{written['map_version']}.{body}.{said['overview']}" if "overview" in said else view_id,
        box=box,
        left_at_plus=said["plus"] == "left" if mirrored else None,
        areas=tuple(_area(found, seed) for seed in seeds),
        edges=tuple(drawn),
        outer=frozenset(number for number, count in uses.items() if count == 1),
        details=tuple(details),
    )


def _detail(text: str, proportions: Proportions, *, mirrored: bool) -> list[Line]:
    row: list[Knot] = knots(text, proportions, {})
    line = Line(start=row[0].at, pieces=tuple(smooth(row, mirrored=mirrored)))
    return [line, _flipped(line)] if mirrored else [line]


def _flipped(line: Line) -> Line:
    edge = Edge(origin="", goal="", start=line.start, pieces=line.pieces).mirrored()
    return Line(start=edge.start, pieces=edge.pieces)


def _seeds(text: str, proportions: Proportions, said: Mapping[str, Any]) -> list[tuple[Region, Side, str, Point]]:
    """What a line of `regions` says: `region [@frame] point part`."""
    words = text.split()
    region = Region(words.pop(0))
    at = [words.pop(0) for _ in range(2 if words[0].startswith("@") else 1)]
    point = knots(" ".join(at), proportions, {})[0].at
    part = " ".join(words)
    flip = (-point[0], point[1])
    if "side" in said:
        return [(region, Side(said["side"]), part, flip if said.get("flipped") else point)]
    if point[0] == 0:
        return [(region, Side.MIDLINE, part, point)]
    plus, minus = (Side.LEFT, Side.RIGHT) if said["plus"] == "left" else (Side.RIGHT, Side.LEFT)
    return [(region, plus, part, point), (region, minus, part, flip)]


def _area(found: list[Face], seed: tuple[Region, Side, str, Point]) -> Area:
    region, side, part, point = seed
    holding = [face for face in found if face.holds(point)]
    if len(holding) != 1:
        raise Broken(f"The body map's point for {side} {region} {part} lies in {len(holding)} outlines.")
    return Area(region=region, side=side, part=part, face=holding[0], anchor=point)
