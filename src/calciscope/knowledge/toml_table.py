"""A table of a knowledge file, read key by key; whatever does not fit is refused with file, line and what is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NoReturn, TypeVar

from calciscope.terms.errors import Refused

Word = TypeVar("Word", bound=StrEnum)
Path = tuple[str | int, ...]

HEADER = re.compile(r"^(\[\[?)\s*([\w\-.]+)\s*\]")
KEY = re.compile(r"^\s*([\w\-]+)\s*=")
SYNTAX_LINE = re.compile(r"\(at line (\d+)")


class KnowledgeRefused(Refused):
    """A knowledge file does not hold together."""


def top_table(text: str, file: str) -> Table:
    """The whole of a file. Raises KnowledgeRefused where it is no TOML."""
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = SYNTAX_LINE.search(str(error))
        line = int(found[1]) if found else max(1, text.count("\n"))
        raise KnowledgeRefused(f"The knowledge file {file}, line {line}, is not TOML: {error}.") from error
    return Table(held, file=_File(file, text), path=())


@dataclass(frozen=True, slots=True)
class _File:
    """A file's name and text; where a key stands is looked for only when something is refused."""

    name: str
    text: str

    def line(self, path: Path) -> int:
        lines = _lines_of(self.text)
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 1)


class Table:
    """One table; every key that is read is ticked off, and `done` refuses what is left."""

    def __init__(self, held: dict[str, object], *, file: _File, path: Path) -> None:
        """``path`` leads from the top of the file to this table."""
        self._left = dict(held)
        self._file, self._path = file, path

    def refuse(self, why: str, key: str | None = None) -> NoReturn:
        """Stop, naming the file and the line of ``key``, or of the table."""
        path = (*self._path, key) if key else self._path
        raise KnowledgeRefused(f"The knowledge file {self._file.name}, line {self._file.line(path)}: {why}.")

    def done(self) -> None:
        """Refuse keys that nobody asked for: most are misspelt."""
        for key in sorted(self._left):
            self.refuse(f"the key {key} means nothing here", key)

    def has(self, key: str) -> bool:
        """Whether the key is there and was not read yet."""
        return key in self._left

    def text(self, key: str, default: str | None = None) -> str:
        """A text; one that must be there is not empty."""
        found = self._left.pop(key, default)
        if not isinstance(found, str) or (not found.strip() and default is None):
            self.refuse(f"{key} must be there, as a text that is not empty", key)
        return found.strip()

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        found = self._left.pop(key, default)
        if not isinstance(found, bool):
            self.refuse(f"{key} must be true or false", key)
        return found

    def number(self, key: str) -> float | None:
        """A number, or None when absent."""
        found = self._left.pop(key, None)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float) or found != found:
            self.refuse(f"{key} must be a number", key)
        return float(found)

    def count(self, key: str) -> int | None:
        """A whole number from 0, or None when absent."""
        found = self._left.pop(key, None)
        if found is not None and (isinstance(found, bool) or not isinstance(found, int) or found < 0):
            self.refuse(f"{key} must be a whole number from 0", key)
        return found

    def day(self, key: str) -> date:
        """A date that must be there."""
        found = self._left.pop(key, None)
        if type(found) is not date:
            self.refuse(f"{key} must be a date, written as year-month-day without quotes", key)
        return found

    def word(self, key: str, words: type[Word]) -> Word:
        """One of a vocabulary."""
        found = self.text(key)
        if found not in list(words):
            self.refuse(f"{key} is {found!r}; it must be one of {', '.join(words)}", key)
        return words(found)

    def texts(self, key: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts without repeats, each one of ``known`` where that is given; empty when absent."""
        found = self._left.pop(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            self.refuse(f"{key} must be a list of texts", key)
        for one in found:
            if found.count(one) > 1:
                self.refuse(f"{key} names {one!r} twice", key)
            if known is not None and one not in known:
                self.refuse(f"{key} names {one!r}, which is not known", key)
        return tuple(found)

    def names(self) -> tuple[str, ...]:
        """The keys that were not read yet."""
        return tuple(self._left)

    def table(self, key: str) -> Table:
        """A table; an empty one when absent."""
        return self._table(self._left.pop(key, {}), (*self._path, key), key)

    def tables(self, key: str) -> list[Table]:
        """A list of tables; empty when absent."""
        found = self._left.pop(key, [])
        if not isinstance(found, list):
            self.refuse(f"{key} must be a list of tables", key)
        return [self._table(one, (*self._path, key, index), key) for index, one in enumerate(found)]

    def plain(self, key: str) -> dict[str, bool | float | str]:
        """A table of plain values; empty when absent."""
        found = self._left.pop(key, {})
        if not isinstance(found, dict) or not all(isinstance(one, bool | int | float | str) for one in found.values()):
            self.refuse(f"{key} must be a table of numbers, texts, true and false", key)
        return dict(found)

    def _table(self, held: object, path: Path, key: str) -> Table:
        if not isinstance(held, dict):
            self.refuse(f"{key} must be a table", key)
        return Table(held, file=self._file, path=path)


def _lines_of(text: str) -> dict[Path, int]:
    """Where each table and key of a file stands, from 1; keys within an inline table are at their outer key's line."""
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    above: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = HEADER.match(line), KEY.match(line)
        if header:
            above = tuple(header[2].split("."))
            if header[1] == "[[":
                counts[above] = counts.get(above, -1) + 1
                above = (*above, counts[above])
            lines.setdefault(above, number)
        elif key:
            lines.setdefault((*above, key[1]), number)
    return lines
