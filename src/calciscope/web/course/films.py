"""Deposits on radiographs and ultrasound images, then and now, beside what CT scans show: for the page of the course."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.scans.reading import read_candidates
from calciscope.web.design.course import Course
from calciscope.web.films.frame import FilmFrame
from calciscope.web.films.shots import MEASUREMENT, Shot, measured_words, shots

MOST = 8  # deposits with pictures; the tab of films holds all
CLOSE = "4"  # how far the picture goes in on the deposit
KINDS = (("area_mm2", "shadow\u2019s area"), ("longest_mm", "length"))
BOTH_WAYS = "A shadow's area compares where the limb lay the same way; nothing here is a mass."


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One film with the outline of the deposit on it."""

    when: str  # then | now | only film
    shot: Shot
    address: str
    view_box: str
    width: int
    height: int
    points: str
    is_area: bool
    measured: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmCourse:
    """One deposit on its first and its newest film of one kind."""

    title: str
    alone: bool  # whether no CT scan is known to show it
    views: Sequence[View]
    change: str


def film_courses(course: Course, patient: UUID) -> list[FilmCourse]:
    """Those that only films show first, then by the deposits' numbers."""
    films = {str(one.id): one for one in shots(course, patient)}
    on_scans = _on_scans(course)
    found = []
    for story in course.stories:
        mine = [one for one in course.of_noun(MEASUREMENT) if str(one.data.get("of_deposit", "")) == str(story.id)]
        for kind in ("radiograph", "ultrasound"):
            of_kind = [
                one for one in mine if str(one.data["film"]) in films and films[str(one.data["film"])].kind == kind
            ]
            seen = [one for one in of_kind if one.data["outcome"] == "measured" and one.data.get("outline")]
            if seen:
                pair = [seen[0], seen[-1]] if len(seen) > 1 else seen
                found.append(
                    FilmCourse(
                        title=f"{story.label} {place_of(story)}, {kind}",
                        alone=str(story.id) not in on_scans,
                        views=[
                            _view(one, films[str(one.data["film"])], place, len(pair)) for place, one in enumerate(pair)
                        ],
                        change=_change(*(one.data for one in pair)) if len(pair) > 1 else "",
                    )
                )
    return sorted(found, key=lambda one: not one.alone)[:MOST]


def _on_scans(course: Course) -> set[str]:
    return {
        one.deposit
        for scan in course.of_noun("imaging_measurement")
        for one in read_candidates(scan, course.facts)
        if one.deposit
    }


def _view(fact: Fact, shot: Shot, place: int, count: int) -> View:
    points = fact.data["outline"]
    middle = [round(sum(float(point[axis]) for point in points) / len(points)) for axis in (0, 1)]
    frame = FilmFrame.of((shot.width, shot.height), {"z": CLOSE, "cx": str(middle[0]), "cy": str(middle[1])})
    return View(
        when="only film" if count == 1 else ("then", "now")[place],
        shot=shot,
        address=f"{shot.picture}?{frame.address}",
        view_box=frame.view_box,
        width=frame.width,
        height=frame.height,
        points=" ".join(f"{x},{y}" for x, y in points),
        is_area="area_mm2" in fact.data,
        measured=measured_words(fact.data),
    )


def _change(then: Any, now: Any) -> str:
    """Such as "shadow's area +12 %, beyond the error of both": the errors of both add in squares."""
    for name, words in KINDS:
        if not all(isinstance(one.get(name), int | float) for one in (then, now)):
            continue
        stem, unit = name.rsplit("_", 1)
        first, second = float(then[name]), float(now[name])
        halves = [(float(one[f"{stem}_upper_{unit}"]) - float(one[f"{stem}_lower_{unit}"])) / 2 for one in (then, now)]
        beyond = "beyond" if abs(second - first) > math.hypot(*halves) else "within"
        percent = f" {100 * (second - first) / first:+.0f} %".replace("-", "\u2212") if first else ""
        return f"{words}{percent}, {beyond} the error of both"
    return "not measured the same way on both"
