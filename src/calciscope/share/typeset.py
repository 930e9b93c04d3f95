"""Typst pages to PDF and PNG: the font, the fixed clock and the standards that every document of ours shares."""

from __future__ import annotations

import io
from importlib import resources
from pathlib import Path

from PIL import Image

EPOCH_S = 0  # the PDF's creation time: fixed, so that the same input gives the same bytes
PICTURE_PPI = 150.0
FONTS = ("SourceSansPro-Regular.otf", "SourceSansPro-It.otf", "SourceSansPro-Semibold.otf")


def put_parts(parts: Path, package: str, templates: tuple[str, ...]) -> None:
    """Copy fonts and templates of ``package`` into the folder ``parts``."""
    fonts = parts / "fonts"
    fonts.mkdir(exist_ok=True)
    for font in FONTS:  # these alone: the package holds each face twice, and which one is taken must not vary
        (fonts / font).write_bytes(resources.files("font_source_sans_pro").joinpath("files", font).read_bytes())
    for template in templates:
        (parts / template).write_bytes(resources.files(package).joinpath(template).read_bytes())


def put_picture(parts: Path, name: str, picture: Image.Image) -> None:
    """Save a picture for a page to hold; only typesetting reads it, which packs it again."""
    held = io.BytesIO()
    picture.save(held, "PNG", compress_level=0)
    (parts / name).write_bytes(held.getvalue())


def typeset(parts: Path, name: str, *, template: str | None = None) -> bytes:
    """The finished file ``name`` (.pdf or .png) from ``template``, or from the template of its own stem."""
    import typst

    stem, kind = name.split(".")
    return typst.compile(
        str(parts / f"{template or stem}.typ"),
        root=str(parts),
        font_paths=[str(parts / "fonts")],
        ignore_system_fonts=True,
        format="pdf" if kind == "pdf" else "png",
        ppi=PICTURE_PPI,
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        timestamp=EPOCH_S,
    )
