"""What a noun of the record is: its fields, what it hangs on, and what its fields say to one another."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from calciscope.record.fields import NOT_ASSESSED, Field, first_day
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Invalid, Problem
from calciscope.terms.errors import Refused

Check = Callable[[Mapping[str, Any]], Iterable[Problem]]


class Of(StrEnum):
    """What a fact hangs on."""

    PATIENT = "patient"
    VISIT = "visit"
    DEPOSIT = "deposit"


def no_further_check(_data: Mapping[str, Any]) -> Iterable[Problem]:
    """For nouns whose fields do not depend on each other."""
    return ()


def never_over(_data: Mapping[str, Any]) -> bool:
    """For nouns of which every version may be followed by another."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A kind of fact. ``once``: one of it a patient or visit; ``expected``: a visit is incomplete without one.

    ``written_by`` is the permission that writing it needs beyond that of the action.
    """

    title: str
    of: Of
    fields: tuple[Field, ...]
    once: bool = False
    expected: bool = False
    dated_by: str = ""  # the field that says when the fact held
    check: Check = no_further_check
    check_of_child: Check | None = None  # what is asked where the patient was under 18
    written_by: Permission = Permission.RECORD
    own_action: bool = False  # written by its own actions alone; those for any fact refuse it
    taken_back: bool = True  # whether a fact may be marked as entered in error
    over: Callable[[Mapping[str, Any]], bool] = (
        never_over  # whether a version is the last: nothing follows it, by any action
    )
    name: str = ""  # its file's name, filled in when it is found

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)

    def validated(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data with keys in the order of the fields; raises Invalid with every problem at its field."""
        problems = [*self._unknown(data), *self._each(data)]
        if not problems:
            problems += self.check(data)
        if problems:
            raise Invalid(problems)
        return {field.name: data[field.name] for field in self.fields if field.name in data}

    def effective_on(self, data: Mapping[str, Any]) -> date | None:
        """When the fact held, as far as its own fields tell."""
        said = data.get(self.dated_by) if self.dated_by else None
        return first_day(said[:10]) if isinstance(said, str) and said != NOT_ASSESSED else None

    def due(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of expected fields that were not asked yet; "not assessed" is an answer."""
        return tuple(field.name for field in self.fields if field.expected and field.name not in data)

    def _unknown(self, data: Mapping[str, Any]) -> list[Problem]:
        known = {field.name for field in self.fields}
        return [Problem(field=name[:60], message="There is no such field.") for name in data if name not in known]

    def _each(self, data: Mapping[str, Any]) -> Iterable[Problem]:
        for field in self.fields:
            if field.name in data:
                message = field.problem(data[field.name])
            else:
                message = "This is needed." if field.required else ""
            if message:
                yield Problem(field=field.name, message=message)


@cache
def nouns() -> Mapping[str, Noun]:
    """Name -> noun, for every module of the folder `nouns`, sorted."""
    from dataclasses import replace

    package = importlib.import_module("calciscope.record.nouns")
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_"))
    found = {name: importlib.import_module(f"{package.__name__}.{name}").NOUN for name in names}
    return {name: replace(noun, name=name) for name, noun in found.items()}


def noun(name: str) -> Noun:
    """The noun of that name; refused when there is none."""
    found = nouns().get(name)
    if found is None:
        raise Refused("There is no such kind of fact in the record.")
    return found
