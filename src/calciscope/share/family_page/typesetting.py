"""Sets the page for the family: the same page gives the same bytes, and it stays one page."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from calciscope.share.software import software
from calciscope.share.typeset import put_parts, typeset

NAME = "family.pdf"
RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A PNG with the words below it and those for who cannot see it."""

    png: bytes
    caption: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPage:
    """What the page says: sections of (heading, sentences), two pictures, and lines that are filled in by hand."""

    title: str
    name: str
    day: str
    sections: Sequence[tuple[str, Sequence[str]]]
    pictures: Sequence[PagePicture]
    below_pictures: str
    blanks: Sequence[str]


def family_pdf(page: FamilyPage) -> bytes:
    """The document as PDF/UA-1."""
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder)
        put_parts(parts, "calciscope.share.report", ("marks.typ",))
        put_parts(parts, __package__, ("family.typ",))
        shown = []
        for place, picture in enumerate(page.pictures):
            name = f"picture_{place}.png"
            (parts / name).write_bytes(picture.png)
            shown.append({"file": name, "caption": picture.caption, "alt": picture.alt})
        told = {
            "title": page.title,
            "name": page.name,
            "day": page.day,
            "sections": [[heading, " ".join(lines)] for heading, lines in page.sections],
            "pictures": shown,
            "below": page.below_pictures,
            "blanks": list(page.blanks),
            "research_use": RESEARCH_USE,
            "version": f"Calciscope {software()['version']}",
        }
        (parts / "content.json").write_text(json.dumps(told), encoding="utf-8")
        return typeset(parts, NAME)
