"""The one sentence on top of the course: masses, whether beyond error, why mineral was lost, what the patient feels. Pure.

It never calls a loss good: where the record does not say why mineral was lost, the sentence says that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from calciscope.record.in_words.cause_words import CAUSE_WORDS, causes_words
from calciscope.record.written_days import written
from calciscope.terms.tracking import Cause

THIN_SPACE = "\u202f"
NOT_COMPARED = "not compared yet"
MOST_NAMED = 3  # the table below the sentence names all
EVENTS = ("new", "grown", "merged", "split")
"""What the sentence counts beside losses; what is stable or not evaluable stands in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What the patient said of it near the first and the last scan; None where nothing was recorded."""

    title: str
    then: float | None
    now: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug that was started or stopped between the scans."""

    name: str
    on: date
    started: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the sentence tells. Masses in mg; ``now_mg`` None: not evaluable, and ``why_not`` says why.

    ``lost`` are the families that lost more than error can explain: their causes and the deposit's label ("" if nobody linked it).
    """

    part: str
    then_on: date | None = None
    now_on: date | None = None
    then_mg: float | None = None
    now_mg: float | None = None
    limit_mg: float | None = None
    significant: bool | None = None
    why_not: str = ""
    events: Mapping[str, int] = field(default_factory=dict)
    lost: Sequence[tuple[tuple[Cause, ...], str]] = ()
    rating: Rating | None = None
    drugs: Sequence[Drug] = ()


def sentence(told: Told) -> str:
    """One sentence; its parts are divided by semicolons."""
    if told.then_on is None:
        return "No scan has been measured yet."
    if told.now_on is None:
        mass = (
            f"{amount(told.then_mg)} mg on {_day(told.then_on)}" if told.then_mg is not None else "mass not evaluable"
        )
        return f"{told.part} {mass}; there is no second scan to compare it with."
    return "; ".join(_parts(told)) + "."


def amount(value: float | None) -> str:
    """To whole milligrams from 10 mg on, with a thin space in thousands; two digits below."""
    if value is None:
        return "not evaluable"
    if abs(value) >= 10:
        return f"{value:,.0f}".replace(",", THIN_SPACE)
    return f"{value:.2g}"


def _parts(told: Told) -> Iterator[str]:
    yield f"{told.part} {masses(told)}"
    counted = [f"{told.events[event]} {event}" for event in EVENTS if told.events.get(event)]
    if counted:
        yield ", ".join(counted)
    if told.lost or _less(told):
        yield f"loss: {_losses(told)}"
    yield from _felt(told)


def masses(told: Told) -> str:
    """Such as "412 \u2192 297 mg (10 Mar 2025, 12 Mar 2026), beyond measurement error (48 mg)"."""
    days = f"({_day(told.then_on)}, {_day(told.now_on)})"
    if told.why_not == NOT_COMPARED:
        return f"{NOT_COMPARED} {days}"
    if told.then_mg is None or told.now_mg is None or told.limit_mg is None:
        return f"cannot be compared {days}" + (f": {told.why_not.rstrip('.')}" if told.why_not else "")
    verdict = "beyond" if told.significant else "within"
    arrow = f"{amount(told.then_mg)} \u2192 {amount(told.now_mg)} mg"
    return f"{arrow} {days}, {verdict} measurement error ({amount(told.limit_mg)} mg)"


def since_first(told: Told) -> str:
    """What became of the burden since the first of three or more scans, as a sentence; empty where there are fewer."""
    return f"Since the first scan: {masses(told)}." if told.now_on is not None else ""


def _less(told: Told) -> bool:
    """Whether the burden itself has fallen beyond error."""
    return bool(told.significant) and (told.now_mg or 0.0) < (told.then_mg or 0.0)


def _losses(told: Told) -> str:
    """Causes with the deposits that they are recorded of; one cause for all of them stands alone."""
    by_cause: dict[tuple[Cause, ...], list[str]] = {}
    for causes, label in told.lost:
        by_cause.setdefault(causes, []).append(label)
    if not by_cause:
        return CAUSE_WORDS[Cause.UNKNOWN]
    known = sorted(by_cause, key=lambda causes: causes == (Cause.UNKNOWN,))
    if len(known) == 1 and _less(told):
        return causes_words(known[0])
    return ", ".join(f"{causes_words(causes)} ({_named(by_cause[causes])})" for causes in known)


def _named(labels: Sequence[str]) -> str:
    named = sorted(label for label in labels if label)
    if len(named) == len(labels) <= MOST_NAMED:
        return ", ".join(named)
    return f"{len(labels)} deposit{'s' if len(labels) != 1 else ''}"


def _felt(told: Told) -> Iterator[str]:
    """The patient's own line; one drug that was started and nothing else stands with it, more stand by themselves."""
    rating, drugs = told.rating, sorted(told.drugs, key=lambda one: one.on)
    alone = drugs[0] if len(drugs) == 1 and drugs[0].started else None
    if rating is None:
        yield "what the patient feels is not recorded"
    elif rating.then is None or rating.now is None:
        said = f"{rating.then:g} then, not recorded now" if rating.then is not None else None
        said = said or (f"{rating.now:g} now, not recorded then" if rating.now is not None else "not recorded")
        yield f"{rating.title} {said}"
    else:
        change = f"{rating.title} {rating.then:g} \u2192 {rating.now:g}"
        if alone:
            yield f"{change} since {alone.name} ({_day(alone.on)})"
            return
        yield change
    if drugs:
        yield "between the scans " + ", ".join(f"{one.name} {'started' if one.started else 'stopped'}" for one in drugs)


def _day(day: date | None) -> str:
    return written(day.isoformat()) if day else ""
