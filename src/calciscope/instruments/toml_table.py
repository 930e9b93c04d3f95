"""A table of a definition, read key by key: wrong types, missing keys and unknown keys are named with file and place."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NoReturn, TypeVar

from calciscope.instruments.definition import Data
from calciscope.terms.errors import Refused

Word = TypeVar("Word", bound=StrEnum)


class DefinitionRefused(Refused):
    """An instrument's definition does not hold together."""


class TomlTable:
    """One table; every key that is read is ticked off, and `done` refuses what is left."""

    def __init__(self, held: dict[str, object], place: str) -> None:
        """``place`` names the file and the table in refusals."""
        self._left = dict(held)
        self._place = place

    def refuse(self, why: str) -> NoReturn:
        """Stop, naming the file and the table."""
        raise DefinitionRefused(f"The instrument definition {self._place} {why}.")

    def done(self) -> None:
        """Refuse keys that nobody asked for: most are misspelt."""
        if self._left:
            self.refuse(f"has a key that means nothing: {', '.join(sorted(self._left))}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        found = self._left.pop(key, default)
        if not isinstance(found, str) or (not found.strip() and default is None):
            self.refuse(f"needs a text for {key}")
        return found

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        found = self._left.pop(key, False)
        if not isinstance(found, bool):
            self.refuse(f"needs true or false for {key}")
        return found

    def number(self, key: str) -> Fraction | None:
        """A number, or None when absent."""
        found = self._left.pop(key, None)
        return None if found is None else self._exact(found, key)

    def count(self, key: str) -> int:
        """A whole number from 0; 0 when absent."""
        found = self._left.pop(key, 0)
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            self.refuse(f"needs a whole number for {key}")
        return found

    def word(self, key: str, words: type[Word]) -> Word:
        """One of a vocabulary."""
        found = self.text(key)
        if found not in list(words):
            self.refuse(f"has {key} = {found!r}; it must be one of {', '.join(words)}")
        return words(found)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts without repeats; empty when absent."""
        found = self._left.pop(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            self.refuse(f"needs a list of texts for {key}")
        if len(set(found)) != len(found):
            self.refuse(f"names one of {key} twice")
        return tuple(found)

    def table(self, key: str) -> TomlTable:
        """A table that must be there."""
        return self._table(self._left.pop(key, None), key)

    def named(self, key: str) -> list[tuple[str, TomlTable]]:
        """The tables below a table, by name; none when absent."""
        found = self._left.pop(key, {})
        if not isinstance(found, dict):
            self.refuse(f"needs a table for {key}")
        return [(name, self._table(held, f"{key}.{name}")) for name, held in found.items()]

    def tables(self, key: str) -> list[TomlTable]:
        """A list of tables; empty when absent."""
        found = self._left.pop(key, [])
        if not isinstance(found, list):
            self.refuse(f"needs a list of tables for {key}")
        return [self._table(held, f"{key}[{index}]") for index, held in enumerate(found)]

    def data(self, key: str) -> Data:
        """Numbers, words, lists and tables of them; numbers exact."""
        if key not in self._left:
            self.refuse(f"needs {key}")
        return self._data(self._left.pop(key), key)

    def _table(self, held: object, key: str) -> TomlTable:
        if not isinstance(held, dict):
            self.refuse(f"needs a table for {key}")
        return TomlTable(held, f"{self._place}, {key}:")

    def _exact(self, found: object, key: str) -> Fraction:
        if isinstance(found, bool) or not isinstance(found, int | Decimal) or not Decimal(found).is_finite():
            self.refuse(f"needs a number for {key}")
        return Fraction(found)

    def _data(self, held: object, key: str) -> Data:
        if isinstance(held, bool | str):
            return held
        if isinstance(held, Sequence):
            return tuple(self._data(one, key) for one in held)
        if isinstance(held, dict):
            return {name: self._data(one, f"{key}.{name}") for name, one in held.items()}
        return self._exact(held, key)
