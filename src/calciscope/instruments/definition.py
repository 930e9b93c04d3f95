"""What an instrument is: its items, the published values its arithmetic rests on, its outputs, and its rights.

All numbers are exact fractions, so that a score that lies on a cut-off lies on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from calciscope.terms.scores import Verification

Data = Fraction | str | bool | tuple["Data", ...] | Mapping[str, "Data"]
"""A published value: a number, a word, or lists and tables of them."""


class ItemType(StrEnum):
    """What an answer may be; null always means not assessed."""

    YES_NO = "yes_no"  # true or false
    WHOLE = "whole"  # a whole number from low to high; true and false stand for 1 and 0 where these are the ends
    NUMBER = "number"  # a number from low to high
    CHOICE = "choice"  # one of some words
    INTERVAL = "interval"  # [low, high], two numbers
    GROUP = "group"  # an object with the keys of `items`
    TABLE = "table"  # an object with a key for each of `rows`, each a group of `items`
    LIST = "list"  # any number of groups of `items`


NESTED = frozenset({ItemType.GROUP, ItemType.TABLE})


class RightsStatus(StrEnum):
    """What may be passed on."""

    OPEN = "open"
    ARITHMETIC_ONLY = "arithmetic only"  # wording is protected: only sums and neutral names are here
    UNRESOLVED = "unresolved"  # nobody has said yet; treated as arithmetic only


class OutputKind(StrEnum):
    """How an output is made."""

    SUM = "sum"  # of items times their weights
    MEAN = "mean"  # of the items answered, when at least `least_answered` are
    ANY = "any"  # true when one item is true; false when all are false
    SCORED = "scored"  # by the instrument's own score.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who owns the wording, and what that leaves."""

    status: RightsStatus
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication, and what of it was read."""

    id: str
    cite: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A published value that the arithmetic rests on."""

    id: str
    meaning: str
    source: str
    verification: Verification
    data: Data
    note: str = ""


class HeldIn(StrEnum):
    """Which part of a patient's record has an answer."""

    FACT = "fact"  # a field of a noun, of the visit's own day: noun.field
    SCORE = "score"  # an output of another instrument: id.output
    RESULT = "result"  # a laboratory result, by the name of its test
    LIMIT = "limit"  # the laboratory's own upper limit of it
    RANGE = "range"  # the laboratory's own range of it
    AGE = "age"  # the patient's, in years


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A place of the record; ``means`` is the answer where the place has any number, None for that number itself."""

    where: HeldIn
    name: str = ""
    field: str = ""
    means: Fraction | None = None

    def of_row(self, called: str) -> Held:
        """The place of one row of a table."""
        return replace(self, name=self.name.replace("{row}", called))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One answer, or a group of answers."""

    key: str
    title: str
    type: ItemType
    verification: Verification
    low: Fraction | None = None
    high: Fraction | None = None
    unit: str = ""
    weight: Fraction = Fraction(1)
    choices: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    rows_in_record: tuple[str, ...] = ()  # what the record calls each row, in the order of rows
    record: tuple[Held, ...] = ()  # where a patient's record has the answer, the first that there is
    items: tuple[Item, ...] = ()
    optional: bool = False  # absent is not "missing"
    note: str = ""

    def leaves(self, above: str = "") -> Iterator[tuple[str, Item]]:
        """(dotted path, item) of every single answer of this item; a list counts as one."""
        path = f"{above}.{self.key}" if above else self.key
        if self.type not in NESTED:
            yield path, self
            return
        for place, called in zip(
            [f"{path}.{row}" for row in self.rows] or [path], self.rows_in_record or self.rows or ("",), strict=True
        ):
            for item in self.items:
                for below, leaf in item.leaves(place):
                    yield below, replace(leaf, record=tuple(held.of_row(called) for held in leaf.record))


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One thing the instrument says."""

    name: str
    title: str
    kind: OutputKind
    of: tuple[str, ...]  # paths of items, `*` for every row
    uses: tuple[str, ...]  # ids of values
    verification: Verification  # of the weakest item or value it rests on
    low: Fraction | None = None
    high: Fraction | None = None
    unit: str = ""
    least_when_missing: bool = False  # items missing: the least it can be, or nothing but the range
    least_answered: int = 0
    on_course: str = ""  # its short name on the one-page course of a patient; empty: not shown there
    best: str = ""  # which end of the scale is health, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What a publication says of an output from ``at_least`` or up to ``at_most``, both inclusive."""

    output: str
    says: str
    source: str
    verification: Verification
    at_least: Fraction | None = None
    at_most: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A measure of the patient, as data; valid once built."""

    id: str
    title: str
    measures: str
    population: str
    rights: Rights
    sources: tuple[Source, ...]
    items: tuple[Item, ...] = ()
    values: tuple[Value, ...] = ()
    outputs: tuple[Output, ...] = ()
    bands: tuple[Band, ...] = ()
    cautions: tuple[str, ...] = ()
    slot: str = ""  # why it cannot be scored yet; empty for one that can
    children_only: bool = False
    once: bool = False  # a classification, not a course
    score_module: str = ""  # dotted name of its own score.py, if it has one

    def leaves(self) -> dict[str, Item]:
        """Dotted path -> item of every single answer."""
        return {path: item for top in self.items for path, item in top.leaves()}

    def data(self, value_id: str) -> Data:
        """The published value of that id."""
        return next(value.data for value in self.values if value.id == value_id)

    def source(self) -> str:
        """All citations in one line."""
        return "; ".join(source.cite for source in self.sources)


def matching(leaves: Mapping[str, Item], pattern: str) -> list[str]:
    """Paths of ``leaves`` that a path with `*` (any row) names, in order."""
    wanted = pattern.split(".")
    return [
        path
        for path in leaves
        if len(steps := path.split(".")) == len(wanted)
        and all(want in ("*", step) for want, step in zip(wanted, steps, strict=True))
    ]
