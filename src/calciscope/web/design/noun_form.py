"""A form made of a noun's own fields. The record validates; the form shows, reads what was typed, and loses none of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from calciscope.record.fields import NOT_ASSESSED, Choice, Day, Number, Reference, Several, Text, YesNo
from calciscope.record.fields import Field as RecordField
from calciscope.record.noun import Noun
from calciscope.record.refusals import Problem
from calciscope.web.design import days

Typed = Mapping[str, Sequence[str]]
"""Names of inputs -> what was typed into them, as a browser sends it and as drafts keep it."""
UNASSESSED = "__unassessed"
MOST_RADIOS = 9
LONG_TEXT = 500
RATING = tuple((str(number), str(number)) for number in range(11))
NUMERIC_RATING = "numeric rating"  # how a field's source begins whose answers are 0 to 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field as a page shows it."""

    name: str
    label: str
    shape: str  # the template below design/fields
    text: str = ""
    chosen: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    unassessed: bool = False
    offers_unassessed: bool = False
    required: bool = False
    unit: str = ""
    hint: str = ""
    error: str = ""

    @property
    def id(self) -> str:
        """For the label and the links of the error summary."""
        return f"f-{self.name}"


@dataclass(slots=True, kw_only=True)
class NounForm:
    """``held`` is what the record says, ``typed`` what somebody has typed since; ``choices`` fills references."""

    noun: Noun
    held: Mapping[str, Any] = field(default_factory=dict)
    typed: Typed | None = None
    only: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    prefix: str = ""
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)  # field -> another template than its kind's own
    problems: list[Problem] = field(default_factory=list)

    def fields(self) -> list[RecordField]:
        """Those shown, in the order asked for."""
        if self.only:
            return [found for found in map(self.noun.field, self.only) if found is not None]
        return [one for one in self.noun.fields if one.name not in self.without]

    def data(self) -> dict[str, Any]:
        """What the form says now; fields that it does not show stay as the record has them."""
        shown = {one.name for one in self.fields()}
        kept = {name: value for name, value in self.held.items() if name not in shown}
        read = {one.name: self._read(one) for one in self.fields()}
        return kept | {name: value for name, value in read.items() if value is not None}

    def inputs(self) -> list[Input]:
        """Every field for the page."""
        return [self._input(one) for one in self.fields()]

    def wrong(self) -> list[tuple[str, str, str]]:
        """(id, label, message) for the error summary; what belongs to no field shown comes without an id."""
        labels = {one.name: one.label for one in self.noun.fields}
        shown = {one.name for one in self.fields()}
        return [
            (f"f-{self.prefix}{p.field}" if p.field in shown else "", labels.get(p.field, ""), p.message)
            for p in self.problems
        ]

    def as_typed(self) -> dict[str, list[str]]:
        """The form's present answers as a browser would send them."""
        typed: dict[str, list[str]] = {}
        for one in self.inputs():
            values = list(one.chosen) or ([one.text] if one.text else [])
            if one.unassessed:
                typed[one.name + UNASSESSED] = ["1"]
            typed[one.name] = values
        return typed

    def _read(self, one: RecordField) -> Any:
        values = list((self.typed or {}).get(self.prefix + one.name, ()))
        first = values[0].strip() if values else ""
        if NOT_ASSESSED in values or (not first and (self.typed or {}).get(self.prefix + one.name + UNASSESSED)):
            return NOT_ASSESSED
        if isinstance(one, Several) or (isinstance(one, Reference) and one.several):
            return [value for value in values if value] or None
        if not first:
            return None
        return days.read(first) if isinstance(one, Day) else one.read(values[0])

    def _input(self, one: RecordField) -> Input:
        chosen, text, unassessed = self._present(one)
        shape, options = self._shape(one)
        shape = self.shapes.get(one.name, shape)
        options = RATING if shape == "rating" else options
        return Input(
            name=self.prefix + one.name,
            label=one.label,
            shape=f"design/fields/{shape}.html",
            text=text,
            chosen=chosen,
            options=options,
            unassessed=unassessed,
            offers_unassessed=one.may_be_unassessed and not isinstance(one, Text | Day | Reference),
            required=one.required,
            unit="" if not isinstance(one, Number) or one.unit == "1" else one.unit.replace("mm2", "mm²"),
            hint=self._hint(one),
            error=" ".join(problem.message for problem in self.problems if problem.field == one.name),
        )

    def _present(self, one: RecordField) -> tuple[tuple[str, ...], str, bool]:
        name = self.prefix + one.name
        if self.typed is not None:
            values = tuple(self.typed.get(name, ()))
            left = NOT_ASSESSED in values or (bool(self.typed.get(name + UNASSESSED)) and not "".join(values).strip())
            return values, values[0] if values else "", left
        value = self.held.get(one.name)
        if value is None or value == NOT_ASSESSED:
            return ((NOT_ASSESSED,) if value else ()), "", bool(value)
        if isinstance(value, list | tuple):
            return tuple(str(item) for item in value), "", False
        text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
        return (text,), days.written(text) if isinstance(one, Day) else text, False

    def _shape(self, one: RecordField) -> tuple[str, tuple[tuple[str, str], ...]]:
        if isinstance(one, Reference):
            return ("several" if one.several else "select"), tuple(self.choices.get(one.name, ()))
        if isinstance(one, Several):
            return "several", tuple(one.choices.items())
        if isinstance(one, Choice):
            return ("radios" if len(one.choices) <= MOST_RADIOS else "select"), tuple(one.choices.items())
        if isinstance(one, YesNo):
            return "radios", (("true", "yes"), ("false", "no"))
        if isinstance(one, Number) and one.source.startswith(NUMERIC_RATING):
            return "rating", RATING
        if isinstance(one, Text) and self.choices.get(one.name):
            return "select", tuple(self.choices[one.name])
        if isinstance(one, Day):
            return ("partial_day" if one.partial else "day"), ()
        long = isinstance(one, Text) and one.longest >= LONG_TEXT
        return ("number" if isinstance(one, Number) else "long" if long else "text"), ()

    def _hint(self, one: RecordField) -> str:
        if isinstance(one, Day) and one.partial:
            return "Such as 07 Mar 2026, Mar 2026 or 2026."
        if isinstance(one, Day):
            return "Such as 07 Mar 2026."
        return one.advice


def typed_of(sent: QueryDict) -> dict[str, list[str]]:
    """What a browser sent, without what is no answer."""
    return {name: sent.getlist(name) for name in sent if name not in {"csrfmiddlewaretoken", "typed_by"}}


def unassessed_rest(form: NounForm, names: Iterable[str], value: str) -> None:
    """Fill what was left untouched with one answer, as a button of the form asks."""
    typed = dict(form.typed or {})
    for name in names:
        if not "".join(typed.get(form.prefix + name, ())):
            typed[form.prefix + name] = [value]
    form.typed = typed
