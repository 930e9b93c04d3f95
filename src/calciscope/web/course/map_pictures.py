"""Then, now and the difference as pictures: panels of the comparison's map, its events marked by form and number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from calciscope.record.actor import Actor
from calciscope.record.queries.scans import compared_file
from calciscope.record.scans.chain import Step
from calciscope.record.scans.files import MAP, MAP_DOCUMENT, PANELS
from calciscope.terms.errors import Refused
from calciscope.web.course.marks import glyph
from calciscope.web.design.days import written

DRAWN = 900.0  # units of a drawing's longer side, whatever the picture's own size
MARK, LETTERS = 13.0, 30.0
BARS_MM, LONGEST_BAR = (5, 10, 20, 50, 100), 0.35  # the bar takes no more than this share of the width
QUIET = ("stable", "not_evaluable")
"""Marked without a number, which the table gives them all the same."""
VIEWS = {"coronal": "from the front", "sagittal": "from the side", "axial": "from below"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPicture:
    """One picture with what lies over it."""

    caption: str
    address: str
    alt: str
    width: int
    height: int
    over: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanePictures:
    """The three pictures of one view."""

    title: str
    panels: Sequence[PanelPicture]


def map_pictures(by: Actor, patient: UUID, step: Step) -> list[PlanePictures]:
    """Views of the newest comparison; none where it is not on this server or was made before there was a map."""
    return [_plane(one, patient, step) for one in _planes(by, patient, step)]


def on_paper(by: Actor, patient: UUID, step: Step) -> list[tuple[bytes, PanelPicture]]:
    """The panels of all views with their PNG, for a page on paper; none where there is no map."""
    found = []
    for plane in _planes(by, patient, step):
        for panel, shown in zip(PANELS, _plane(plane, patient, step).panels, strict=True):
            name = f"{MAP}/{plane['name']}_{panel}.png"
            found.append((compared_file(by=by, patient=patient, measurement=step.later.uid, name=name), shown))
    return found


def _planes(by: Actor, patient: UUID, step: Step) -> list[Mapping[str, Any]]:
    if not step.possible:
        return []
    try:
        text = compared_file(by=by, patient=patient, measurement=step.later.uid, name=f"{MAP}/{MAP_DOCUMENT}")
    except Refused:
        return []
    return list(json.loads(text)["planes"])


def _plane(plane: Mapping[str, Any], patient: UUID, step: Step) -> PlanePictures:
    days = [written(scan.effective_on.isoformat()) for scan in (step.earlier, step.later) if scan.effective_on]
    captions = dict(zip(PANELS, (f"Then, {days[0]}", f"Now, {days[-1]}", "Difference"), strict=True))
    view = VIEWS[plane["name"]]
    alts = {
        "then": f"Mineral on {days[0]}, seen {view}.",
        "now": f"Mineral on {days[-1]}, seen {view} and laid over the first scan.",
        "difference": f"Gain and loss of mineral, seen {view}; numbers as in the table of deposits.",
    }
    return PlanePictures(
        title=f"Seen {view}",
        panels=[
            PanelPicture(
                caption=captions[panel],
                address=reverse("course_picture", args=[patient, step.later.uid, plane["name"], panel]),
                alt=alts[panel],
                width=int(plane["width"]),
                height=int(plane["height"]),
                over=_over(plane, marked=panel == "difference"),
            )
            for panel in PANELS
        ],
    )


def _over(plane: Mapping[str, Any], *, marked: bool) -> SafeString:
    """Letters of the sides, a bar, and the marks; hidden from readers of the screen, who have the table."""
    unit = DRAWN / max(plane["width"], plane["height"])
    width, height = plane["width"] * unit, plane["height"] * unit
    parts = [*_sides(plane["letters"], width, height), _bar(unit / plane["pixel_mm"], width, height)]
    parts += _marks(plane["marks"], width, height) if marked else []
    return format_html(
        '<svg class="over" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        round(width, 1),
        round(height, 1),
        mark_safe("".join(parts)),
    )


def _sides(letters: Sequence[str], width: float, height: float) -> Iterator[SafeString]:
    middle = (width / 2, height / 2)
    places = ((18.0, middle[1]), (width - 18.0, middle[1]), (middle[0], 30.0), (middle[0], height - 10.0))
    for letter, (x, y) in zip(letters, places, strict=True):
        yield format_html('<text class="side" x="{}" y="{}">{}</text>', round(x, 1), round(y, 1), letter)


def _bar(per_mm: float, width: float, height: float) -> SafeString:
    long_mm = max((mm for mm in BARS_MM if mm * per_mm <= LONGEST_BAR * width), default=BARS_MM[0])
    low, end = round(height - 22, 1), round(22 + long_mm * per_mm, 1)
    words = format_html('<text class="scale-words" x="22" y="{}">{} mm</text>', round(low - 10, 1), long_mm)
    return format_html('<path class="scale" d="M22 {}H{}"/>{}', low, end, words)


def _marks(marks: Sequence[Mapping[str, Any]], width: float, height: float) -> Iterator[SafeString]:
    """The quiet ones first, so that the others lie above them."""
    for mark in sorted(marks, key=lambda one: one["event"] not in QUIET):
        x, y = mark["x"] * width, mark["y"] * height
        words = f"{mark['track_id']}, {mark['event'].replace('_', ' ')}"
        quiet = mark["event"] in QUIET
        yield glyph(mark["event"], (x, y), MARK * (0.6 if quiet else 1.0), says=words)
        if not quiet:
            right = x < width * 0.8
            shift, anchor = (MARK + 5, "start") if right else (-MARK - 5, "end")
            place = (round(x + shift, 1), round(y + LETTERS / 3, 1))
            yield format_html(
                '<text class="number" x="{}" y="{}" text-anchor="{}">{}</text>', *place, anchor, mark["track_id"]
            )
