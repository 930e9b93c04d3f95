"""Texts for patients: short sentences that a twelve-year-old reads, and files that are whole or refused."""

from __future__ import annotations

import re

import pytest

from calciscope.knowledge import knowledge
from calciscope.knowledge.load_patient_info import Part, patient_info
from calciscope.knowledge.toml_table import KnowledgeRefused

KNOWN = knowledge()
HIGHEST_GRADE = 6.0  # Flesch-Kincaid: the school year in which one is 11 to 12
HEAD = """+++
part = "call_today"
title = "Fever"
source = "own-judgement"
verification = "judgement"
checked = 2026-11-28
reviewed_by = "nobody yet"
+++
"""
BODY = "There is a fever.\n"


def load(text: str):
    return patient_info(text, "fever", therapies=KNOWN.therapies, sources=KNOWN.sources)


def syllables(word: str) -> int:
    found = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and len(found) > 1 and not word.lower().endswith("le")
    return max(1, len(found) - silent)


def grade(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid and others 1975; memory)."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?]", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_grade_tells_easy_from_hard() -> None:
    assert grade("The cat sat on the mat. It was warm.") < 2
    assert grade("Immunosuppressive pharmacotherapy necessitates comprehensive haematological surveillance.") > 20


def test_all_texts_together_are_read_at_eleven_or_twelve() -> None:
    whole = " ".join(" ".join(one.lines) for one in KNOWN.patient_info.values())
    assert grade(whole) <= HIGHEST_GRADE


def test_every_kind_of_text_is_there() -> None:
    assert {one.part for one in KNOWN.patient_info.values()} == set(Part)


@pytest.mark.parametrize(
    "sign",
    ["fever", "skin near a lump gets red", "stairs", "goes down the wrong way", "hard to breathe", "gets much worse"],
)
def test_when_to_call_names_what_must_not_wait(sign) -> None:
    calls = [one for one in KNOWN.patient_info.values() if one.part in (Part.CALL_NOW, Part.CALL_TODAY)]
    assert sign.lower() in " ".join(" ".join(one.lines) for one in calls).lower()


def test_nobody_is_said_to_have_reviewed_what_nobody_has() -> None:
    assert {one.reviewed_by for one in KNOWN.patient_info.values()} == {"nobody yet"}


def test_a_therapy_has_one_text() -> None:
    named = [therapy for one in KNOWN.patient_info.values() for therapy in one.therapies]
    assert len(named) == len(set(named))


def test_a_whole_file_is_taken() -> None:
    info = load(HEAD + BODY)
    assert info.lines == ("There is a fever.",)
    assert info.id == "fever"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (BODY, 1, "a head between two lines"),
        (HEAD, 8, "nothing stands below its head"),
        (HEAD.replace('"call_today"', '"later"') + BODY, 2, "must be one of"),
        (HEAD.replace('"own-judgement"', '"nowhere"') + BODY, 4, "no file in evidence"),
        (HEAD.replace('"judgement"', '"certain"') + BODY, 5, "must be one of"),
        (HEAD.replace("2026-11-28", '"soon"') + BODY, 6, "must be a date"),
        (HEAD.replace("title", "titel") + BODY, 1, "title must be there"),
        (HEAD.replace("reviewed_by", "reviewd_by") + BODY, 1, "reviewed_by must be there"),
        (HEAD.replace("title =", 'colour = "red"\ntitle =') + BODY, 3, "colour means nothing"),
        (HEAD.replace("title =", 'therapies = ["diltiazem"]\ntitle =') + BODY, 3, "names its therapies, and no other"),
        (HEAD.replace('part = "call_today"', 'part = "treatment"') + BODY, 1, "names its therapies"),
        (HEAD.replace("title = ", "title "), 3, "is not TOML"),
        (HEAD + BODY + "Call 0123 4567 at once.\n", 10, "phone number"),
        (HEAD + "Look at [this](page).\n", 9, "without markup"),
        (HEAD + "- A list.\n", 9, "without markup"),
        (HEAD + BODY + " ".join(["word"] * 21) + ".\n", 10, "21 words"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(text, line, what) -> None:
    with pytest.raises(KnowledgeRefused) as refused:
        load(text)
    assert "patient_info/fever.md" in str(refused.value)
    assert f"line {line}" in str(refused.value), str(refused.value)
    assert what in str(refused.value), str(refused.value)
