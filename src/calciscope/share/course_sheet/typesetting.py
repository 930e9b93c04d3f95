"""Sets the course on one page; the same course gives the same bytes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from calciscope.share.event_marks import EVENT_MARKS
from calciscope.share.software import software
from calciscope.share.typeset import put_parts, typeset

NAME = "course.pdf"
PAGE_MM, CHART_MM, PICTURES_MM = (
    180.0,
    122.0,
    66.0,
)  # width within the margins; most height of the chart and of the pictures
BETWEEN_MM = 2.5
RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPicture:
    """A PNG, what is drawn over it (SVG of the same shape; empty: nothing), and its words. ``shape`` is width over height."""

    png: bytes
    shape: float
    over: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSheet:
    """What the page says. ``chart`` is SVG with its own style, ``chart_shape`` its height over width; ``rows`` go below ``heads``."""

    name: str
    day: str
    sentence: str
    notices: Sequence[str]
    pictures: Sequence[SheetPicture]
    chart: str
    chart_shape: float
    chart_alt: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    below: str


def course_pdf(sheet: CourseSheet) -> bytes:
    """The document as PDF/UA-1."""
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder)
        put_parts(parts, "calciscope.share.report", ("marks.typ",))
        put_parts(parts, __package__, ("course.typ",))
        (parts / "chart.svg").write_text(sheet.chart, encoding="utf-8")
        told = {
            "name": sheet.name,
            "day": sheet.day,
            "sentence": sheet.sentence,
            "notices": list(sheet.notices),
            "pictures": [_picture(parts, place, one) for place, one in enumerate(sheet.pictures)],
            "marks": [[mark.form, mark.hex, mark.name] for mark in EVENT_MARKS.values()],
            "pictures_mm": pictures_mm([one.shape for one in sheet.pictures]),
            "chart_mm": min(CHART_MM, PAGE_MM * sheet.chart_shape),
            "chart_alt": sheet.chart_alt,
            "heads": list(sheet.heads),
            "rows": [list(row) for row in sheet.rows],
            "below": sheet.below,
            "research_use": RESEARCH_USE,
            "version": f"Calciscope {software()['version']}",
        }
        (parts / "content.json").write_text(json.dumps(told), encoding="utf-8")
        return typeset(parts, NAME)


def pictures_mm(shapes: Sequence[float]) -> float:
    """The height at which pictures of these shapes (width over height) stand side by side on the page."""
    room = PAGE_MM - BETWEEN_MM * (len(shapes) + 1)
    return min(PICTURES_MM, room / sum(shapes)) if shapes else 0.0


def _picture(parts: Path, place: int, one: SheetPicture) -> dict[str, str]:
    name, over = f"picture_{place}.png", f"over_{place}.svg" if one.over else ""
    (parts / name).write_bytes(one.png)
    if over:
        (parts / over).write_text(one.over, encoding="utf-8")
    return {"file": name, "over": over, "caption": one.caption, "alt": one.alt}
