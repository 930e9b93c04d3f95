"""The faces of a drawing: the areas that its lines enclose, found by walking round them.

Every piece of a line borders on one face on either side, so that faces share their borders exactly: there can be neither a gap nor an
overlap between neighbours, whatever the lines look like, as long as they meet in nodes only (a test sees to that).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from calciscope.terms.body_map.curves import Bezier, Edge, Point, flattened


@dataclass(frozen=True, kw_only=True)
class Face:
    """A closed outline, walked clockwise on the screen; `edges` are numbers of the drawing's edges, negative when walked backwards."""

    edges: tuple[int, ...]
    start: Point
    pieces: tuple[Bezier, ...] = field(repr=False)

    @cached_property
    def corners(self) -> tuple[Point, ...]:
        """The outline as a polygon of short chords."""
        return tuple(flattened(self.start, self.pieces))

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Least x, least y, greatest x, greatest y."""
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def holds(self, point: Point) -> bool:
        """Whether the point lies inside. On a border that two faces share, exactly one of them says yes."""
        x, y = point
        left, top, right, bottom = self.box
        if not (left <= x <= right and top <= y <= bottom):
            return False
        inside = False
        before = self.corners[-1]
        for here in self.corners:
            if (before[1] > y) != (here[1] > y):
                low, high = (
                    (before, here) if before[1] < here[1] else (here, before)
                )  # one way round for both neighbours
                inside ^= x < low[0] + (y - low[1]) / (high[1] - low[1]) * (high[0] - low[0])
            before = here
        return inside

    def distance(self, point: Point) -> float:
        """Distance from a point to the outline."""
        corners = self.corners
        return min(_to_chord(point, corners[k - 1], corners[k]) for k in range(len(corners)))


def area(corners: Sequence[Point]) -> float:
    """Signed area of a polygon, positive when walked clockwise on the screen (y runs down)."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)) / 2


def faces(edges: Sequence[Edge]) -> list[Face]:
    """All bounded faces. Edge k is numbered k + 1; walked backwards, -(k + 1)."""
    walked = {k + 1: edge for k, edge in enumerate(edges)} | {-k - 1: edge.reversed() for k, edge in enumerate(edges)}
    leaving: dict[str, list[int]] = defaultdict(list)
    for number, edge in walked.items():
        leaving[edge.origin].append(number)
    turn = {}
    for numbers in leaving.values():
        numbers.sort(key=lambda number: _direction(walked[number]))
        for number, following in zip(numbers, [*numbers[1:], numbers[0]], strict=True):
            turn[-number] = following  # arriving by the twin of one, leave by the next one round
    found, left = [], dict.fromkeys(walked)
    while left:
        number, loop = next(iter(left)), []
        while number in left:
            del left[number]
            loop.append(number)
            number = turn[number]
        face = Face(
            edges=tuple(loop),
            start=walked[loop[0]].start,
            pieces=tuple(piece for n in loop for piece in walked[n].pieces),
        )
        if area(face.corners) < 0:
            found.append(face)
    return found


def _direction(edge: Edge) -> float:
    """The angle at which an edge leaves its node."""
    first, second, end = edge.pieces[0]
    toward = next(point for point in (first, second, end) if math.dist(point, edge.start) > 1e-9)
    return math.atan2(toward[1] - edge.start[1], toward[0] - edge.start[0])


def _to_chord(point: Point, a: Point, b: Point) -> float:
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2
    share = 0.0 if length == 0 else ((point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]) / length
    share = min(1.0, max(0.0, share))
    return math.dist(point, (a[0] + share * along[0], a[1] + share * along[1]))
