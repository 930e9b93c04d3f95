"""From a point to a part of the body, and back. Points are normalised: 0 to 1 across and down a view's picture."""

from __future__ import annotations

import math
from typing import NamedTuple

from calciscope.terms.body_map.curves import Point
from calciscope.terms.body_map.views import Area, View, view, view_ids
from calciscope.terms.deposits import Region, Side
from calciscope.terms.errors import Refused

BESIDE = 8.0
"""Units of the drawing (adult figure: 1/800 of the height) by which a click may miss the outline: half a 24 px target less half a finger's
width of 8 units (judgement)."""


class Place(NamedTuple):
    """A part of the body, in the words of the interface. Sides are the patient's."""

    region: Region
    side: Side


def place(view_id: str, x: float, y: float, *, beside: float = 0.0) -> Place | None:
    """The part of the body at a point of a view; None beside the body.

    With `beside` (units of the drawing) a point that misses the body by no more than that belongs to the nearest part.
    Refused: a view that does not exist, a point outside the picture.
    """
    found = _area_at(view_id, x, y, beside=beside)
    return Place(found.region, found.side) if found else None


def part(view_id: str, x: float, y: float, *, beside: float = 0.0) -> str:
    """What the drawing tells apart within a region: `index finger`, `big toe`; empty where it does not."""
    found = _area_at(view_id, x, y, beside=beside)
    return found.part if found else ""


def anchor(region: Region, side: Side, view_id: str) -> Point:
    """A good point, well inside, for a part of the body that was chosen from a list.

    Refused: the view does not show that part.
    """
    drawn = view(view_id)
    for area in drawn.areas:
        if (area.region, area.side) == (region, side):
            return drawn.normalised(area.anchor)
    raise Refused(f"The view {drawn.words.lower()!r} of the body map does not show: {side} {region.replace('_', ' ')}.")


def shows(view_id: str) -> tuple[Place, ...]:
    """The parts of the body in a view, from head to toe, each once."""
    return tuple(dict.fromkeys(Place(area.region, area.side) for area in view(view_id).areas))


def views_of(region: Region, side: Side, body: str) -> tuple[str, ...]:
    """The views of an adult's or a child's body that show a part, whole figures first; none for what is unknown."""
    return tuple(view_id for view_id in view_ids(body) if (region, side) in shows(view_id))


def _area_at(view_id: str, x: float, y: float, *, beside: float) -> Area | None:
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise Refused(f"A point of the body map lies between 0 and 1 each way, not at {x:g}, {y:g}.")
    drawn = view(view_id)
    point = drawn.inside(x, y)
    for area in drawn.areas:
        if area.face.holds(point):
            return area
    return _nearest(drawn, point, beside) if beside > 0 else None


def _nearest(drawn: View, point: Point, beside: float) -> Area | None:
    best, least = None, math.inf
    for area in drawn.areas:
        left, top, right, bottom = area.face.box
        if left - beside <= point[0] <= right + beside and top - beside <= point[1] <= bottom + beside:
            distance = area.face.distance(point)
            if distance < least:
                best, least = area, distance
    return best if least <= beside else None
