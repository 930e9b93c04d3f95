"""A score in words: what it says, what is missing, and how well each value behind it was verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from calciscope.instruments.definition import Instrument
from calciscope.record.fact import Fact
from calciscope.web.design.course import Course
from calciscope.web.scores.curves import FRAME, NOUN


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One score for the page."""

    outputs: Sequence[tuple[str, str]]
    readings: Sequence[str]
    missing: Sequence[str]
    notes: Sequence[str]
    verification: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptScore:
    """A score that is in the record."""

    uid: UUID
    on: date
    instrument: str
    title: str
    outputs: Sequence[tuple[str, str]]
    missing: int


def results(instrument: Instrument, document: Mapping[str, Any]) -> Result:
    """From the document of a score."""
    titles = {output.name: output.title for output in instrument.outputs}
    return Result(
        outputs=_outputs(document, titles),
        readings=[f"{one['says']} ({one['source']})" for one in document["readings"]],
        missing=[path.replace("_", " ").replace(".", ": ") for path in document["missing"]],
        notes=document["notes"],
        verification=document["verification"],
        source=document["source"],
    )


def kept_scores(course: Course) -> list[KeptScore]:
    """Scores in the record, the newest first."""
    return [
        KeptScore(
            uid=fact.uid,
            on=course.when(fact),
            instrument=str(fact.data["instrument"]),
            title=str(fact.data["result"].get("title", fact.data["instrument"])),
            outputs=_outputs(fact.data["result"], {}),
            missing=len(fact.data["result"].get("missing", [])),
        )
        for fact in reversed(course.of_noun(NOUN))
    ]


def outputs_in_words(fact: Fact) -> str:
    """What a kept score says, in one line."""
    return "; ".join(f"{name}: {value}" for name, value in _outputs(fact.data["result"], {}))


def _outputs(document: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(_title(name, titles), _said(value)) for name, value in document.items() if name not in FRAME]


def _title(name: str, titles: Mapping[str, str]) -> str:
    if name in titles:
        return titles[name]
    return name.replace("_", " ")


def _said(value: Any) -> str:
    if value is None:
        return "cannot be told"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " to ".join(_said(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {_said(one)}" for name, one in value.items())
    return f"{value:g}" if isinstance(value, int | float) else str(value).replace("_", " ")
