"""Turns a comparison into difference.png, changes.png, report.pdf and the files of the map; the same input gives the same bytes."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from calciscope.share.change_report.map_files import write_map
from calciscope.share.change_report.words import content, day, importance
from calciscope.share.event_marks import EVENT_MARKS
from calciscope.share.pictures.change_map import PANELS, ChangeMap, change_map
from calciscope.share.pictures.planes import AXIAL, CORONAL, SAGITTAL, Plane, array_axes
from calciscope.share.report.label_layout import Target, lay_out
from calciscope.share.typeset import put_parts, put_picture, typeset
from calciscope.terms.geometry import Grid
from calciscope.terms.progress import Progress, silent
from calciscope.terms.tracking import Comparison, Event, Family, TimePoint, Tracking

PARTS_NAME = ".parts"
RESULTS = ("difference.png", "changes.png", "report.pdf")
MARGIN_MM = 9.0  # beside each panel, for the numbers
PAGE_MM, ROW_MM = 284.0, 118.0  # inner width of the picture, and the height of a row of panels
REPORT_MM, REPORT_ROW_MM = 176.0, 74.0
MARK_MM = 2.2
SCALE_BARS_MM = (5, 10, 20, 50, 100, 200, 500)
FLAT_BELOW = 0.5  # height over width of the scan below which the axial projection shows more than the sagittal
CORES = 2


def draw(tracking: Tracking, folder: Path, *, progress: Progress = silent) -> None:
    """Write the files into ``folder`` for the last follow-up; the hidden work folder is removed again."""
    step = "Drawing the comparison"
    progress(step, 0.0)
    comparison = tracking.comparisons[-1]
    maps = [change_map(tracking, comparison, plane) for plane in _planes(tracking.scans[0].anatomy.grid)]
    parts = folder / PARTS_NAME
    parts.mkdir()
    try:
        for one in maps:
            for panel in PANELS:
                put_picture(parts, f"{one.plane.name}_{panel}.png", one.pictures[panel])
        said = content(tracking, comparison)
        days = [day(tracking.scans[n].facts.scan_date) for n in (0, comparison.followup)]
        places = _places(tracking, comparison)
        write_map(maps, comparison, places, folder)
        said["panels"] = [_panels(one, comparison, places, PAGE_MM, ROW_MM, days) for one in maps]
        said["report_panels"] = [_panels(one, comparison, places, REPORT_MM, REPORT_ROW_MM, days) for one in maps]
        (parts / "content.json").write_text(json.dumps(said), encoding="utf-8")
        put_parts(parts, "calciscope.share.report", ("marks.typ", "views.typ"))
        put_parts(parts, __package__, ("parts.typ", "difference.typ", "changes.typ", "report.typ"))
        progress(step, 0.4)
        with ThreadPoolExecutor(CORES) as pool:
            for name, made in zip(RESULTS, pool.map(lambda name: typeset(parts, name), RESULTS), strict=True):
                (folder / name).write_bytes(made)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    progress(step, 1.0)


def _planes(grid: Grid) -> tuple[Plane, ...]:
    """Coronal and sagittal; axial instead of the latter where the scan is flat."""
    axes = array_axes(grid)
    left_mm, back_mm, head_mm = (grid.shape[axis] * grid.spacing_mm[axis] for axis in axes)
    return (CORONAL, AXIAL) if head_mm < FLAT_BELOW * max(left_mm, back_mm) else (CORONAL, SAGITTAL)


def _places(tracking: Tracking, comparison: Comparison) -> dict[int, np.ndarray]:
    """track_id -> where the family lies in the first scan (LPS mm)."""
    first, second = tracking.scans[0], tracking.scans[comparison.followup]
    found = {}
    for family in comparison.families:
        if family.baseline_ids:
            found[family.track_id] = _centre(first, family.baseline_ids)
        else:
            own = second.voxels.of(family.followup_ids)
            found[family.track_id] = comparison.followup_in_baseline_mm[own].mean(axis=0).astype(np.float64)
    return found


def _centre(scan: TimePoint, ids: tuple[int, ...]) -> np.ndarray:
    members = [scan.deposit(one) for one in ids]
    main = max(members, key=lambda one: one.mass_mg or 0.0)
    return np.array([main.x_mm, main.y_mm, main.z_mm])


def _panels(
    one: ChangeMap,
    comparison: Comparison,
    places: dict[int, np.ndarray],
    width_mm: float,
    height_mm: float,
    days: list[str],
) -> list[dict[str, object]]:
    """The three panels of one plane: size on paper, marks, numbers."""
    frame = one.frame
    scale = min(
        (width_mm / len(PANELS) - 2 * MARGIN_MM - 2.0) / (frame.width * frame.pixel_mm),
        height_mm / (frame.height * frame.pixel_mm),
    )
    width, height = frame.width * frame.pixel_mm * scale, frame.height * frame.pixel_mm * scale
    bar = max((mm for mm in SCALE_BARS_MM if mm * scale <= 0.3 * width), default=SCALE_BARS_MM[0])
    first, second = days
    captions = {"then": f"Then, {first}", "now": f"Now, {second}, laid over then", "difference": "Difference"}
    alts = {
        "then": "Projection of the first scan with its deposits, numbers as in the table.",
        "now": "Projection of the later scan's deposits laid over the first scan, numbers as in the table.",
        "difference": "Projected gain and loss of mineral; events marked, numbers as in the table.",
    }
    shown = []
    for panel in PANELS:
        families = sorted((f for f in comparison.families if _belongs(f, panel)), key=importance)
        marks, labels = _marks(one, families, places, width, height)
        shown.append(
            {
                "name": one.plane.name,
                "caption": captions[panel],
                "alt": f"{one.plane.name.capitalize()}. {alts[panel]}",
                "file": f"{one.plane.name}_{panel}.png",
                "width": width,
                "height": height,
                "letters": list(one.plane.letters),
                "marks": marks if panel == "difference" else [],
                "labels": labels if panel == "difference" else [],
                "bar_mm": bar,
                "bar_paper": bar * scale,
            }
        )
    return shown


def _belongs(family: Family, panel: str) -> bool:
    return panel == "difference" and (family.event is not Event.NOT_EVALUABLE or family.limit_mg is None)


def _marks(
    one: ChangeMap, families: list[Family], places: dict[int, np.ndarray], width: float, height: float
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    marks, targets = [], []
    for family in families:
        across, along = one.place(places[family.track_id])
        mark = EVENT_MARKS[family.event]
        x, y = across * width, along * height
        marks.append(
            {"number": family.track_id, "x": x, "y": y, "form": mark.form, "colour": mark.hex, "size": MARK_MM}
        )
        targets.append(Target(number=family.track_id, x_mm=x, y_mm=y))
    by_number = {family.track_id: EVENT_MARKS[family.event] for family in families}
    labels = [
        {
            "number": label.target.number,
            "left": label.on_left,
            "y": label.y_mm,
            "to_x": label.target.x_mm,
            "to_y": label.target.y_mm,
            "form": by_number[label.target.number].form,
            "colour": by_number[label.target.number].hex,
        }
        for label in lay_out(targets, width_mm=width, height_mm=height)
    ]
    return marks[::-1], labels
