"""The projections on a page: side by side or stacked, whichever is larger, with marks, numbers and a scale bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calciscope.share.kind_marks import IMPORTANCE, KIND_MARKS, KindMark
from calciscope.share.pictures.projection import Projection
from calciscope.share.report.label_layout import Target, lay_out
from calciscope.terms.deposits import Deposit, Kind

MARGIN_MM = 9.0  # beside each view, for the numbers
CAPTION_MM = 10.0  # the name above and the scale bar below each view
GAP_MM = 4.0
SCALE_BARS_MM = (5, 10, 20, 50, 100, 200, 500)
MOST_MARKS = 400  # markers drawn at all
READ_FIRST = (Kind.CALCINOSIS, Kind.UNCERTAIN)
NEVER_NUMBERED = (Kind.ARTEFACT, Kind.OUTSIDE_BODY)  # of no interest to the reader one by one; the table lists them
MOST_LABELS_SET_ASIDE = 16  # what was set aside is numbered only while the picture stays clear
MARK_MM = {True: 2.2, False: 1.5}  # whether read first: side of a marker on paper
LARGE_ON_PAPER_MM = 5.0  # a deposit drawn larger shows itself; a marker would only hide it


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The place on the page for all views together."""

    width_mm: float
    height_mm: float


def view_content(views: Sequence[Projection], deposits: Sequence[Deposit], box: Box) -> dict[str, object]:
    """All the template needs to draw ``views`` inside ``box``; lengths on paper in mm."""
    scale, stacked = _scale(views, box)
    ordered = sorted(deposits, key=lambda one: (IMPORTANCE[one.kind], one.deposit_id))[:MOST_MARKS]
    return {
        "stacked": stacked,
        "margin": MARGIN_MM,
        "gap": GAP_MM,
        "views": [_one_view(view, ordered, scale) for view in views],
    }


def _scale(views: Sequence[Projection], box: Box) -> tuple[float, bool]:
    """Paper mm per patient mm, and whether the views stand one above the other."""
    widths = [view.frame.width * view.frame.pixel_mm for view in views]
    heights = [view.frame.height * view.frame.pixel_mm for view in views]
    beside = min(
        (box.width_mm - len(views) * 2 * MARGIN_MM - (len(views) - 1) * GAP_MM) / sum(widths),
        (box.height_mm - CAPTION_MM) / max(heights),
    )
    above = min(
        (box.width_mm - 2 * MARGIN_MM) / max(widths),
        (box.height_mm - len(views) * (CAPTION_MM + GAP_MM)) / sum(heights),
    )
    return (above, True) if above > beside else (beside, False)


def _one_view(view: Projection, ordered: Sequence[Deposit], scale: float) -> dict[str, object]:
    frame, plane = view.frame, view.plane
    width_mm, height_mm = frame.width * frame.pixel_mm * scale, frame.height * frame.pixel_mm * scale
    marks: list[dict[str, object]] = []
    targets: list[Target] = []
    large: set[int] = set()
    for deposit in ordered:
        across, along = view.place(np.array([deposit.x_mm, deposit.y_mm, deposit.z_mm]))
        x_mm, y_mm = across * width_mm, along * height_mm
        mark = {"x": x_mm, "y": y_mm, "form": _mark(deposit).form, "colour": _mark(deposit).hex}
        marks.append({"number": deposit.deposit_id, **mark, "size": MARK_MM[deposit.kind in READ_FIRST]})
        if (deposit.longest_diameter_mm or 0.0) * scale >= LARGE_ON_PAPER_MM:
            large.add(deposit.deposit_id)
        if deposit.kind in READ_FIRST or (deposit.kind not in NEVER_NUMBERED and len(targets) < MOST_LABELS_SET_ASIDE):
            targets.append(Target(number=deposit.deposit_id, x_mm=x_mm, y_mm=y_mm))
    by_number = {deposit.deposit_id: deposit for deposit in ordered}
    labels = [
        {
            "number": label.target.number,
            "left": label.on_left,
            "y": label.y_mm,
            "to_x": label.target.x_mm,
            "to_y": label.target.y_mm,
            "form": _mark(by_number[label.target.number]).form,
            "colour": _mark(by_number[label.target.number]).hex,
        }
        for label in lay_out(targets, width_mm=width_mm, height_mm=height_mm)
    ]
    numbered = {label["number"] for label in labels}
    marks = [mark for mark in marks if mark["number"] not in numbered & large]
    bar = max((length for length in SCALE_BARS_MM if length * scale <= 0.3 * width_mm), default=SCALE_BARS_MM[0])
    return {
        "name": plane.name,
        "file": f"{plane.name}.png",
        "width": width_mm,
        "height": height_mm,
        "letters": list(plane.letters),
        "marks": marks[::-1],  # the most important last, on top
        "labels": labels,
        "bar_mm": bar,
        "bar_paper": bar * scale,
        "unnumbered": len(ordered) - len(labels),
    }


def _mark(deposit: Deposit) -> KindMark:
    return KIND_MARKS[deposit.kind]
