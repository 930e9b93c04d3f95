"""Sets the course on one page; the same course gives the same bytes."""

from __future__ import annotations

import json
import math
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
PAGE_HIGH_MM, HEAD_MM = 271.0, 50.0  # within the margins; what sentence, keys and the line below take
LOW_MM = 45.0  # lower pictures stand in two rows where the chart leaves room for them
IN_A_ROW = 3  # then, now and the difference
CAPTION_MM, ROW_MM = 7.0, 5.0  # of a row of pictures beside its height; of a deposit, whose cause may take two lines
FEWEST_ROWS = 8
MORE = "{} more changed beyond error; the course on the screen holds them."
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
        chart_mm = min(CHART_MM, PAGE_MM * sheet.chart_shape) if sheet.chart_alt else 0.0
        columns, high_mm = pictures_laid([one.shape for one in sheet.pictures], chart_mm)
        rows = rows_that_fit(len(sheet.pictures), columns, high_mm, chart_mm)
        left = len(sheet.rows) - rows
        told = {
            "name": sheet.name,
            "day": sheet.day,
            "sentence": sheet.sentence,
            "notices": list(sheet.notices),
            "pictures": [_picture(parts, place, one) for place, one in enumerate(sheet.pictures)],
            "marks": [[mark.form, mark.hex, mark.name] for mark in EVENT_MARKS.values()],
            "pictures_mm": high_mm,
            "columns": columns,
            "chart_mm": chart_mm,
            "chart_alt": sheet.chart_alt,
            "heads": list(sheet.heads),
            "rows": [list(row) for row in sheet.rows[:rows]],
            "below": " ".join(part for part in (MORE.format(left) if left > 0 else "", sheet.below) if part),
            "research_use": RESEARCH_USE,
            "version": f"Calciscope {software()['version']}",
        }
        (parts / "content.json").write_text(json.dumps(told), encoding="utf-8")
        return typeset(parts, NAME)


def pictures_laid(shapes: Sequence[float], chart_mm: float) -> tuple[int, float]:
    """(how many pictures stand side by side, their height in mm), from their shapes (width over height)."""
    if not shapes:
        return 0, 0.0
    whole = _high_mm(shapes)
    rows = [shapes[at : at + IN_A_ROW] for at in range(0, len(shapes), IN_A_ROW)]
    parted = min(_high_mm(row) for row in rows)
    room = PAGE_HIGH_MM - HEAD_MM - chart_mm - FEWEST_ROWS * ROW_MM
    if whole < LOW_MM and len(rows) > 1 and len(rows) * (parted + CAPTION_MM) <= room:
        return IN_A_ROW, parted
    return len(shapes), whole


def rows_that_fit(pictures: int, columns: int, high_mm: float, chart_mm: float) -> int:
    """How many deposits stand below pictures and chart on one page."""
    of_pictures = math.ceil(pictures / columns) * (high_mm + CAPTION_MM) if columns else 0.0
    return max(FEWEST_ROWS, int((PAGE_HIGH_MM - HEAD_MM - of_pictures - chart_mm) / ROW_MM))


def _high_mm(shapes: Sequence[float]) -> float:
    room = PAGE_MM - BETWEEN_MM * (len(shapes) + 1)
    return min(PICTURES_MM, room / sum(shapes))


def _picture(parts: Path, place: int, one: SheetPicture) -> dict[str, str]:
    name, over = f"picture_{place}.png", f"over_{place}.svg" if one.over else ""
    (parts / name).write_bytes(one.png)
    if over:
        (parts / over).write_text(one.over, encoding="utf-8")
    return {"file": name, "over": over, "caption": one.caption, "alt": one.alt}
