"""Projected area, longest length and relative density of an outline, with their uncertainty.

The area is that of a shadow: what lies behind one another counts once, and the same deposit has another area when the limb is
turned. Density is relative to the film's own range of shades, which processing sets anew on every film. Neither is a mass.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from calciscope.measure.films.distance import COVERAGE, limits_around
from calciscope.measure.films.outline import Outline
from calciscope.measure.films.polygon import Corners, area, as_points, in_mm, longest, perimeter
from calciscope.terms.errors import Refused
from calciscope.terms.film import FULL_SHADE, Point, Scale

METHOD = "film outline 2"
LEAST_CORNERS, MOST_CORNERS = 3, 400


class Way(StrEnum):
    """How an outline was found."""

    EDGE = "edge"
    LEVEL = "level"
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmArea:
    """What an outline measures; intervals hold with 95 %, parts of the uncertainty are standard ones."""

    outline: tuple[Point, ...]
    way: Way
    level: float | None
    area_mm2: float
    area_lower_mm2: float
    area_upper_mm2: float
    longest_mm: float
    longest_lower_mm: float
    longest_upper_mm: float
    relative_density: float | None
    area_density_mm2: float | None
    edge_mm2: float
    background_mm2: float
    noise_mm2: float
    scale_mm2: float
    edge_is_even: bool | None  # None: not by its edge


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    """What is not known of an outline: standard uncertainties, and the areas that it may have besides."""

    edge_mm2: float
    ends_mm: float
    background_mm2: float = 0.0
    noise_mm2: float = 0.0
    rivals_mm2: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """How an outline was found, and how dense it is where that is known."""

    way: Way
    level: float | None = None
    density: float | None = None
    edge_is_even: bool | None = None


def hand_area(points: Sequence[Point], scale: Scale, *, pointing_px: float) -> FilmArea:
    """Measures of an outline whose corners a person has set, each certain to ``pointing_px`` (standard).

    Refused where it has fewer than three corners or encloses nothing. Density is not given: no background was taken away.
    """
    corners = np.array(points, dtype=np.float64).reshape(-1, 2)
    if not LEAST_CORNERS <= len(corners) <= MOST_CORNERS:
        raise Refused(
            f"An outline by hand has {LEAST_CORNERS} to {MOST_CORNERS} points; set them in their order around the area."
        )
    on_patient = in_mm(corners, scale)
    pixel_mm = math.sqrt(scale.x_mm * scale.y_mm)
    if area(on_patient) < pixel_mm**2:
        raise Refused("The outline encloses nothing; set its points in their order around the area.")
    across = np.linalg.norm(np.roll(on_patient, -1, axis=0) - np.roll(on_patient, 1, axis=0), axis=1)
    pointing_mm = pointing_px * pixel_mm
    doubt = _Doubt(edge_mm2=0.5 * pointing_mm * float(np.linalg.norm(across)), ends_mm=pointing_mm)
    return _measured(corners, scale, doubt, _Found(way=Way.HAND))


def film_area(outline: Outline, scale: Scale, window: tuple[int, int]) -> FilmArea:
    """Measures of an outline at a scale; ``window`` are the shades that the film is shown between.

    Uncertainty by the law of propagation (JCGM 100:2008, 5.1.2): an edge that is moved by a small length changes the area by
    that length times the perimeter; a level that is wrong by some shades moves the edge by those shades over its steepness.
    Where the edge is uneven the interval reaches over all that the outline may be besides.
    """
    around = perimeter(in_mm(outline.corners, scale))
    pixel_mm = math.sqrt(scale.x_mm * scale.y_mm)
    slope = max(outline.slope, 1e-6)
    edge_px, level_px = outline.edge_uncertainty, outline.background_uncertainty / slope
    doubt = _Doubt(
        edge_mm2=around * edge_px * pixel_mm,
        background_mm2=around * level_px * pixel_mm,
        noise_mm2=math.sqrt(around * pixel_mm) * outline.noise / slope * pixel_mm,
        ends_mm=math.hypot(edge_px, level_px) * pixel_mm,
        rivals_mm2=_in_mm2(outline.rivals, scale),
    )
    found = _Found(
        way=Way.LEVEL if outline.by_level else Way.EDGE,
        level=outline.level,
        density=outline.mean_excess / max(1, window[1] - window[0] if window[1] > window[0] else FULL_SHADE),
        edge_is_even=None if outline.by_level else outline.rivals is None,
    )
    return _measured(outline.corners, scale, doubt, found)


def _in_mm2(rivals: tuple[float, float] | None, scale: Scale) -> tuple[float, float] | None:
    pixel_mm2 = scale.x_mm * scale.y_mm
    return (rivals[0] * pixel_mm2, rivals[1] * pixel_mm2) if rivals else None


def _measured(corners: Corners, scale: Scale, doubt: _Doubt, found: _Found) -> FilmArea:
    """Area and length of an outline with their limits."""
    on_patient = in_mm(corners, scale)
    size, length = area(on_patient), longest(on_patient)
    of_scale = 2 * scale.relative_uncertainty * size
    own = COVERAGE * math.hypot(doubt.edge_mm2, doubt.background_mm2, doubt.noise_mm2)
    below, above = limits_around(size, own, 2 * scale.relative_uncertainty)
    shorter, longer = limits_around(length, COVERAGE * math.sqrt(2) * doubt.ends_mm, scale.relative_uncertainty)
    least, most = doubt.rivals_mm2 or (size, size)
    return FilmArea(
        outline=as_points(corners),
        way=found.way,
        level=found.level,
        area_mm2=size,
        area_lower_mm2=max(0.0, below - max(0.0, size - least)),
        area_upper_mm2=above + max(0.0, most - size),
        longest_mm=length,
        longest_lower_mm=shorter,
        longest_upper_mm=longer,
        relative_density=found.density,
        area_density_mm2=None if found.density is None else found.density * size,
        edge_mm2=doubt.edge_mm2,
        background_mm2=doubt.background_mm2,
        noise_mm2=doubt.noise_mm2,
        scale_mm2=of_scale,
        edge_is_even=found.edge_is_even,
    )
