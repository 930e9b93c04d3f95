"""Turns content and pictures into overview.png and report.pdf with Typst; the same input gives the same bytes."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from calciscope.share.pictures.key_image import KeyImage, key_image
from calciscope.share.pictures.planes import AXIAL, CORONAL, SAGITTAL, Plane, array_axes
from calciscope.share.pictures.projection import Projection, footprint, project
from calciscope.share.report.content import content
from calciscope.share.report.view_layout import Box, view_content
from calciscope.share.typeset import put_parts, put_picture, typeset
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.geometry import Grid
from calciscope.terms.measurement import Measurement
from calciscope.terms.progress import Progress, silent

KEY_CALCINOSIS = 6
KEY_UNCERTAIN = 2
REPORT_BOX = Box(width_mm=176.0, height_mm=128.0)
OVERVIEW_BOX = Box(width_mm=200.0, height_mm=150.0)
FLAT_BELOW = 0.5  # height over width of the scan below which the axial projection shows more than the sagittal
PARTS_NAME = ".parts"
RESULTS = ("overview.png", "report.pdf")
CORES = 2  # no more than two things to draw or typeset at a time


def draw(measurement: Measurement, folder: Path, *, progress: Progress = silent) -> None:
    """Write overview.png and report.pdf into ``folder``; its hidden work folder is removed again."""
    step = "Drawing the report"
    progress(step, 0.0)
    marked = footprint(measurement.labels)
    progress(step, 0.1)
    with ThreadPoolExecutor(CORES) as pool:  # results are taken in order: threads change nothing but the time
        planes = _planes(measurement.series.volume.grid)
        views = list(pool.map(lambda plane: project(measurement, marked, plane), planes))
        progress(step, 0.3)
        cuts = pool.map(lambda deposit: key_image(measurement, marked, deposit), _key_deposits(measurement))
        keys = [key for key in cuts if key is not None]
        progress(step, 0.4)
        parts = folder / PARTS_NAME
        parts.mkdir()
        try:
            _save_parts(parts, measurement, views, keys)
            for name, made in zip(RESULTS, pool.map(lambda name: typeset(parts, name), RESULTS), strict=True):
                (folder / name).write_bytes(made)
                progress(step, 0.8)
        finally:
            shutil.rmtree(parts, ignore_errors=True)
    progress(step, 1.0)


def _planes(grid: Grid) -> tuple[Plane, ...]:
    """Coronal and sagittal; where the scan is too flat for those to show much, axial and coronal."""
    axes = array_axes(grid)
    left_mm, back_mm, head_mm = (grid.shape[axis] * grid.spacing_mm[axis] for axis in axes)
    flat = head_mm < FLAT_BELOW * max(left_mm, back_mm)
    return (AXIAL, CORONAL) if flat else (CORONAL, SAGITTAL)


def _key_deposits(measurement: Measurement) -> list[Deposit]:
    """The largest deposits of calcinosis, then the largest uncertain ones."""
    of_kind = {kind: [one for one in measurement.deposits if one.kind is kind] for kind in Kind}
    return of_kind[Kind.CALCINOSIS][:KEY_CALCINOSIS] + of_kind[Kind.UNCERTAIN][:KEY_UNCERTAIN]


def _save_parts(parts: Path, measurement: Measurement, views: list[Projection], keys: list[KeyImage]) -> None:
    for view in views:
        put_picture(parts, f"{view.plane.name}.png", view.picture)
    for number, key in enumerate(keys):
        for plane, picture in key.cuts:
            put_picture(parts, f"key_{number}_{plane.name}.png", picture)
    said = content(measurement, keys)
    said["views"] = view_content(views, measurement.deposits, REPORT_BOX)
    said["overview"] = view_content(views, measurement.deposits, OVERVIEW_BOX)
    (parts / "content.json").write_text(json.dumps(said), encoding="utf-8")
    put_parts(parts, __package__, ("marks.typ", "views.typ", "overview.typ", "report.typ"))
