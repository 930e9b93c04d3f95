"""How the patient is: activity, effects, symptoms, scores, and what was examined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.in_words.fact_words import lines_of, said
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.record.picture.held import Held, value
from calciscope.record.written_days import written

MOVED = ("joint", "side", "movement")
RATED = ("skin_effects", "symptoms", "anchor_questions")
NO_RESULT = frozenset(
    {
        "schema", "schema_version", "research_use", "software", "instrument", "title", "missing", "parts", "readings",
        "notes", "cautions", "source", "verification", "verification_of", "rights", "answers",
    }
)  # fmt: skip
"""Keys of a score's document that are no result."""


def day_of(fact: Fact | None) -> str:
    """The day a fact tells of, else the day on which it was written."""
    if fact is None:
        return ""
    return written((fact.effective_on or fact.at.date()).isoformat())


def activity(held: Held) -> tuple[tuple[str, str], ...]:
    """The newest judgement, with its day; empty where none was ever recorded."""
    fact = held.newest("activity")
    if fact is None:
        return ()
    return tuple((label, words) for label, words in lines_of(fact)) + (("Judged on", day_of(fact)),)


def active(held: Held) -> bool | None:
    """Whether the disease was active when it was judged last."""
    state = value(held.newest("activity"), "state")
    return None if state is None else state == "active"


def effects(held: Held) -> tuple[tuple[str, str, str], ...]:
    """(title, day, words) of the newest ratings; every item that was answered is named, not assessed ones too."""
    found = [(noun(name).title, held.newest(name)) for name in RATED]
    return tuple((title, day_of(fact), _lines(fact)) for title, fact in found if fact)


def scores(held: Held) -> tuple[tuple[str, str, str], ...]:
    """The newest score of each instrument."""
    newest = {str(fact.data["instrument"]): fact for fact in held.all("instrument_score")}
    return tuple((_title(fact), day_of(fact), _result(fact.data["result"])) for fact in newest.values())


def movements(held: Held) -> tuple[str, ...]:
    """The newest measurement of each movement of each joint."""
    newest = {tuple(str(fact.data.get(key)) for key in MOVED): fact for fact in held.all("joint_movement")}
    return tuple(f"{phrase(fact)} ({day_of(fact)})" for fact in newest.values())


def examined(held: Held) -> str:
    """What was last looked at for deposits, and whether any were found."""
    fact = held.newest("examination")
    if fact is None:
        return ""
    words = {field.name: said(field, fact.data.get(field.name)) for field in noun("examination").fields}
    parts = f": {words['regions']}" if words["regions"] else ""
    told = words["extent"] if words["extent"] == words["outcome"] else f"{words['extent']}{parts}: {words['outcome']}"
    remark = f" {words['remark']}" if words["remark"] else ""
    return f"{told[:1].upper()}{told[1:]} ({day_of(fact)}).{remark}"


def _lines(fact: Fact) -> str:
    return "; ".join(f"{label.lower()}: {words}" for label, words in lines_of(fact))


def _title(fact: Fact) -> str:
    return str(fact.data["result"].get("title", fact.data["instrument"]))


def _result(result: Mapping[str, Any]) -> str:
    """Every number and word that the instrument gave, and how many answers were missing."""
    told = [
        f"{name.replace('_', ' ')} {_spoken(held)}"
        for name, held in result.items()
        if name not in NO_RESULT and not isinstance(held, Mapping | list)
    ]
    missing = len(result.get("missing", ()))
    return "; ".join(told) + (f"; {missing} answer{'s' if missing != 1 else ''} not assessed" if missing else "")


def _spoken(held: Any) -> str:
    if held is None:
        return "cannot be told"
    if isinstance(held, bool):
        return "yes" if held else "no"
    return f"{held:g}" if isinstance(held, int | float) else str(held).replace("_", " ")
