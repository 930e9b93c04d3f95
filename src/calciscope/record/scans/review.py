"""The automatic result and the steps of one reader, folded to the reviewed list. Pure; the automatic result is never touched.

A reading without a key is the clinic's own: it holds the decisions on candidates as well. A trial's readings have keys,
and none knows of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from calciscope.record.fact import Fact
from calciscope.record.scans.sums import MassSum, Shared, mass_sum

EDIT, DECISION = "reading_edit", "candidate_decision"
ACCEPT, REJECT, RELABEL, SPLIT, MERGE, ADD, UNDO = "accept", "reject", "relabel", "split", "merge", "add", "undo"
OPEN, ACCEPTED, REJECTED, REPLACED = "open", "accepted", "rejected", "replaced"
AUTOMATIC, EDITED = "automatic", "edited"
CALCINOSIS = "calcinosis"
TO_REVIEW = (CALCINOSIS, "uncertain")
"""Kinds that a reader is asked about; what was set aside as something else is looked at where somebody wishes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One step. ``step`` is 0 for a decision that was taken on the list of candidates."""

    uid: UUID
    step: int
    edit: str
    items: tuple[str, ...]
    kind: str
    reason: str
    seeds: tuple[tuple[float, float, float], ...]
    after: tuple[Mapping[str, Any], ...]
    sum_said: str
    undoes: UUID | None
    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing on the scan. ``row`` is as it was measured; ``origin`` tells whether the program or an edit gave its mass.

    ``made_from``: what it was split or merged from; ``last``: the edit that it stands by, None as long as nobody said a word.
    """

    id: str
    row: Mapping[str, Any]
    kind: str
    state: str
    origin: str
    made_from: tuple[str, ...] = ()
    last: Edit | None = None

    @property
    def asked(self) -> bool:
        """Whether a reader has still to look at it."""
        return self.state == OPEN and self.kind in TO_REVIEW

    @property
    def stands(self) -> bool:
        """Whether it is part of the reviewed list."""
        return self.state in (OPEN, ACCEPTED)

    @property
    def counts(self) -> bool:
        """Whether it is part of the burden."""
        return self.stands and self.kind == CALCINOSIS

    @property
    def unedited(self) -> bool:
        """Whether it was accepted exactly as the program found it."""
        return self.state == ACCEPTED and self.origin == AUTOMATIC and self.kind == self.row["kind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The reviewed list of one reading. ``edits`` are all steps in their order, those undone among them (``undone``)."""

    measurement: UUID
    items: tuple[Item, ...]
    edits: tuple[Edit, ...]
    undone: frozenset[UUID]
    shared: Shared | None

    def item(self, name: str) -> Item | None:
        """The item of that id."""
        return next((one for one in self.items if one.id == name), None)

    @property
    def steps(self) -> int:
        """How many steps the log of this reading holds."""
        return max((one.step for one in self.edits), default=0)

    @property
    def standing(self) -> tuple[Item, ...]:
        """What the reviewed list holds."""
        return tuple(one for one in self.items if one.stands)

    @property
    def asked(self) -> tuple[Item, ...]:
        """What is still to be looked at."""
        return tuple(one for one in self.items if one.asked)

    @property
    def counted(self) -> tuple[Item, ...]:
        """What makes up the burden."""
        return tuple(one for one in self.items if one.counts)

    @property
    def burden(self) -> MassSum:
        """Of all that counts now, with its 95 % interval."""
        return mass_sum((one.row for one in self.counted), self.shared)

    @property
    def last_undoable(self) -> Edit | None:
        """The newest step that was not undone."""
        left = (one for one in reversed(self.edits) if one.step and one.edit != UNDO and one.uid not in self.undone)
        return next(left, None)


def edit_key(measurement: UUID, reading: UUID | None, step: int) -> UUID:
    """The key of one step: two who take it at once meet in it."""
    return uuid5(measurement, f"edit {reading or 'clinic'} {step}")


def edits_of(measurement: UUID, facts: Iterable[Fact], reading: UUID | None = None) -> tuple[Edit, ...]:
    """The steps of one reading in their order; of the clinic's own with the decisions that stand."""
    found = []
    for fact in facts:
        if not fact.holds or fact.data.get("measurement") != str(measurement):
            continue
        if fact.noun == EDIT and fact.data.get("reading") == (str(reading) if reading else None):
            found.append(_edit(fact))
        elif fact.noun == DECISION and reading is None:
            found.append(_decision(fact))
    return tuple(sorted(found, key=lambda one: (one.at, one.step, str(one.uid))))


def review(measurement: Fact, edits: Sequence[Edit]) -> Review:
    """Fold the steps, in their order, over the automatic result; an undone step is as if it had not been."""
    undone = frozenset(one.undoes for one in edits if one.edit == UNDO and one.undoes)
    items = {str(int(row["deposit_id"])): _found(row) for row in measurement.data.get("candidates", ())}
    for edit in edits:
        if edit.edit != UNDO and edit.uid not in undone:
            _apply(items, edit)
    return Review(
        measurement=measurement.uid,
        items=tuple(items.values()),
        edits=tuple(edits),
        undone=undone,
        shared=Shared.of(measurement.data.get("recipe")),
    )


def reviewed(measurement: Fact, facts: Iterable[Fact], reading: UUID | None = None) -> Review:
    """The reviewed list of one reading, from the patient's facts."""
    return review(measurement, edits_of(measurement.uid, facts, reading))


def new_names(known: Iterable[str], edit: str, items: Sequence[str], count: int) -> tuple[str, ...]:
    """Ids for what an edit makes: 7 is split into 7a and 7b, what is merged is M1, what is added A1."""
    taken = set(known)
    if edit == SPLIT:
        return tuple(_free(taken, items[0], "abcdefghijklmnopqrstuvwxyz"[:26])[:count])
    letter = "M" if edit == MERGE else "A"
    numbers = (f"{letter}{number}" for number in range(1, len(taken) + count + 1))
    return tuple(name for name in numbers if name not in taken)[:count]


def _free(taken: set[str], stem: str, letters: str) -> list[str]:
    return [f"{stem}{letter}" for letter in letters if f"{stem}{letter}" not in taken]


def _found(row: Mapping[str, Any]) -> Item:
    return Item(id=str(int(row["deposit_id"])), row=row, kind=str(row["kind"]), state=OPEN, origin=AUTOMATIC)


def _apply(items: dict[str, Item], edit: Edit) -> None:
    named = [items[name] for name in edit.items if name in items]
    if edit.edit in (SPLIT, MERGE, ADD):
        for one in named:
            items[one.id] = replace(one, state=REPLACED, last=edit)
        for row in edit.after:
            name = str(row["item"])
            items[name] = Item(
                id=name,
                row=row,
                kind=str(row["kind"]),
                state=ACCEPTED,  # who drew it has looked at it
                origin=EDITED,
                made_from=edit.items,
                last=edit,
            )
        return
    for one in named:
        state = REJECTED if edit.edit == REJECT else ACCEPTED
        kind = edit.kind if edit.edit == RELABEL else one.kind
        items[one.id] = replace(one, state=state, kind=kind, last=edit)


def _edit(fact: Fact) -> Edit:
    data = fact.data
    return Edit(
        uid=fact.uid,
        step=int(data["step"]),
        edit=str(data["edit"]),
        items=tuple(map(str, data.get("items", ()))),
        kind=str(data.get("kind", "")),
        reason=str(data.get("reason", "")),
        seeds=tuple((float(x), float(y), float(z)) for x, y, z in data.get("seeds", ())),
        after=tuple(data.get("after", ())),
        sum_said=str(data.get("sum_said", "")),
        undoes=UUID(str(data["undoes"])) if "undoes" in data else None,
        by=fact.by,
        role=fact.role,
        at=fact.at,
    )


def _decision(fact: Fact) -> Edit:
    data = fact.data
    return Edit(
        uid=fact.uid,
        step=0,
        edit=str(data["decision"]),
        items=(str(int(data["candidate"])),),
        kind=str(data.get("kind", "")),
        reason=str(data.get("reason", "")),
        seeds=(),
        after=(),
        sum_said="",
        undoes=None,
        by=fact.by,
        role=fact.role,
        at=fact.at,
    )
