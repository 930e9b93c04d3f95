"""The page for the family as PDF: one page, tagged, with words for who cannot see the pictures, the same bytes each time."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
from PIL import Image

from calciscope.share.family_page.typesetting import RESEARCH_USE, FamilyPage, PagePicture, family_pdf


def png(grey: int) -> bytes:
    held = io.BytesIO()
    Image.new("L", (300, 700), grey).save(held, "PNG")
    return held.getvalue()


PAGE = FamilyPage(
    title="Your scans, then and now",
    name='Ada #panic("x") $*_`<@ Example',
    day="28 Nov 2026",
    sections=[(f"Part {one}", ["A short sentence that says a thing."] * 5) for one in range(5)],
    pictures=[PagePicture(png=png(90), caption="Then", alt="A leg."), PagePicture(png=png(120), caption="Now", alt="The leg again.")],
    below_pictures="Bright spots are calcium.",
    blanks=["Next visit", "If you have questions, call"],
)  # fmt: skip


def test_it_is_one_tagged_page_with_its_words() -> None:
    reader = pypdf.PdfReader(io.BytesIO(family_pdf(PAGE)))
    (page,) = reader.pages
    text = " ".join(page.extract_text().split())
    for words in (PAGE.title, '#panic("x") $*_`<@', "Part 4", "Next visit", RESEARCH_USE, "28 Nov 2026"):
        assert words in text, words
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].lower().startswith("en")
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None and reader.metadata.title == PAGE.title


def test_pictures_carry_their_words() -> None:
    reader = pypdf.PdfReader(io.BytesIO(family_pdf(PAGE)))
    assert sorted(alts(reader.trailer["/Root"]["/StructTreeRoot"])) == ["A leg.", "The leg again."]


def alts(node) -> list[str]:
    """The alternative texts below a node of the tree of tags."""
    held = node.get_object()
    if isinstance(held, list):
        return [text for one in held for text in alts(one)]
    if not isinstance(held, pypdf.generic.DictionaryObject):
        return []
    mine = [str(held["/Alt"])] if "/Alt" in held else []
    return mine + (alts(held["/K"]) if "/K" in held else [])


def test_without_pictures_and_twice_the_same() -> None:
    bare = replace(PAGE, pictures=[])
    assert family_pdf(bare) == family_pdf(bare) != family_pdf(PAGE)
