"""What a reading says: which proposals are calcinosis, and the burden that follows. Pure, from candidates and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from calciscope.record.refusals import Problem
from calciscope.terms.deposits import Kind

ACCEPT, RELABEL, REJECT = "accept", "relabel", "reject"
CALCINOSIS = Kind.CALCINOSIS.value
TO_DECIDE = frozenset({CALCINOSIS, Kind.UNCERTAIN.value})
KINDS = frozenset(kind.value for kind in Kind)


def reading_key(item: UUID) -> UUID:
    """The key of the fact in which a reading is kept: two windows of one reader meet in it."""
    return uuid5(item, "reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of what a reader took for calcinosis: ``counted`` are its numbers; sums are None where one could not be weighed."""

    counted: frozenset[int]
    mass_mg: float | None
    volume_ml: float | None


def problems_of(decisions: Sequence[Mapping[str, Any]], candidates: Iterable[Mapping[str, Any]]) -> Iterable[Problem]:
    """What is wrong with decisions, each at its candidate: an unknown number, an unknown word, one number twice."""
    known = {int(one["deposit_id"]) for one in candidates}
    seen: set[int] = set()
    for one in decisions:
        number, word = int(one["candidate"]), one["decision"]
        field = f"c-{number}"
        if number not in known:
            yield Problem(field=field, message="There is no such proposal on this scan.")
        if number in seen:
            yield Problem(field=field, message="This stands here twice.")
        if word not in (ACCEPT, RELABEL, REJECT):
            yield Problem(field=field, message="This is not one of the choices.")
        elif word == RELABEL and one.get("kind") not in KINDS:
            yield Problem(field=field, message="Say what else it is.")
        seen.add(number)


def undecided(decisions: Iterable[Mapping[str, Any]], candidates: Iterable[Mapping[str, Any]]) -> list[int]:
    """Proposals that a reading has to decide on and does not."""
    done = {int(one["candidate"]) for one in decisions}
    asked = [int(one["deposit_id"]) for one in candidates if one["kind"] in TO_DECIDE]
    return [number for number in asked if number not in done]


def result_of(decisions: Iterable[Mapping[str, Any]], candidates: Sequence[Mapping[str, Any]]) -> Result:
    """What counts as calcinosis by these decisions; a proposal that was accepted or left counts as it was found."""
    said = {int(one["candidate"]): one for one in decisions}
    counted = [one for one in candidates if _kind(one, said.get(int(one["deposit_id"]))) == CALCINOSIS]
    return Result(
        counted=frozenset(int(one["deposit_id"]) for one in counted),
        mass_mg=_sum(counted, "mass_mg"),
        volume_ml=_sum(counted, "volume_ml"),
    )


def _kind(candidate: Mapping[str, Any], decision: Mapping[str, Any] | None) -> str:
    """What it is by the reader's word; empty where it was rejected."""
    if decision is None or decision["decision"] == ACCEPT:
        return str(candidate["kind"])
    return str(decision["kind"]) if decision["decision"] == RELABEL else ""


def _sum(counted: Sequence[Mapping[str, Any]], name: str) -> float | None:
    values = [one.get(name) for one in counted]
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return sum(numbers) if len(numbers) == len(values) else None
