"""What a reading says: which deposits are calcinosis, and the burden that follows. Pure, from the steps of the reading."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from calciscope.record.scans.review import (
    ACCEPT,
    ACCEPTED,
    AUTOMATIC,
    CALCINOSIS,
    OPEN,
    REJECT,
    REJECTED,
    RELABEL,
    REPLACED,
    TO_REVIEW,
    Item,
    Review,
)

TO_DECIDE = frozenset(TO_REVIEW)
SAME_PLACE_MM = 5.0
"""Two readers' seeds of one missed deposit give centres that differ by less; neighbours lie further apart (judgement)."""
KEPT = (
    "mass_mg", "mass_lower_mg", "mass_upper_mg", "volume_ml", "longest_diameter_mm", "region", "side", "x_mm", "y_mm", "z_mm",
)  # fmt: skip


def reading_key(item: UUID) -> UUID:
    """The key of the fact in which a reading is kept: two windows of one reader meet in it."""
    return uuid5(item, "reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One deposit that a reader took for calcinosis. ``of`` are the proposals that it is made from; none where the program missed it."""

    id: str
    of: tuple[int, ...]
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of what a reader took for calcinosis; sums are None where one could not be weighed."""

    items: tuple[Counted, ...]
    mass_mg: float | None
    volume_ml: float | None

    @property
    def counted(self) -> frozenset[int]:
        """Proposals that are calcinosis, whole or in a part."""
        return frozenset(number for one in self.items for number in one.of)

    @property
    def added(self) -> tuple[Counted, ...]:
        """What the program missed."""
        return tuple(one for one in self.items if not one.of)

    @property
    def masses_mg(self) -> dict[int, float | None]:
        """Proposal -> mass of its parts; what was merged weighs at the first of what it was merged from."""
        found: dict[int, float | None] = {}
        for one in self.items:
            if one.of:
                mass, before = one.row.get("mass_mg"), found.get(one.of[0], 0.0)
                known = isinstance(mass, int | float) and before is not None
                found[one.of[0]] = before + float(mass) if known and before is not None and mass is not None else None
        return found


def outcome(review: Review) -> dict[str, Any]:
    """What a reading came to, as the record keeps it beside its steps: a word on each proposal, and what the reader made."""
    own = [one for one in review.items if one.origin == AUTOMATIC]
    made = [one for one in review.items if one.origin != AUTOMATIC and one.state == ACCEPTED]
    return {
        "decisions": [_decision(one) for one in own if one.state != OPEN],
        "made": [_made(one, review) for one in made],
        "steps": review.steps,
    }


def result_of(data: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> Result:
    """What counts as calcinosis by a reading; a proposal that was accepted or left counts as it was found."""
    said = {int(one["candidate"]): one for one in data.get("decisions", ())}
    found = [
        Counted(id=str(number), of=(number,), row=one)
        for one in candidates
        if _kind(one, said.get(number := int(one["deposit_id"]))) == CALCINOSIS
    ]
    found += [
        Counted(id=str(one["item"]), of=tuple(map(int, one["of"])), row=one)
        for one in data.get("made", ())
        if one["kind"] == CALCINOSIS
    ]
    return Result(items=tuple(found), mass_mg=_sum(found, "mass_mg"), volume_ml=_sum(found, "volume_ml"))


def added_pairs(first: Iterable[Counted], second: Iterable[Counted]) -> list[tuple[Counted | None, Counted | None]]:
    """What two readers have added to one scan, side by side where it lies at the same place, nearest first."""
    left, right = list(first), list(second)
    near = sorted(
        ((apart, a, b) for a, one in enumerate(left) for b, two in enumerate(right) if (apart := _apart(one, two)) <= SAME_PLACE_MM)
    )  # fmt: skip
    taken: dict[int, int] = {}
    for _, a, b in near:
        if a not in taken and b not in taken.values():
            taken[a] = b
    pairs: list[tuple[Counted | None, Counted | None]] = [
        (one, right[taken[a]] if a in taken else None) for a, one in enumerate(left)
    ]
    return pairs + [(None, two) for b, two in enumerate(right) if b not in taken.values()]


def _decision(item: Item) -> dict[str, Any]:
    number = int(item.id)
    if item.state in (REJECTED, REPLACED):
        return {"candidate": number, "decision": REJECT if item.state == REJECTED else REPLACED}
    if item.kind == item.row["kind"]:
        return {"candidate": number, "decision": ACCEPT}
    return {"candidate": number, "decision": RELABEL, "kind": item.kind}


def _made(item: Item, review: Review) -> dict[str, Any]:
    kept = {name: item.row[name] for name in KEPT if item.row.get(name) is not None}
    return {"item": item.id, "kind": item.kind, "of": sorted(_roots(item, review)), **kept}


def _roots(item: Item, review: Review) -> set[int]:
    """Proposals that an item comes from, through whatever was split and merged between."""
    if item.origin == AUTOMATIC:
        return {int(item.id)}
    parents = (review.item(name) for name in item.made_from)
    return {number for one in parents if one for number in _roots(one, review)}


def _kind(candidate: Mapping[str, Any], decision: Mapping[str, Any] | None) -> str:
    """What it is by the reader's word; empty where it was rejected, or split or merged into something else."""
    if decision is None or decision["decision"] == ACCEPT:
        return str(candidate["kind"])
    return str(decision["kind"]) if decision["decision"] == RELABEL else ""


def _apart(one: Counted, other: Counted) -> float:
    places = [[float(each.row.get(name, math.inf)) for name in ("x_mm", "y_mm", "z_mm")] for each in (one, other)]
    return math.dist(*places)


def _sum(counted: Sequence[Counted], name: str) -> float | None:
    values = [one.row.get(name) for one in counted]
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return sum(numbers) if len(numbers) == len(values) else None
