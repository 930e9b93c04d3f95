"""Answers of composite measures as the record has them already, so that nobody types a number twice.

Where the record has an answer stands in the instrument's definition. Facts are taken from the visit's own day, results and scores
also from at most a month before it. What the record lacks stays not assessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calciscope.instruments.definition import Held, HeldIn, Instrument, Item, ItemType
from calciscope.record.fact import Fact
from calciscope.web.design.course import Course
from calciscope.web.design.days import written

NEAR = timedelta(days=31)  # judgement: a result a month old still tells of the visit
EARLIER = "baseline."  # the answers of the first of two visits

Answers = dict[str, list[str]]


def takes(instrument: Instrument) -> bool:
    """Whether the record can have an answer of it."""
    return any(item.record for item in instrument.leaves().values())


def of_two_visits(instrument: Instrument) -> bool:
    """Whether it compares a visit with an earlier one."""
    return any(path.startswith(EARLIER) for path in instrument.leaves())


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Paths of answers with their text, and where they come from in words."""

    answers: Answers
    says: str


def taken(instrument: Instrument, course: Course, *, on: date, earlier: date | None, born_on: date | None) -> Taken:
    """What the record has for the answers of an instrument; ``earlier`` is the day of the first of two visits."""
    found = _answers(instrument, _Day(course=course, day=on, born_on=born_on), of_earlier=False)
    words = f"{len(found)} answers{' of the later visit' if of_two_visits(instrument) else ''} taken from the record"
    words += f" up to {written(on.isoformat())}"
    if earlier and of_two_visits(instrument):
        first = _answers(instrument, _Day(course=course, day=earlier, born_on=born_on), of_earlier=True)
        words += f", {len(first)} of the earlier up to {written(earlier.isoformat())}"
        found |= first
    return Taken(answers=found, says=words + ".")


def _answers(instrument: Instrument, day: _Day, *, of_earlier: bool) -> Answers:
    found: Answers = {}
    for path, item in instrument.leaves().items():
        if path.startswith(EARLIER) == of_earlier:
            found |= next(filter(None, (dict(_texts(path, item, held, day)) for held in item.record)), {})
    return found


def _texts(path: str, item: Item, held: Held, day: _Day) -> Iterator[tuple[str, list[str]]]:
    """Names of fields of the form with the text that they take from one place of the record."""
    values = day.values(held, item.unit)
    names = [f"{path}.low", f"{path}.high"] if item.type is ItemType.INTERVAL else [path]
    if len(values) == len(names):
        for name, value in zip(names, values, strict=True):
            yield name, [f"{value:g}" if held.means is None else f"{float(held.means):g}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """The record as it stands on a day."""

    course: Course
    day: date
    born_on: date | None

    def values(self, held: Held, unit: str) -> list[float]:
        """The numbers of a place, none where it has none; a result in another unit than the answer's is none."""
        if held.where is HeldIn.AGE:
            return [self._age_years(self.born_on)] if self.born_on else []
        if held.where is HeldIn.FACT:
            own = [fact for fact in self.course.of_noun(held.name) if self.course.when(fact) == self.day]
            return _numbers(own[-1].data.get(held.field)) if own else []
        if held.where is HeldIn.SCORE:
            results = [fact.data["result"] for fact in self._near("instrument_score", "instrument", held.name)]
            return next(filter(None, (_numbers(result.get(held.field)) for result in reversed(results))), [])
        near = self._near("laboratory_result", "test", held.name)
        if not near or unit not in ("", near[-1].data["unit"]):
            return []
        result = near[-1].data
        if held.where is HeldIn.RESULT:
            return _numbers(result["value"])
        if held.where is HeldIn.LIMIT:
            return _numbers(result.get("high"))
        return _numbers(result.get("low")) + _numbers(result.get("high"))

    def _near(self, noun: str, field: str, value: str) -> list[Fact]:
        facts = [fact for fact in self.course.of_noun(noun) if self.day - NEAR <= self.course.when(fact) <= self.day]
        return [fact for fact in facts if fact.data[field] == value]

    def _age_years(self, born_on: date) -> float:
        before = (self.day.month, self.day.day) < (born_on.month, born_on.day)
        return float(self.day.year - born_on.year - before)


def _numbers(value: Any) -> list[float]:
    return [float(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []
