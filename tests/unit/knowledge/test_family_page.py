"""The words of the page for the family: easy to read, of both versions alike, and without a promise."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from calciscope.knowledge.load_family_page import FamilyWords, family_words, versions
from calciscope.terms.errors import Broken

MOST_WORDS = 20  # a sentence (usual advice of plain language; judgement)
HARDEST_GRADE = 6.0
"""Flesch-Kincaid grade that a child of 11 or 12 reads (usual aim of patient information; Kincaid 1975 for the formula, memory)."""
VOWELS = re.compile(r"[aeiouy]+")
TOLD = {
    "then_on": "1 May", "now_on": "2 May", "part": "left leg", "then": "41", "now": "29", "limit": "4", "new": "2", "pain_then": "6",
    "pain_now": "3", "said": "better", "review": "1 June",
}  # fmt: skip


def syllables(word: str) -> int:
    """A rough count: groups of vowels, without a silent e at the end."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    if not plain:
        return 1
    found = len(VOWELS.findall(plain)) - (plain.endswith("e") and not plain.endswith(("le", "ee")) and len(plain) > 3)
    return max(1, found)


def grade(text: str) -> float:
    """Flesch-Kincaid grade level."""
    sentences = [one for one in re.split(r"[.!?]", text) if one.strip()]
    words = text.split()
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def whole(words: FamilyWords) -> str:
    texts = [words.say(name, **TOLD) for name in words.texts if not name.startswith(("alt_", "then_", "now_"))]
    return " ".join(text if text.endswith(".") else f"{text}." for text in texts)


def test_there_is_one_for_children_and_one_for_others() -> None:
    assert versions() == ("child", "plain")
    child, plain = family_words("child"), family_words("plain")
    assert set(child.texts) == set(plain.texts) and set(child.headings) == set(plain.headings)


@pytest.mark.parametrize("version", versions())
def test_it_can_be_read_at_eleven(version: str) -> None:
    text = whole(family_words(version))
    assert grade(text) <= HARDEST_GRADE, round(grade(text), 1)
    longest = max((one.split() for one in re.split(r"[.!?]", text)), key=len)
    assert len(longest) <= MOST_WORDS, " ".join(longest)


def test_the_child_reads_no_words_of_the_hospital() -> None:
    assert not re.search(r"\b(scan|scanner|CT|calcium|milligram|team|plan)\b", whole(family_words("child")))


@pytest.mark.parametrize("version", versions())
def test_it_promises_nothing_and_says_what_scans_do_not_tell(version: str) -> None:
    words = family_words(version)
    assert not re.search(r"\b(good news|cure|heal|healthy|success|improve)", whole(words).lower())
    assert "better or worse" in words.texts["not_told"] and "works" in words.texts["not_told"]
    for cause in ("resorbed", "extruded", "drained", "excised", "unknown"):
        assert "good" not in words.texts[cause].lower()
    assert words.reviewed_by == "nobody yet"


def test_a_text_that_asks_for_something_else_is_our_fault() -> None:
    with pytest.raises(Broken, match="asks for limit"):
        family_words("plain").say("limit")


def test_braces_name_what_the_record_fills_in() -> None:
    for version in versions():
        for text in family_words(version).texts.values():
            assert {field for _, field, _, _ in Formatter().parse(text) if field} <= set(TOLD)
