"""Texts for patients: `patient_info/<id>.md`, a head in TOML between lines of +++ and then short sentences."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from calciscope.knowledge.toml_table import KnowledgeRefused, top_table
from calciscope.terms.scores import Verification

FENCE = "+++"
MOST_WORDS = 20  # a sentence: longer ones are hard to read at 11 or 12 (usual advice of plain language; judgement)
NUMBER = re.compile(r"\d{3,}")
"""Three figures in a row may be a phone number; that is the clinic's own and never a text's."""
SENTENCE = re.compile(r"[^.!?]+[.!?]?")
MARKUP = ("<", ">", "](", "**", "`", "#")


class Part(StrEnum):
    """Where in a letter a text stands."""

    ABOUT = "about"
    TREATMENT = "treatment"
    CALL_NOW = "call_now"
    CALL_TODAY = "call_today"
    NOBODY_ANSWERS = "nobody_answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientInfo:
    """One text; ``therapies`` are those it is about, empty for a text that stands for everybody."""

    id: str
    part: Part
    title: str
    place: int
    therapies: tuple[str, ...]
    lines: tuple[str, ...]
    source: str
    verification: Verification
    checked: date
    reviewed_by: str


def patient_info(text: str, info_id: str, *, therapies: Collection[str], sources: Collection[str]) -> PatientInfo:
    """A text from its file. Raises KnowledgeRefused with file, line and what is wrong."""
    file = f"patient_info/{info_id}.md"
    lines = text.split("\n")
    if lines[0] != FENCE or FENCE not in lines[1:]:
        raise KnowledgeRefused(
            f"The knowledge file {file}, line 1: a head between two lines of {FENCE} must come first."
        )
    end = lines.index(FENCE, 1)
    table = top_table("\n".join(["", *lines[1:end]]), file)
    place = table.count("place")
    info = PatientInfo(
        id=info_id,
        part=table.word("part", Part),
        title=table.text("title"),
        place=0 if place is None else place,
        therapies=table.texts("therapies", therapies),
        lines=_lines(lines, end, file),
        source=table.text("source"),
        verification=table.word("verification", Verification),
        checked=table.day("checked"),
        reviewed_by=table.text("reviewed_by"),
    )
    if info.source not in sources:
        table.refuse(f"it cites {info.source!r}, which is no file in evidence", "source")
    if (info.part is Part.TREATMENT) != bool(info.therapies):
        table.refuse("a text on a treatment names its therapies, and no other text does", "therapies")
    table.done()
    return info


def _lines(lines: list[str], end: int, file: str) -> tuple[str, ...]:
    """The body: each line one thing, each sentence short, no markup and no figures that might be a phone number."""
    body = []
    for number, line in enumerate(lines[end + 1 :], start=end + 2):
        said = line.strip()
        if said:
            _check(said, f"The knowledge file {file}, line {number}")
            body.append(said)
    if not body:
        raise KnowledgeRefused(f"The knowledge file {file}, line {end + 1}: nothing stands below its head.")
    return tuple(body)


def _check(said: str, where: str) -> None:
    if any(sign in said for sign in MARKUP) or said.startswith("- "):
        raise KnowledgeRefused(f"{where}: a text for patients is plain, without markup or links.")
    if NUMBER.search(said):
        raise KnowledgeRefused(
            f"{where}: three figures in a row may be a phone number, which only the clinic can give."
        )
    for sentence in SENTENCE.findall(said):
        words = len(sentence.split())
        if words > MOST_WORDS:
            raise KnowledgeRefused(f"{where}: a sentence has {words} words; write at most {MOST_WORDS}.")
