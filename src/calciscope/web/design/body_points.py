"""Points on the body map between a form, the record and the drawing: which body, what was picked, where a deposit stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from calciscope.record.stories import Story
from calciscope.record.vocabulary import terms
from calciscope.terms import body_map
from calciscope.terms.body_map import BESIDE, Place
from calciscope.terms.deposits import Region, Side
from calciscope.terms.errors import Refused
from calciscope.web.design.body_map import Fields, Marker, Moment, Picked, picker
from calciscope.web.design.course import Course

CHILD_BELOW_YEARS = 12  # judgement: from about then on a body has an adult's proportions
POINT = ("map", "map_x", "map_y")
IDS = Fields(region="f-region", side="f-side", map="f-map", x="f-map_x", y="f-map_y")
PICKED = "pick"


def body_of(born_on: date | None, today: date) -> str:
    """Whose proportions the map has."""
    young = born_on is not None and (today - born_on).days < CHILD_BELOW_YEARS * 365.25
    return "child" if young else "adult"


@cache
def _parts(body: str) -> tuple[tuple[str, Place], ...]:
    """Every part of every view, numbered, so that an address names no part of anybody's body."""
    return tuple((view_id, place) for view_id in body_map.view_ids(body) for place in body_map.shows(view_id))


def picked_from(number: str, body: str) -> dict[str, Any]:
    """What choosing part ``number`` of the map puts into a finding: region, side and the part's own point."""
    parts = _parts(body)
    if not number.isdigit() or int(number) >= len(parts):
        return {}
    view_id, place = parts[int(number)]
    x, y = body_map.anchor(place.region, place.side, view_id)
    return {
        "region": place.region.value,
        "side": place.side.value,
        "map": view_id,
        "map_x": round(x, 4),
        "map_y": round(y, 4),
    }


def pickers(body: str, held: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """(words, drawing, whether it is a whole figure) of each view to pick from; ``held`` is the point a form has."""
    here = _picked(held)
    found = []
    for view_id in body_map.view_ids(body):
        view = body_map.view(view_id)
        drawing = picker(view_id, link=_link(view_id, body), fields=IDS, picked=here)
        found.append((view.words, drawing, view.overview == view_id))
    return found


def fitting(data: Mapping[str, Any]) -> dict[str, Any]:
    """A finding without its point where that lies in another part than region and side say: the lists decide."""
    try:
        here = _picked(data)
    except Refused:
        here = None
    said = (data.get("region"), data.get("side"))
    if here and (here.place.region.value, here.place.side.value) == said:
        return dict(data)
    return {name: value for name, value in data.items() if name not in POINT}


def moment(course: Course, on: date, *, since: date | None = None, link: Callable[[Story], str]) -> Moment:
    """The deposits as they stood on a day; those that had ended before ``since`` are left out."""
    found = (_marker(course, story, on, since or on, link(story)) for story in course.stories)
    return Moment(day=on, markers=[marker for marker in found if marker])


def _marker(course: Course, story: Story, on: date, since: date, href: str) -> Marker | None:
    findings = [fact for fact in story.findings if course.when(fact) <= on]
    events = [fact for fact in story.events if course.when(fact) <= on]
    if not findings:
        return None
    state = str(events[-1].data["event"]) if events else ""
    if state and terms("deposit_events")[state].get("ends") and course.when(events[-1]) < since:
        return None
    data = findings[-1].data
    here = fitting(data)
    longest = data.get("longest_mm")
    return Marker(
        label=story.label,
        state=state,
        region=Region(data["region"]),
        side=Side(data["side"]),
        view=here.get("map"),
        x=here.get("map_x"),
        y=here.get("map_y"),
        longest_mm=float(longest) if isinstance(longest, int | float) else None,
        href=href,
    )


def _picked(held: Mapping[str, Any]) -> Picked | None:
    view_id, x, y = (held.get(name) for name in POINT)
    if not isinstance(view_id, str) or not isinstance(x, int | float) or not isinstance(y, int | float):
        return None
    place = body_map.place(view_id, float(x), float(y), beside=BESIDE)
    return Picked(view=view_id, x=float(x), y=float(y), place=place) if place else None


def _link(view_id: str, body: str) -> Callable[[Place], str]:
    numbers = {part: number for number, part in enumerate(_parts(body))}
    return lambda place: f"?{PICKED}={numbers[view_id, place]}#f-region"


def views_to_pick(views: Iterable[tuple[str, str, bool]], *, whole: bool) -> list[tuple[str, str]]:
    """(words, drawing) of the whole figures, or of the hands and feet."""
    return [(words, drawing) for words, drawing, figure in views if figure is whole]
