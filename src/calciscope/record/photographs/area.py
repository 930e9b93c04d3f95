"""The area of an ulcer in a photograph, from a ruler beside it and an outline that a person has marked. Pure.

Points are pixels (x to the right, y down) of the picture as it is kept. Area by the shoelace formula; uncertainty by the law of
propagation (JCGM 100:2008, 5.1.2) from how exactly points are set and a ruler is read. It holds for a flat sore in the plane of the
ruler, seen from straight above: a tilt by 20 degrees makes it 6 % too small, which no mark can tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calciscope.record.refusals import Invalid, Problem

Point = tuple[float, float]

POINTING_SHARE = (
    0.002  # of the picture's longer side, standard uncertainty: 2 pixels of a picture shown 1000 wide (judgement)
)
RULER_READING_MM = 0.29  # standard uncertainty of a length between marks of 1 mm: 0.5 / sqrt(3) (JCGM 100:2008, 4.3.7)
COVERAGE = 1.96  # of a 95 % interval
LEAST_CORNERS, MOST_CORNERS = 3, 400
SHORTEST_RULER_SHARE = 0.05  # of the longer side: below it the ruler's own error is above 10 % of the area (judgement)
LONGEST_RULER_MM = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Two points on the ruler, the length between them, and the corners of the outline in their order."""

    ruler: tuple[Point, Point]
    ruler_mm: float
    outline: Sequence[Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Scale and area with the 95 % interval of pointing and reading."""

    mm_per_pixel: float
    area_mm2: float
    lower_mm2: float
    upper_mm2: float


def measured_area(marks: Marks, *, width_px: int, height_px: int) -> Area:
    """Area of the outline in mm2; Invalid, with the field, where the marks give none."""
    longer = max(width_px, height_px)
    _hold(marks, width_px, height_px)
    pointing = POINTING_SHARE * longer
    ruler_px = math.dist(*marks.ruler)
    scale = marks.ruler_mm / ruler_px
    inside = abs(_shoelace(marks.outline))
    relative = math.sqrt(
        (2 * math.sqrt(2) * pointing / ruler_px) ** 2
        + (2 * RULER_READING_MM / marks.ruler_mm) ** 2
        + (_outline_uncertainty(marks.outline, pointing) / inside) ** 2
    )
    area = inside * scale**2
    spread = COVERAGE * relative * area
    return Area(
        mm_per_pixel=float(f"{scale:.6g}"),
        area_mm2=round(area, 2),
        lower_mm2=round(max(0.0, area - spread), 2),
        upper_mm2=round(area + spread, 2),
    )


def _hold(marks: Marks, width_px: int, height_px: int) -> None:
    problems = []
    points = [*marks.ruler, *marks.outline]
    if not all(0 <= x <= width_px and 0 <= y <= height_px for x, y in points):
        problems.append(Problem(field="outline", message="A point lies outside the picture."))
    if not 0 < marks.ruler_mm <= LONGEST_RULER_MM:
        message = f"The length between the two points is above 0 and at most {LONGEST_RULER_MM} mm."
        problems.append(Problem(field="ruler_mm", message=message))
    if math.dist(*marks.ruler) < SHORTEST_RULER_SHARE * max(width_px, height_px):
        message = "The two points on the ruler lie too near each other; take a longer stretch of it."
        problems.append(Problem(field="ruler", message=message))
    if not LEAST_CORNERS <= len(marks.outline) <= MOST_CORNERS:
        message = f"An outline has {LEAST_CORNERS} to {MOST_CORNERS} points."
        problems.append(Problem(field="outline", message=message))
    elif _crosses_itself(marks.outline):
        problems.append(
            Problem(
                field="outline", message="The outline crosses itself; mark its points in their order around the sore."
            )
        )
    elif abs(_shoelace(marks.outline)) < 1:
        problems.append(Problem(field="outline", message="The outline encloses nothing."))
    if problems:
        raise Invalid(problems)


def _shoelace(corners: Sequence[Point]) -> float:
    following = [*corners[1:], corners[0]]
    return 0.5 * sum(x * v - u * y for (x, y), (u, v) in zip(corners, following, strict=True))


def _outline_uncertainty(corners: Sequence[Point], pointing: float) -> float:
    """Standard uncertainty of the polygon in square pixels: each corner moves it by half the distance of its neighbours."""
    before, after = [corners[-1], *corners[:-1]], [*corners[1:], corners[0]]
    return 0.5 * pointing * math.sqrt(sum(math.dist(a, b) ** 2 for a, b in zip(before, after, strict=True)))


def _crosses_itself(corners: Sequence[Point]) -> bool:
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    count = len(edges)
    return any(
        _cross(edges[i], edges[j]) for i in range(count) for j in range(i + 2, count) if not (i == 0 and j == count - 1)
    )


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two edges meet anywhere but in a common end."""
    (a, b), (c, d) = one, other
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
