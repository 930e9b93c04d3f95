"""Letters as documents: PDF/UA-1, the same bytes, footers on every page, long content over pages."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from calciscope.share.letter.catalogue import kind_of, kinds
from calciscope.share.letter.typesetting import digest, letter_pdf, pages
from calciscope.terms.errors import Refused
from calciscope.terms.letter import Beside, Letter, Picture
from calciscope.terms.letter_facts import PlanState, Typed
from tests.unit.share.letter import made

FAMILY = replace(made.MUCH, judged=None, texts=made.texts("diltiazem"))
UNSIGNED = replace(
    made.MUCH, plan=replace(made.PLAN, state=PlanState.PRESENTED, lacks=("No physician has signed it.",))
)


def letter(kind: str, facts=made.MUCH, typed: Typed = made.TYPED, pictures=()) -> Letter:
    return kind_of(kind).compose(FAMILY if kind == "family" else facts, typed, pictures)


def png(width: int = 300, height: int = 200) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(held, "PNG")
    return held.getvalue()


def roles(pdf: bytes) -> list[str]:
    """Every role of the structure tree, in reading order."""
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K", []))

    walk(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])
    return found


def texts(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("kind", kinds())
def test_it_is_tagged_and_has_language_title_headings_and_bookmarks(kind) -> None:
    made_of = letter(kind)
    pdf = letter_pdf(made_of)
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == made_of.head.title
    assert b"pdfuaid" in pdf
    assert "/H1" in roles(pdf) and "/H2" in roles(pdf)
    assert len(reader.outline) >= 1
    assert all(font["/FontDescriptor"] for font in embedded(reader))


def embedded(reader: PdfReader) -> list:
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    return [one.get_object() for font in fonts for one in font.get_object()["/DescendantFonts"]]


@pytest.mark.parametrize("kind", ["assessment_and_plan", "second_opinion"])
def test_tables_have_headings(kind) -> None:
    found = roles(letter_pdf(letter(kind)))
    assert found.count("/Table") >= 8
    assert found.count("/TH") >= 30
    assert found.count("/THead") == found.count("/Table")


@pytest.mark.parametrize("kind", kinds())
def test_the_same_letter_gives_the_same_bytes(kind) -> None:
    assert letter_pdf(letter(kind)) == letter_pdf(letter(kind))
    assert digest(letter(kind)) == digest(letter(kind))
    assert digest(letter(kind)) != digest(letter(kind, typed=replace(made.TYPED, opening="Other words.")))


def test_every_page_names_patient_day_and_number() -> None:
    pdf = letter_pdf(letter("assessment_and_plan"))
    assert pages(pdf) == len(texts(pdf)) >= 3
    for number, text in enumerate(texts(pdf), start=1):
        assert "Müller-Lüdenscheidt-Öztürk, Anna-Élodie, H-0001, H-77 · 28 Nov 2026" in text
        assert f"page {number} of {pages(pdf)}" in text


def test_a_draft_says_so_across_every_page_and_a_plan_in_force_does_not() -> None:
    for text in texts(letter_pdf(letter("assessment_and_plan", UNSIGNED))):
        assert "DRAFT" in text
        assert "draft, not in force" in text
    assert not any("DRAFT" in text for text in texts(letter_pdf(letter("assessment_and_plan"))))


@pytest.mark.parametrize("count", [0, 1, 10, 60])
def test_long_tables_break_over_pages_with_their_headings(count) -> None:
    facts = replace(made.MUCH, deposits=made.deposits(count))
    told = texts(letter_pdf(letter("assessment_and_plan", facts)))
    whole = " ".join(told)
    assert all(f"D{number:02d}" in whole for number in range(1, count + 1))
    with_deposits = [text for text in told if "subcutaneous nodule" in text]
    assert all("What it is like" in text for text in with_deposits)


def test_the_family_has_one_page_unless_much_was_typed() -> None:
    assert pages(letter_pdf(letter("family"))) == 1
    much = replace(made.TYPED, opening="\n\n".join(["A long paragraph of many words."] * 40))
    assert pages(letter_pdf(letter("family", typed=much))) > 1


def test_pictures_have_words_for_those_who_do_not_see_them() -> None:
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 160"><rect width="80" height="160" fill="#ddd"/></svg>'
    view = Picture(content=drawn, suffix="svg", alt="Body map, front: D01", caption="Body map, front", width_mm=60)
    scan = Picture(content=png(), suffix="png", alt="Overview of the CT", caption="CT of 12 Oct 2026", width_mm=160)
    pdf = letter_pdf(letter("second_opinion", pictures=(Beside(left=(view,), right=(view,)), scan)))
    assert roles(pdf).count("/Figure") >= 3
    assert "CT of 12 Oct 2026" in " ".join(texts(pdf))


@pytest.mark.parametrize("name", ["محمد العربي", "שרה כהן", "Γεώργιος", "Иванов", "Nguyễn", "Łukasz Żółć"])
def test_names_of_many_scripts_are_set(name) -> None:
    facts = replace(made.MUCH, who=replace(made.MUCH.who, given_name=name))
    assert letter_pdf(letter("assessment_and_plan", facts)).startswith(b"%PDF-")


def test_a_script_without_a_font_is_refused_and_named() -> None:
    facts = replace(made.MUCH, who=replace(made.MUCH.who, given_name="太郎"))
    with pytest.raises(Refused, match="太.*fonts cannot show"):
        letter_pdf(letter("assessment_and_plan", facts))


def test_typed_text_is_no_markup() -> None:
    typed = replace(made.TYPED, opening="#panic() *bold* $x$ <label> @ref `code` // comment")
    assert "#panic() *bold* $x$ <label> @ref `code` // comment" in " ".join(
        texts(letter_pdf(letter("assessment_and_plan", typed=typed)))
    )
