"""How a drawing is written down: lines as text, in frames.

A line is a row of tokens: `x,y` a point the line runs through; `name=x,y` the same, and a node where lines meet; `name` a node placed
elsewhere; a trailing `!` a corner; `@frame` from here on, points are (along, across) of that frame, `@body` back to (x, y).
Frames keep limbs easy to draw and to re-proportion: an arm is written along its own axis, and a child's arm is the same text in a shorter
frame. Points outside frames pass through the proportions' table of heights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from calciscope.terms.body_map.curves import Edge, Knot, Point, smooth
from calciscope.terms.errors import Broken

Stretch = Sequence[Sequence[float]]
"""Rows of (from, to), rising, straight between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A limb's own axis: `along` runs from the origin at `angle_deg` from straight down, `across` to the outer side."""

    origin: Point
    angle_deg: float
    along: float = 1.0
    across: float = 1.0

    def place(self, along: float, across: float) -> Point:
        """A point of the frame, in the drawing."""
        sine, cosine = math.sin(math.radians(self.angle_deg)), math.cos(math.radians(self.angle_deg))
        t, w = along * self.along, across * self.across
        return (self.origin[0] + t * sine + w * cosine, self.origin[1] + t * cosine - w * sine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportions:
    """Where the points of the one description go: heights by `down`, widths by `wide` (a factor by height), limbs by their frames."""

    down: Stretch = ((0, 0), (1, 1))
    wide: Stretch = ((0, 1), (1, 1))
    frames: Mapping[str, Frame] = field(default_factory=dict)

    def place(self, frame: str, first: float, second: float) -> Point:
        """A written pair of numbers as a point of the drawing."""
        if frame == "body":
            return (first * _level(self.wide, second), _line(self.down, second))
        return self.frames[frame].place(first, second)


def _line(rows: Stretch, value: float) -> float:
    """Through the rows by straight lines, carried on at both ends."""
    k = next((k for k in range(1, len(rows) - 1) if value < rows[k][0]), len(rows) - 1)
    (x0, y0), (x1, y1) = rows[k - 1], rows[k]
    return y0 + (y1 - y0) * (value - x0) / (x1 - x0)


def _level(rows: Stretch, value: float) -> float:
    """Through the rows by straight lines, level at both ends."""
    return _line(rows, min(max(value, rows[0][0]), rows[-1][0]))


def knots(text: str, proportions: Proportions, nodes: dict[str, Point]) -> list[Knot]:
    """A written line; nodes it defines are added to `nodes`."""
    frame, found = "body", []
    for token in text.split():
        if token.startswith("@"):
            frame = token[1:]
            continue
        corner, token = token.endswith("!"), token.removesuffix("!")
        name, _, pair = token.rpartition("=") if "," in token else (token, "", "")
        if pair:
            first, second = (float(number) for number in pair.split(","))
            at = proportions.place(frame, first, second)
            if name:
                nodes[name] = at
        elif name not in nodes:
            raise Broken(f"The body map's line goes to {name}, which no line before it places.")
        found.append(Knot(at=at if pair else nodes[name], node=name or None, corner=corner))
    return found


def edges(lines: Iterable[str], proportions: Proportions, *, mirrored: bool) -> list[Edge]:
    """All pieces between nodes of all lines, with their mirror images."""
    nodes: dict[str, Point] = {}
    found = []
    for line in lines:
        row = knots(line, proportions, nodes)
        pieces = smooth(row, mirrored=mirrored)
        stops = [k for k, knot in enumerate(row) if knot.node]
        if not stops or stops[0] != 0 or stops[-1] != len(row) - 1:
            raise Broken(f"A line of the body map must begin and end in a node: {line[:60]}")
        for a, b in zip(stops, stops[1:], strict=False):
            edge = Edge(origin=row[a].node or "", goal=row[b].node or "", start=row[a].at, pieces=tuple(pieces[a:b]))
            found.append(edge)
            if mirrored and any(knot.at[0] != 0 for knot in row[a : b + 1]):
                found.append(edge.mirrored())
    return found
