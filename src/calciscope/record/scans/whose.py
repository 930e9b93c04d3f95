"""Whether a scan is of this patient, by what its files say. Pure: what differs is said, and a person decides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DIFFERS, ALIKE, NOT_SAID = "differs", "alike", "not said"


@dataclass(frozen=True, slots=True, kw_only=True)
class InFiles:
    """What the files say of the patient; empty or None where they do not. ``name`` is as DICOM writes it."""

    name: str = ""
    born_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InRecord:
    """Who the patient of the record is."""

    family_name: str
    given_name: str
    born_on: date | None
    numbers: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Name, date of birth and number, each alike, different or not said."""

    name: str
    born_on: str
    number: str

    @property
    def doubtful(self) -> tuple[str, ...]:
        """What a person has to look at; another number alone is no doubt where name and birth agree (another hospital's)."""
        found = [field for field in ("name", "born_on") if getattr(self, field) == DIFFERS]
        if self.number == DIFFERS and not (self.name == self.born_on == ALIKE):
            found.append("number")
        return tuple(found)

    @property
    def known(self) -> bool:
        """Whether the files say anything at all of the patient that agrees."""
        return ALIKE in (self.name, self.born_on, self.number)


def likeness(files: InFiles, record: InRecord) -> Likeness:
    """Compare the two."""
    return Likeness(
        name=_names(files.name, record),
        born_on=_equal(files.born_on, record.born_on),
        number=NOT_SAID
        if not files.number
        else ALIKE
        if _plain(files.number) in {_plain(number) for number in record.numbers}
        else DIFFERS,
    )


def _equal(first: date | None, second: date | None) -> str:
    if first is None or second is None:
        return NOT_SAID
    return ALIKE if first == second else DIFFERS


def _names(written: str, record: InRecord) -> str:
    """A family name that shares a word, and a given name that does where both have one (order and accents do not matter)."""
    words = _words(written)
    family, given = _words(record.family_name), _words(record.given_name)
    if not words or not family:
        return NOT_SAID
    if not words & family:
        return DIFFERS
    rest = words - family
    return DIFFERS if given and rest and not _share(rest, given) else ALIKE


def _share(first: set[str], second: set[str]) -> bool:
    """A word in common, or an initial that fits."""
    return any(one == two or (min(len(one), len(two)) == 1 and one[0] == two[0]) for one in first for two in second)


def _words(name: str) -> set[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return {word for word in re.split(r"[\W_]+", plain.casefold()) if word}


def _plain(number: str) -> str:
    return re.sub(r"[\s./-]", "", number).casefold().lstrip("0")
