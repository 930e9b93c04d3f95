"""Lengths between points that a person sets on a film, and the scale that a ruler gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

from calciscope.terms.errors import Refused
from calciscope.terms.film import Point, Scale, ScaleBasis

COVERAGE = 1.96  # of a 95 % interval
POINTING_SHARE = 0.002  # of the longer side, standard uncertainty: 2 pixels of an image shown 1000 wide (judgement)
RULER_READING_MM = 0.29  # standard uncertainty of a length between marks of 1 mm: 0.5 / sqrt(3) (JCGM 100:2008, 4.3.7)
SHORTEST_RULER_SHARE = 0.05  # of the longer side: below it pointing alone is 6 % of a length (judgement)
LEAST_RULER_MM, MOST_RULER_MM = 1.0, 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length with its 95 % interval."""

    mm: float
    lower_mm: float
    upper_mm: float


def pointing_px(shape: tuple[int, int]) -> float:
    """Standard uncertainty of a point that a person sets on an image of that shape."""
    return POINTING_SHARE * max(shape)


def length_between(first: Point, second: Point, scale: Scale, *, pointing: float) -> Length:
    """Length between two points on an image."""
    return _length(abs(first[0] - second[0]) * scale.x_mm, abs(first[1] - second[1]) * scale.y_mm, scale, pointing)


def depth_between(skin: Point, focus: Point, scale: Scale, *, pointing: float) -> Length:
    """Depth of a point below the skin line of an ultrasound image, along the way down. Refused where it lies above."""
    if focus[1] < skin[1]:
        raise Refused("The skin lies deeper than the focus; mark the skin line above it.")
    return _length(0.0, (focus[1] - skin[1]) * scale.y_mm, scale, pointing)


def _length(across_mm: float, down_mm: float, scale: Scale, pointing: float) -> Length:
    length = math.hypot(across_mm, down_mm)
    ends = COVERAGE * math.sqrt(2) * pointing * math.sqrt(scale.x_mm * scale.y_mm)
    lower, upper = limits_around(length, ends, scale.relative_uncertainty)
    return Length(mm=length, lower_mm=lower, upper_mm=upper)


def limits_around(value: float, own: float, of_scale: float) -> tuple[float, float]:
    """95 % limits: ``own`` half width in the value's unit adds in squares to a relative standard uncertainty of the scale.

    The scale multiplies: a magnification that was assumed too large makes a value too small by that share, and a share of what was
    found too small reaches less far than it has to.
    """
    factor = math.exp(COVERAGE * of_scale)
    return max(0.0, value - math.hypot(own, value * (1 - 1 / factor))), value + math.hypot(own, value * (factor - 1))


def scale_of_ruler(
    first: Point, second: Point, length_mm: float, *, shape: tuple[int, int], factor: float, factor_uncertainty: float
) -> Scale:
    """The scale by a ruler of ``length_mm`` between two points; its shadow is ``factor`` times as large as at the deposit.

    ``factor`` is 1 where the ruler lay beside the deposit. Refused where the points lie too near each other, or leave the image.
    """
    rows, columns = shape
    if any(not (0 <= x < columns and 0 <= y < rows) for x, y in (first, second)):
        raise Refused("A point of the ruler lies outside the image.")
    if not LEAST_RULER_MM <= length_mm <= MOST_RULER_MM:
        raise Refused(f"The length between the two points is {LEAST_RULER_MM:g} to {MOST_RULER_MM:g} mm.")
    apart = math.dist(first, second)
    if apart < SHORTEST_RULER_SHARE * max(shape):
        raise Refused("The two points on the ruler lie too near each other; take a longer stretch of it.")
    own = math.hypot(math.sqrt(2) * pointing_px(shape) / apart, RULER_READING_MM / length_mm)
    size = length_mm / apart / factor
    uncertainty = math.hypot(own, factor_uncertainty)
    return Scale(x_mm=size, y_mm=size, relative_uncertainty=uncertainty, basis=ScaleBasis.RULER)
