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

from calciscope.measure.films.outline import Outline
from calciscope.measure.films.polygon import area, as_points, in_mm, longest, perimeter
from calciscope.terms.errors import Refused
from calciscope.terms.film import FULL_SHADE, Point, Scale

METHOD = "film outline 1"
COVERAGE = 1.96  # of a 95 % interval
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
    size = area(on_patient)
    pixel_mm = math.sqrt(scale.x_mm * scale.y_mm)
    if size < pixel_mm**2:
        raise Refused("The outline encloses nothing; set its points in their order around the area.")
    across = np.linalg.norm(np.roll(on_patient, -1, axis=0) - np.roll(on_patient, 1, axis=0), axis=1)
    edge = 0.5 * pointing_px * pixel_mm * float(np.linalg.norm(across))
    of_scale = 2 * scale.relative_uncertainty * size
    spread = COVERAGE * math.hypot(edge, of_scale)
    length = longest(on_patient)
    length_spread = COVERAGE * math.hypot(math.sqrt(2) * pointing_px * pixel_mm, scale.relative_uncertainty * length)
    return FilmArea(
        outline=as_points(corners),
        way=Way.HAND,
        level=None,
        area_mm2=size,
        area_lower_mm2=max(0.0, size - spread),
        area_upper_mm2=size + spread,
        longest_mm=length,
        longest_lower_mm=max(0.0, length - length_spread),
        longest_upper_mm=length + length_spread,
        relative_density=None,
        area_density_mm2=None,
        edge_mm2=edge,
        background_mm2=0.0,
        noise_mm2=0.0,
        scale_mm2=of_scale,
    )


def film_area(outline: Outline, scale: Scale, window: tuple[int, int]) -> FilmArea:
    """Measures of an outline at a scale; ``window`` are the shades that the film is shown between.

    Uncertainty by the law of propagation (JCGM 100:2008, 5.1.2): an edge that is moved by a small length changes the area by
    that length times the perimeter; a level that is wrong by some shades moves the edge by those shades over its steepness.
    """
    corners = in_mm(outline.corners, scale)
    size, around = area(corners), perimeter(corners)
    pixel_mm = math.sqrt(scale.x_mm * scale.y_mm)
    slope = max(outline.slope, 1e-6)
    edge = around * outline.edge_uncertainty * pixel_mm
    background = around * outline.background_uncertainty / slope * pixel_mm
    noise = math.sqrt(around * pixel_mm) * outline.noise / slope * pixel_mm
    of_scale = 2 * scale.relative_uncertainty * size
    spread = COVERAGE * math.sqrt(edge**2 + background**2 + noise**2 + of_scale**2)
    length = longest(corners)
    ends = math.hypot(outline.edge_uncertainty, outline.background_uncertainty / slope) * math.sqrt(2) * pixel_mm
    length_spread = COVERAGE * math.hypot(ends, scale.relative_uncertainty * length)
    density = outline.mean_excess / max(1, window[1] - window[0] if window[1] > window[0] else FULL_SHADE)
    return FilmArea(
        outline=as_points(outline.corners),
        level=outline.level,
        way=Way.LEVEL if outline.by_level else Way.EDGE,
        area_mm2=size,
        area_lower_mm2=max(0.0, size - spread),
        area_upper_mm2=size + spread,
        longest_mm=length,
        longest_lower_mm=max(0.0, length - length_spread),
        longest_upper_mm=length + length_spread,
        relative_density=density,
        area_density_mm2=density * size,
        edge_mm2=edge,
        background_mm2=background,
        noise_mm2=noise,
        scale_mm2=of_scale,
    )
