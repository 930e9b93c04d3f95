"""What an action answers when it cannot do as asked: fields that do not hold, or someone who was faster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.terms.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field; the message repeats no value, so it may be logged."""

    field: str
    message: str


class Invalid(Refused):
    """Values that do not hold, each with its field; nothing was saved."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One of two texts in conflict."""

    version: int
    data: Mapping[str, Any]
    status: str
    by: str
    at: str


class Conflict(Refused):
    """Someone else has written since the version this one was based on; both texts are carried, nothing was saved."""

    def __init__(self, *, uid: UUID, noun: str, theirs: Version, mine: Mapping[str, Any]) -> None:
        self.uid = uid
        self.noun = noun
        self.theirs = theirs
        self.mine = dict(mine)
        super().__init__("Someone else has changed this since you opened it; compare both and save again.")
