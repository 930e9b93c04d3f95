"""A JSON object read strictly: UTF-8, one key once, no NaN; wrong types are refused with the place where they stand."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn, TypeVar

from calciscope.terms.errors import Refused

Word = TypeVar("Word", bound=StrEnum)


def json_object(given: bytes, what: str, *, exact: bool = False) -> dict[str, object]:
    """The object; ``what`` names the document in refusals, ``exact`` reads decimals as Decimal. Raises Refused."""
    number = Decimal if exact else float
    try:
        held = json.loads(
            given.decode("utf-8-sig"), parse_float=number, parse_constant=_no_number, object_pairs_hook=_once
        )
    except UnicodeDecodeError as error:
        raise Refused(f"{what} is not UTF-8 text; save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Refused(f"{what} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise Refused(f"{what} is nested too deeply.") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Refused(f"{what} holds a number with too many digits.") from error
    if not isinstance(held, dict):
        raise Refused(f'{what} must be a JSON object, {{"key": value, ...}}.')
    return held


class Fields:
    """One object; keys that nobody asks for, and words that no vocabulary has, are collected in ``unread``."""

    def __init__(self, held: object, place: str, unread: list[str]) -> None:
        """``place`` names the object in refusals. Raises Refused where ``held`` is neither an object nor null."""
        if held is not None and not isinstance(held, Mapping):
            raise Refused(f"{place} must be an object or null.")
        self._left = dict(held or {})
        self._place, self._unread = place, unread

    def take(self, key: str) -> object:
        """The value as it is; None when absent."""
        return self._left.pop(key, None)

    def done(self) -> None:
        """Tell back the keys that were not read."""
        self._unread += [f"{self._place}.{key}" for key in self._left]

    def text(self, key: str) -> str | None:
        """A text, or None."""
        found = self.take(key)
        if found is not None and not isinstance(found, str):
            self._refuse(key, "a text")
        return found or None

    def flag(self, key: str) -> bool | None:
        """True, false or None."""
        found = self.take(key)
        if found is not None and not isinstance(found, bool):
            self._refuse(key, "true, false or null")
        return found

    def number(self, key: str, *, low: float = -math.inf, high: float = math.inf) -> float | None:
        """A finite number within limits, or None."""
        found = self.take(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            self._refuse(key, "a number or null")
        if not math.isfinite(found) or not low <= found <= high:
            limits = f" from {low:g}" * math.isfinite(low) + f" to {high:g}" * math.isfinite(high)
            self._refuse(key, f"a number{limits} or null")
        return float(found)

    def day(self, key: str) -> date | None:
        """A date as year-month-day, or None."""
        found = self.text(key)
        if found is None:
            return None
        try:
            return date.fromisoformat(found)
        except ValueError:
            self._refuse(key, 'a date such as "2026-11-23", or null')

    def word(self, key: str, words: type[Word], *, unknown: str = "unknown") -> Word | None:
        """A word of a vocabulary; None where it is null or ``unknown``. Another word is told back."""
        found = self.text(key)
        if found is None or found == unknown:
            return None
        return self._known(found, words)

    def words(self, key: str, words: type[Word]) -> frozenset[Word] | None:
        """Words of a vocabulary; None where nobody looked."""
        found = self.texts(key)
        known = [self._known(one, words) for one in found or ()]
        return None if found is None else frozenset(one for one in known if one is not None)

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts, or None."""
        found = self.take(key)
        if found is None:
            return None
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self._refuse(key, "a list of texts, or null")
        return tuple(found)

    def objects(self, key: str) -> list[Fields] | None:
        """A list of objects, or None."""
        found = self.take(key)
        if found is None:
            return None
        if not isinstance(found, list):
            self._refuse(key, "a list, or null")
        return [Fields(one, f"{self._place}.{key}[{index}]", self._unread) for index, one in enumerate(found)]

    def object(self, key: str) -> Fields:
        """An object; an empty one when absent."""
        return Fields(self.take(key), f"{self._place}.{key}", self._unread)

    def _known(self, found: str, words: type[Word]) -> Word | None:
        if found in list(words):
            return words(found)
        self._unread.append(found)
        return None

    def _refuse(self, key: str, wanted: str) -> NoReturn:
        raise Refused(f"{self._place}.{key} must be {wanted}.")


def _no_number(word: str) -> NoReturn:
    raise Refused(f"The document holds {word}, which is no number; use null for not known.")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held: dict[str, object] = {}
    for key, value in pairs:
        if key in held:
            raise Refused(f"The document holds {key} twice; keep one.")
        held[key] = value
    return held
