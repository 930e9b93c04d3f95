"""Kinds of fields that nouns are made of. Each reads typed text and says what is wrong with a value, naming no value.

Three answers are kept apart: a key that is missing was not asked yet, ``NOT_ASSESSED`` was looked at and left, and a value
(``false``, 0, "none" among them) was assessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

NOT_ASSESSED = "not_assessed"
EARLIEST_YEAR = 1900
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PARTIAL_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What all kinds share. ``expected``: a visit is incomplete without it; ``source``: where its words or range come from."""

    name: str
    label: str
    required: bool = False
    expected: bool = False
    may_be_unassessed: bool = True
    advice: str = ""
    source: str = ""

    def read(self, text: str) -> Any:
        """The value that typed text stands for; text that stands for none is given back for ``problem`` to refuse."""
        return text.strip()

    def problem(self, value: Any) -> str:
        """What is wrong with the value; empty if nothing is."""
        if value == NOT_ASSESSED:
            return "" if self.may_be_unassessed else "This needs an answer."
        return self._problem(value)

    def _problem(self, value: Any) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Free text."""

    longest: int = 2000
    pattern: str = ""

    def _problem(self, value: Any) -> str:
        if not isinstance(value, str):
            return "This takes text."
        if len(value) > self.longest:
            return f"At most {self.longest} characters; this has {len(value)}."
        if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in value):
            return "This holds a character that cannot be shown."
        if self.pattern and not re.fullmatch(self.pattern, value):
            return self.advice or "This is not spelled as expected."
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A number in a UCUM unit, within what is possible."""

    unit: str
    low: float
    high: float
    whole: bool = False

    def read(self, text: str) -> Any:
        """Decimal comma and point are both read."""
        trimmed = text.strip().replace(",", ".")
        try:
            number = float(trimmed)
        except ValueError:
            return text.strip()
        return int(number) if self.whole and number.is_integer() else number

    def _problem(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return "This takes a number."
        if self.whole and not float(value).is_integer():
            return "This takes a whole number."
        if not self.low <= value <= self.high:
            unit = "" if self.unit == "1" else f" {self.unit}"
            return f"This lies outside {self.low:g} to {self.high:g}{unit}; check the number and its unit."
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of a closed vocabulary: code -> words."""

    choices: Mapping[str, str]

    def _problem(self, value: Any) -> str:
        known = isinstance(value, str) and value in self.choices
        return "" if known else "This is not one of the choices."


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Field):
    """Any number of a closed vocabulary, each once."""

    choices: Mapping[str, str]

    def read(self, text: str) -> Any:
        """Codes separated by semicolons."""
        return [part.strip() for part in text.split(";") if part.strip()]

    def _problem(self, value: Any) -> str:
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            return "This takes a list of choices."
        if len(set(value)) != len(value):
            return "A choice is given twice."
        return "" if set(value) <= set(self.choices) else "This is not one of the choices."


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Field):
    """True or false."""

    def read(self, text: str) -> Any:
        """Yes, no, and what spreadsheets write for them."""
        word = text.strip().lower()
        return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(word, text.strip())

    def _problem(self, value: Any) -> str:
        return "" if isinstance(value, bool) else "This takes yes or no."


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Field):
    """A date, YYYY-MM-DD; where ``partial``, YYYY or YYYY-MM as well. Not in the future unless ``may_lie_ahead``."""

    partial: bool = False
    may_lie_ahead: bool = False

    def _problem(self, value: Any) -> str:
        shape = PARTIAL_DAY if self.partial else DAY
        if not isinstance(value, str) or not shape.fullmatch(value):
            shorter = ", Mar 2026 or 2026" if self.partial else ""
            return f"This takes a date, such as 07 Mar 2026{shorter}."
        day = first_day(value)
        if day is None:
            return "There is no such day."
        if day.year < EARLIEST_YEAR:
            return f"This lies before {EARLIEST_YEAR}."
        return "This lies in the future." if day > date.today() and not self.may_lie_ahead else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Field):
    """A time of day on a date, ISO 8601 with its zone."""

    def _problem(self, value: Any) -> str:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return "This takes a date and time."
        return "" if moment.tzinfo else "This takes a date and time with its zone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Field):
    """The key of a deposit or of another fact of the same patient, or several of them."""

    to_deposit: bool = False
    several: bool = False

    def keys(self, value: Any) -> set[UUID]:
        """The keys that a valid value holds."""
        if value is None or value == NOT_ASSESSED:
            return set()
        return {UUID(str(key)) for key in (value if self.several else [value])}

    def _problem(self, value: Any) -> str:
        keys = value if self.several else [value]
        if not isinstance(keys, list | tuple):
            return "This takes a list of keys."
        return "" if all(_is_uuid(key) for key in keys) else "This takes a key."


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Field):
    """What another room has made and checks itself, such as the candidates of a measured scan: JSON up to a size."""

    most_items: int = 2000

    def _problem(self, value: Any) -> str:
        if not isinstance(value, dict | list):
            return "This takes a table."
        return "" if len(value) <= self.most_items else f"At most {self.most_items} items."


def first_day(text: str) -> date | None:
    """The first day of a date that may lack day or month."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = (parts + [1, 1])[:3]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, UUID) or str(UUID(value)) == value
    except (AttributeError, TypeError, ValueError):
        return False
