"""Smooth lines through given points: centripetal Catmull-Rom splines written as cubic Bezier pieces.

Source: Barry and Goldman 1988; Yuksel, Schaefer and Keyser 2011 (the centripetal choice neither loops nor overshoots). Memory.
Lengths are in units of the drawing, y runs down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
Bezier = tuple[Point, Point, Point]
"""Two control points and the end; the start is the end of the piece before."""

PIECES_OF_A_BEZIER = 8  # judgement: the chord of an eighth leaves a curve of this map by less than 0.2 units


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """A point a line runs through. At a node lines meet; at a corner the line may turn sharply."""

    at: Point
    node: str | None = None
    corner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A piece of a line between two nodes; `pieces` lead from `start` to the last end."""

    origin: str
    goal: str
    start: Point
    pieces: tuple[Bezier, ...] = field(repr=False)

    def reversed(self) -> Edge:
        """The same piece, walked the other way."""
        ends = [self.start, *(piece[2] for piece in self.pieces)]
        back = tuple((second, first, ends[k]) for k, (first, second, _) in reversed(list(enumerate(self.pieces))))
        return Edge(origin=self.goal, goal=self.origin, start=ends[-1], pieces=back)

    def mirrored(self) -> Edge:
        """Its twin on the other side of x = 0."""
        return Edge(
            origin=mirrored_node(self.origin),
            goal=mirrored_node(self.goal),
            start=mirror(self.start),
            pieces=tuple((mirror(a), mirror(b), mirror(c)) for a, b, c in self.pieces),
        )


def mirror(point: Point) -> Point:
    """The point on the other side of x = 0."""
    return (-point[0] + 0.0, point[1])


def mirrored_node(name: str) -> str:
    """A node's twin; nodes whose name begins with `mid` lie on the mirror's axis and are their own."""
    if name.startswith("mid"):
        return name
    return name.removesuffix("'") if name.endswith("'") else name + "'"


def smooth(knots: Sequence[Knot], *, mirrored: bool = False) -> list[Bezier]:
    """Bezier pieces through the knots, len(knots) - 1 of them.

    With `mirrored`, a line that ends on x = 0 is taken to go on as its own mirror image, so that it crosses the axis without a kink.
    """
    pieces: list[Bezier] = []
    for k in range(len(knots) - 1):
        here, there = knots[k], knots[k + 1]
        before = _before(knots, k, mirrored=mirrored)
        after = _before(knots[::-1], len(knots) - 2 - k, mirrored=mirrored)
        first = _control(before, here.at, there.at) if before else None
        second = _control(after, there.at, here.at) if after else None
        first, second = _ends(here.at, there.at, first, second)
        pieces.append((first, second, there.at))
    return pieces


def flattened(start: Point, pieces: Sequence[Bezier]) -> list[Point]:
    """The ends of short chords along the pieces, without the start."""
    points = []
    for first, second, end in pieces:
        for k in range(1, PIECES_OF_A_BEZIER):
            t = k / PIECES_OF_A_BEZIER
            u = 1 - t
            points.append(
                (
                    _cubic(start[0], first[0], second[0], end[0], t, u),
                    _cubic(start[1], first[1], second[1], end[1], t, u),
                )
            )
        points.append(end)
        start = end
    return points


def _cubic(a: float, b: float, c: float, d: float, t: float, u: float) -> float:
    return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d


def _before(knots: Sequence[Knot], k: int, *, mirrored: bool) -> Point | None:
    """The point before knot k, as far as the line is smooth there."""
    if knots[k].corner:
        return None
    if k > 0:
        return knots[k - 1].at
    return mirror(knots[1].at) if mirrored and knots[0].at[0] == 0 else None


def _control(before: Point, here: Point, there: Point) -> Point:
    """The control point beside `here` on the way to `there`."""
    d1, d2 = math.sqrt(math.dist(before, here)), math.sqrt(math.dist(here, there))
    scale = 3 * d1 * (d1 + d2)
    weight = 2 * d1 * d1 + 3 * d1 * d2 + d2 * d2
    x, y = ((d1 * d1 * there[i] - d2 * d2 * before[i] + weight * here[i]) / scale for i in (0, 1))
    return (x, y)


def _ends(here: Point, there: Point, first: Point | None, second: Point | None) -> tuple[Point, Point]:
    """Control points where the line ends: half way to the other one."""
    if first is None and second is None:
        return _between(here, there, 1 / 3), _between(here, there, 2 / 3)
    if first is None:
        first = _between(here, second or there, 0.5)
    if second is None:
        second = _between(there, first, 0.5)
    return first, second


def _between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
