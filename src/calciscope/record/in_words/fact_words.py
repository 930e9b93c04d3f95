"""A fact in words, by the labels and vocabularies of its own noun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.fields import NOT_ASSESSED, Choice, Day, Field, Number, Reference, Several, Table
from calciscope.record.noun import noun
from calciscope.record.written_days import written

NOT_SPOKEN = {"photograph": frozenset({"file", "width_px", "height_px", "marks", "mm_per_pixel"})}
"""Fields that machines read."""
UNSPOKEN_UNITS = frozenset({"1", "a"})  # a count, and a year of the calendar
Names = Sequence[tuple[str, str]]
"""(key, words) of deposits, for fields that refer to them."""


def said(field: Field, value: Any, names: Names = ()) -> str:
    """One value in words; nothing for what was not asked."""
    if value is None:
        return ""
    if value == NOT_ASSESSED:
        return "not assessed"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, Choice):
        return field.choices.get(value, str(value))
    if isinstance(field, Several):
        return ", ".join(field.choices.get(item, str(item)) for item in value) or "none of them"
    if isinstance(field, Number):
        return f"{value:g}" + ("" if field.unit in UNSPOKEN_UNITS else f" {field.unit}")
    if isinstance(field, Reference):
        known = dict(names)
        keys = value if isinstance(value, list | tuple) else [value]
        return ", ".join(known.get(str(key), "another entry") for key in keys)
    if isinstance(field, Table) and field.name == "options":
        return "; ".join(
            f"{one.get('title', one['therapy'])} {one['decision']} ({one['reason']})".replace("set_aside", "set aside")
            for one in value
        )
    if isinstance(field, Table):
        return f"{len(value)} items"
    return written(str(value)) if isinstance(field, Day) else str(value)


def lines_of(fact: Fact, names: Names = ()) -> list[tuple[str, str]]:
    """(label, words) of every field that was answered."""
    left_out = NOT_SPOKEN.get(fact.noun, frozenset())
    fields = [field for field in noun(fact.noun).fields if field.name in fact.data and field.name not in left_out]
    return [(field.label, _drug(field, said(field, fact.data[field.name], names))) for field in fields]


def sentence(fact: Fact, names: Names = ()) -> str:
    """The same in one line."""
    return "; ".join(f"{label}: {words}" for label, words in lines_of(fact, names))


def _drug(field: Field, words: str) -> str:
    return words.replace("_", " ") if field.name == "therapy" else words
