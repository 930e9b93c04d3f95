"""What was found on a scan with what clinicians said of it, candidate by candidate. Pure, from facts that were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from calciscope.record.fact import Fact

CALCINOSIS = "calcinosis"


def decision_key(measurement: UUID, candidate: int) -> UUID:
    """The key of the decision on one candidate: two who decide at once meet in it."""
    return uuid5(measurement, f"candidate {candidate}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One candidate as it was found, and the newest word on it, if one stands. ``version`` is 0 before any."""

    number: int
    found: Mapping[str, Any]
    decision: Fact | None
    version: int

    @property
    def kind(self) -> str:
        """What it is by the newest word, else as it was found; empty where it was rejected."""
        if self.decision is None or self.decision.data["decision"] == "accept":
            return str(self.found["kind"])
        return str(self.decision.data.get("kind", "")) if self.decision.data["decision"] == "relabel" else ""

    @property
    def deposit(self) -> str:
        """The key of the deposit that it is linked to."""
        return str(self.decision.data.get("linked_deposit", "")) if self.decision else ""


def read_candidates(measurement: Fact, facts: Iterable[Fact]) -> tuple[Read, ...]:
    """Every candidate of a measurement, by falling mass as it was found."""
    decisions = {fact.uid: fact for fact in facts if fact.noun == "candidate_decision"}
    found = []
    for one in measurement.data.get("candidates", ()):
        number = int(one["deposit_id"])
        said = decisions.get(decision_key(measurement.uid, number))
        found.append(
            Read(
                number=number,
                found=one,
                decision=said if said and said.holds else None,
                version=said.version if said else 0,
            )
        )
    return tuple(found)
