"""Turns content and pictures into overview.png and report.pdf with Typst; the same input gives the same bytes."""

from __future__ import annotations

import io
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

from PIL import Image

from calciscope.share.pictures.key_image import KeyImage, key_image
from calciscope.share.pictures.planes import AXIAL, CORONAL, SAGITTAL, Plane, array_axes
from calciscope.share.pictures.projection import Projection, footprint, project
from calciscope.share.report.content import content
from calciscope.share.report.view_layout import Box, view_content
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.geometry import Grid
from calciscope.terms.measurement import Measurement
from calciscope.terms.progress import Progress, silent

KEY_CALCINOSIS = 6
KEY_UNCERTAIN = 2
REPORT_BOX = Box(width_mm=176.0, height_mm=128.0)
OVERVIEW_BOX = Box(width_mm=200.0, height_mm=150.0)
OVERVIEW_PPI = 150.0
FLAT_BELOW = 0.5  # height over width of the scan below which the axial projection shows more than the sagittal
EPOCH_S = 0  # the PDF's creation time: fixed, so that the same input gives the same bytes
PARTS_NAME = ".parts"
RESULTS = ("overview.png", "report.pdf")
CORES = 2  # no more than two things to draw or typeset at a time
FONTS = ("SourceSansPro-Regular.otf", "SourceSansPro-It.otf", "SourceSansPro-Semibold.otf")


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
            for name, typeset in zip(RESULTS, pool.map(lambda name: _typeset(parts, name), RESULTS), strict=True):
                (folder / name).write_bytes(typeset)
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
        (parts / f"{view.plane.name}.png").write_bytes(_png(view.picture))
    for number, key in enumerate(keys):
        for plane, picture in key.cuts:
            (parts / f"key_{number}_{plane.name}.png").write_bytes(_png(picture))
    said = content(measurement, keys)
    said["views"] = view_content(views, measurement.deposits, REPORT_BOX)
    said["overview"] = view_content(views, measurement.deposits, OVERVIEW_BOX)
    (parts / "content.json").write_text(json.dumps(said), encoding="utf-8")
    (parts / "fonts").mkdir()
    for font in FONTS:  # these alone: the package holds each face twice, and which one is taken must not vary
        (parts / "fonts" / font).write_bytes(resources.files("font_source_sans_pro").joinpath("files", font).read_bytes())
    for template in ("marks.typ", "views.typ", "overview.typ", "report.typ"):
        (parts / template).write_bytes(resources.files(__package__).joinpath(template).read_bytes())


def _png(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    picture.save(held, "PNG", compress_level=0)  # only typesetting reads it, which packs it again
    return held.getvalue()


def _typeset(parts: Path, name: str) -> bytes:
    """The finished file ``name`` from the template of its stem."""
    import typst

    template, kind = name.split(".")
    return typst.compile(
        str(parts / f"{template}.typ"),
        root=str(parts),
        font_paths=[str(parts / "fonts")],
        ignore_system_fonts=True,
        format="pdf" if kind == "pdf" else "png",
        ppi=OVERVIEW_PPI,
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        timestamp=EPOCH_S,
    )
