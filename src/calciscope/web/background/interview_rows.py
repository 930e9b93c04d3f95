"""The rows of the interview: one for each topic, organ system and condition, as a small form of its noun's own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from calciscope.record.fact import Fact
from calciscope.record.fields import Choice
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import Noun, noun
from calciscope.record.vocabulary import recorded_singly
from calciscope.web.design.course import Course
from calciscope.web.design.noun_form import Input, NounForm, Typed

BASED_ON = "based_on"
CELLS = {"radios": "background/cell_radios.html", "select": "background/cell_select.html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one noun: the field that names the row, and those that are asked in it."""

    title: str
    noun: str
    key: str
    asked: tuple[str, ...]
    advice: str = ""


CONDITION = "condition"
TABLES = (
    Table(
        title="History, triggers and surroundings",
        noun="history_item",
        key="topic",
        asked=("answer", "text", "since"),
        advice='"Denied" is an answer, so that it is not asked again each time.',
    ),
    Table(
        title="Organ systems, when last screened",
        noun="organ_screening",
        key="system",
        asked=("finding", "screened_on", "method", "text"),
        advice="A system that was never screened stays empty: that is not the same as normal.",
    ),
    Table(
        title="Comorbidity",
        noun=CONDITION,
        key="condition",
        asked=("answer", "since", "text"),
        advice="Rarer conditions are added one by one on the page of the history.",
    ),
)


@dataclass(slots=True, kw_only=True)
class InterviewRow:
    """One question. ``present`` is the fact that the row shows and changes; ``others`` are told beside it."""

    table: Table
    code: str
    words: str
    form: NounForm
    present: Fact | None
    others: Sequence[str]
    based_on: int
    uid: UUID

    @property
    def prefix(self) -> str:
        """What the names of its inputs begin with."""
        return self.form.prefix

    def cells(self) -> list[Input]:
        """The inputs as they stand in a table."""
        return [self._cell(one) for one in self.form.inputs()]

    def data(self) -> dict[str, Any]:
        """What the row says now, with what names it."""
        return {self.table.key: self.code, **self.form.data()}

    def said(self) -> bool:
        """Whether anything stands in it that the record does not have yet."""
        held = dict(self.present.data) if self.present else {}
        return self.form.data() != {name: held[name] for name in held if name != self.table.key}

    def wrong(self) -> list[tuple[str, str, str]]:
        """For the error summary, by the row's own name."""
        return [
            (id, f"{self.words[:1].upper()}{self.words[1:]}, {label.lower()}", text)
            for id, label, text in self.form.wrong()
        ]

    def _cell(self, one: Input) -> Input:
        shape = one.shape.removeprefix("design/fields/").removesuffix(".html")
        label = f"{self.words}: {one.label.lower()}"
        return replace(one, shape=CELLS.get(shape, "background/cell_text.html"), label=label, hint="")


def interview_rows(course: Course, typed: Typed | None, *, key: UUID) -> list[tuple[Table, list[InterviewRow]]]:
    """All tables. ``key`` is the form's own, so that what is sent twice meets itself."""
    return [(table, _rows(table, course, typed, key)) for table in TABLES]


def _rows(table: Table, course: Course, typed: Typed | None, key: UUID) -> list[InterviewRow]:
    kind = noun(table.noun)
    facts = course.of_noun(table.noun)
    held = {fact.data.get(table.key) for fact in facts}
    singly = recorded_singly("conditions") - held if table.noun == CONDITION else frozenset()
    choices = {code: words for code, words in _choices(kind, table.key).items() if code not in singly}
    return [_row(table, kind, code, words, facts, typed, key) for code, words in choices.items()]


def _choices(kind: Noun, name: str) -> Mapping[str, str]:
    field = kind.field(name)
    return field.choices if isinstance(field, Choice) else {}


def _row(
    table: Table, kind: Noun, code: str, words: str, facts: Sequence[Fact], typed: Typed | None, key: UUID
) -> InterviewRow:
    own = [fact for fact in facts if fact.data.get(table.key) == code]
    present = own[-1] if own else None
    prefix = f"{table.noun}-{code}-"
    held = {name: value for name, value in present.data.items() if name != table.key} if present else {}
    seen = "".join((typed or {}).get(prefix + BASED_ON, ()))
    return InterviewRow(
        table=table,
        code=code,
        words=words,
        form=NounForm(noun=kind, held=held, typed=typed, only=table.asked, prefix=prefix),
        present=present,
        others=[phrase(fact) for fact in own[:-1]],
        based_on=int(seen) if seen.isdigit() else present.version if present else 0,
        uid=present.uid if present else uuid5(key, f"{table.noun}:{code}"),
    )
