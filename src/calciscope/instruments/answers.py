"""Answers as a user gives them (a JSON object) become checked answers: every path there, exact numbers, None where not
assessed; or a refusal that names the answer and what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction

from calciscope.instruments.definition import Instrument, Item, ItemType
from calciscope.terms.errors import Refused

Answer = bool | Fraction | str | tuple[Fraction, Fraction] | tuple["Answers", ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Dotted path -> answer of every item; None is not assessed."""

    held: Mapping[str, Answer | None]
    items: Mapping[str, Item]

    def number(self, path: str) -> Fraction | None:
        """A number, or None."""
        held = self.held[path]
        return held if isinstance(held, Fraction) else None

    def yes(self, path: str) -> bool | None:
        """True, false, or None."""
        held = self.held[path]
        return held if isinstance(held, bool) else None

    def word(self, path: str) -> str | None:
        """One of the choices, or None."""
        held = self.held[path]
        return held if isinstance(held, str) else None

    def interval(self, path: str) -> tuple[Fraction, Fraction] | None:
        """Low and high, or None."""
        held = self.held[path]
        if (
            isinstance(held, tuple)
            and len(held) == 2
            and isinstance(held[0], Fraction)
            and isinstance(held[1], Fraction)
        ):
            return held[0], held[1]
        return None

    def entries(self, path: str) -> tuple[Answers, ...] | None:
        """The entries of a list, or None."""
        held = self.held[path]
        return tuple(one for one in held if isinstance(one, Answers)) if isinstance(held, tuple) else None

    def missing(self) -> tuple[str, ...]:
        """Paths not assessed, those of a whole group or row as one; optional ones left out."""
        asked = {path: held is None for path, held in self.held.items() if not self.items[path].optional}
        whole: dict[str, bool] = {}
        for path, absent in asked.items():
            for above in _above(path):
                whole[above] = whole.get(above, True) and absent
        named = (
            next((above for above in _above(path) if whole[above]), path) for path, absent in asked.items() if absent
        )
        return tuple(dict.fromkeys(named))


def _above(path: str) -> list[str]:
    steps = path.split(".")
    return [".".join(steps[:count]) for count in range(1, len(steps))]


def checked(instrument: Instrument, given: Mapping[str, object]) -> Answers:
    """The answers ``given`` (keys as in the definition, groups nested), checked. Raises Refused."""
    held = _group(instrument.items, given, "", instrument.id)
    return Answers(held=held, items=instrument.leaves())


def _group(items: tuple[Item, ...], given: object, above: str, instrument_id: str) -> dict[str, Answer | None]:
    if not isinstance(given, Mapping):
        raise Refused(f"{above or 'The answers'} must be an object with keys, not {_named(given)}.")
    _refuse_unknown(given, [item.key for item in items], above, instrument_id)
    held: dict[str, Answer | None] = {}
    for item in items:
        path = f"{above}.{item.key}" if above else item.key
        one = given.get(item.key)
        if item.type is ItemType.GROUP:
            held |= _group(item.items, {} if one is None else one, path, instrument_id)
        elif item.type is ItemType.TABLE:
            held |= _rows(item, {} if one is None else one, path, instrument_id)
        else:
            held[path] = None if one is None else _single(item, one, path, instrument_id)
    return held


def _rows(item: Item, given: object, path: str, instrument_id: str) -> dict[str, Answer | None]:
    if not isinstance(given, Mapping):
        raise Refused(f"{path} must be an object with keys, not {_named(given)}.")
    _refuse_unknown(given, list(item.rows), path, instrument_id)
    held: dict[str, Answer | None] = {}
    for row in item.rows:
        one = given.get(row)
        held |= _group(item.items, {} if one is None else one, f"{path}.{row}", instrument_id)
    return held


def _refuse_unknown(given: Mapping[str, object], known: list[str], above: str, instrument_id: str) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            meant = f"did you mean {near[0]}?" if near else f"it knows {', '.join(known)}."
            raise Refused(f"{instrument_id} knows no answer {above + '.' if above else ''}{key}; {meant}")


def _single(item: Item, given: object, path: str, instrument_id: str) -> Answer:
    if item.type is ItemType.YES_NO:
        if not isinstance(given, bool):
            raise Refused(f"{path} must be true, false or null (not assessed), not {_named(given)}.")
        return given
    if item.type is ItemType.CHOICE:
        if not isinstance(given, str) or given not in item.choices:
            raise Refused(f"{path} must be one of {', '.join(item.choices)}, or null, not {_named(given)}.")
        return given
    if item.type is ItemType.LIST:
        if not isinstance(given, list | tuple):
            raise Refused(f"{path} must be a list, not {_named(given)}.")
        return tuple(_entry(item, one, f"{path}[{index}]", instrument_id) for index, one in enumerate(given))
    if item.type is ItemType.INTERVAL:
        return _interval(item, given, path)
    return _number(item, given, path)


def _entry(item: Item, given: object, path: str, instrument_id: str) -> Answers:
    entry = Answers(
        held=_group(item.items, given, path, instrument_id),
        items={f"{path}.{below}": leaf for one in item.items for below, leaf in one.leaves()},
    )
    if any(held is None for held in entry.held.values()):
        raise Refused(f"{path} lacks {', '.join(key for key, held in entry.held.items() if held is None)}.")
    return Answers(
        held={below.removeprefix(f"{path}."): held for below, held in entry.held.items()},
        items={below.removeprefix(f"{path}."): leaf for below, leaf in entry.items.items()},
    )


def _interval(item: Item, given: object, path: str) -> tuple[Fraction, Fraction]:
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise Refused(f"{path} must be [low, high], not {_named(given)}.")
    low, high = (_number(item, end, path) for end in given)
    if low >= high:
        raise Refused(f"{path} must be [low, high] with the lower number first.")
    return low, high


def _number(item: Item, given: object, path: str) -> Fraction:
    low, high = item.low or Fraction(0), item.high or Fraction(0)
    if item.type is ItemType.WHOLE and isinstance(given, bool) and low == 0 and high == 1:
        return Fraction(int(given))
    exact = Decimal(repr(given)) if isinstance(given, float) else given
    if isinstance(exact, bool) or not isinstance(exact, int | Decimal | Fraction):
        raise Refused(f"{path} must be a number{_limits(item)} or null, not {_named(given)}.")
    if isinstance(exact, Decimal) and not exact.is_finite():
        raise Refused(f"{path} must be a number{_limits(item)} or null, not {_named(given)}.")
    if exact < low or exact > high:
        hint = f" {item.note}" if item.note else ""
        raise Refused(f"{path} is {_named(given)}, outside{_limits(item)}.{hint}")
    number = Fraction(exact)
    if item.type is ItemType.WHOLE and number.denominator != 1:
        raise Refused(f"{path} must be a whole number{_limits(item)}, not {_named(given)}.")
    return number


def _limits(item: Item) -> str:
    unit = f" {item.unit}" if item.unit else ""
    return f" {float(item.low or 0):.10g} to {float(item.high or 0):.10g}{unit}"


LONGEST_SHOWN = 40  # characters of a wrong answer that a sentence repeats


def _named(given: object) -> str:
    if given is None:
        return "null"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, str):
        return f"the text {given[:LONGEST_SHOWN]!r}"
    if isinstance(given, Mapping):
        return "an object"
    if isinstance(given, list | tuple):
        return "a list"
    return str(given)[:LONGEST_SHOWN]
