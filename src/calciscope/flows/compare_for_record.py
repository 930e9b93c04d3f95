"""A newly measured scan beside the one before it: tracked, and what became of every deposit put into the record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from calciscope.flows.measure_scan import Request
from calciscope.flows.track_scans import TrackRequest, track_scans
from calciscope.record.actions.scans import record_comparison
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.queries.patients import patient_page
from calciscope.record.scans.chain import chains
from calciscope.record.scans.files import comparison_folder, comparison_with_first_folder, result_folder
from calciscope.record.scans.followed import BEFORE, COMPARISON, FIRST, MEASUREMENT, comparison_of, followed, reach_of
from calciscope.record.scans.loss import losses
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.terms.tracking import Cause

BROKE_OFF = (
    "Comparing broke off several times, perhaps for want of memory; the measurement stands, nothing is said of change."
)

KEPT_OF_FAMILY = (
    "event", "baseline_ids", "followup_ids", "baseline_mass_mg", "followup_mass_mg", "change_mg", "change_percent", "limit_mg",
    "significant", "beyond_25_percent", "note",
)  # fmt: skip
KEPT_OF_BURDEN = (
    "baseline_mg", "followup_mg", "change_mg", "change_percent", "limit_mg", "significant", "baseline_litres", "followup_litres",
    "baseline_mg_per_litre", "followup_mg_per_litre",
)  # fmt: skip
KEPT_OF_LIMIT = ("slice_class", "widened_by")


def compare_with_earlier(*, by: Actor, patient: UUID, measurement: UUID) -> UUID | None:
    """Track a measurement against the newest one before it, and record it once; None where there is none before it."""
    facts = _facts(by, patient)
    later, earlier, told = _pair(facts, measurement)
    if told is not None:
        return told.uid
    if earlier is None:
        return None
    return _tracked(by, patient, (earlier, later), facts, comparison_folder(patient, later.uid), reach=BEFORE)


def compare_with_first(*, by: Actor, patient: UUID, measurement: UUID) -> UUID | None:
    """Track the newest measurement of a course against the first, and record it once; None where that is the one before it."""
    facts = _facts(by, patient)
    chain = next((one for one in chains(facts) if any(scan.uid == measurement for scan in one.scans)), None)
    step = chain.since_first if chain else None
    if (
        step is None
        or step.comparison is not None
        or not all("folder" in one.data for one in (step.earlier, step.later))
    ):
        return None
    out = comparison_with_first_folder(patient, step.later.uid, step.earlier.uid)
    return _tracked(by, patient, (step.earlier, step.later), facts, out, reach=FIRST)


def _tracked(by: Actor, patient: UUID, scans: tuple[Fact, Fact], facts: list[Fact], out: Path, *, reach: str) -> UUID:
    """Track two measurements, earlier and later, and record what was found or why they cannot be compared."""
    earlier, later = scans
    first, second = (result_folder(patient, UUID(str(fact.data["folder"]))) for fact in scans)
    said: dict[str, Any] = {"measurement": str(later.uid), "earlier": str(earlier.uid)}
    if reach != BEFORE:
        said["reach"] = reach
    try:
        done = track_scans(
            TrackRequest(scans=(first, second), out=out, measuring=Request(scan=first, out=out, overwrite=True))
        )
        said |= {
            "outcome": "compared",
            "message": " ".join(done.warnings)[:2000],
            **_found(json.loads(done.json_text), scans, facts),
        }
    except Refused as refused:
        text = str(refused).replace(str(first), "The earlier scan").replace(str(second), "this scan")
        said |= {"outcome": "not_comparable", "message": text[:2000]}
    return record_comparison(by=by, patient=patient, said={**said, "software": later.data.get("software", "")})


def compare_around(*, by: Actor, patient: UUID, measurement: UUID) -> UUID | None:
    """Hold a measurement against the one before it, and the next later one against this where that one had none before it.

    Scans need not come in the order in which they were made. The newest of three or more is held against the first as well.
    """
    key = compare_with_earlier(by=by, patient=patient, measurement=measurement)
    later = _waiting_after(_facts(by, patient), measurement)
    if later is not None:
        compare_with_earlier(by=by, patient=patient, measurement=later.uid)
    compare_with_first(by=by, patient=patient, measurement=measurement)
    return key


def give_up_comparing(*, by: Actor, patient: UUID, measurement: UUID) -> None:
    """Record that a measurement could not be compared, because comparing broke off too often."""
    later, earlier, told = _pair(_facts(by, patient), measurement)
    if told is None and earlier is not None:
        said = {"measurement": str(later.uid), "earlier": str(earlier.uid), "software": later.data.get("software", "")}
        record_comparison(by=by, patient=patient, said=said | {"outcome": "not_comparable", "message": BROKE_OFF})


def _facts(by: Actor, patient: UUID) -> list[Fact]:
    return [fact for fact in patient_page(by=by, patient=patient).facts if fact.holds]


def _pair(facts: list[Fact], measurement: UUID) -> tuple[Fact, Fact | None, Fact | None]:
    """A measurement, the one before it, and their comparison if it is there."""
    later = next((fact for fact in facts if fact.uid == measurement), None)
    if later is None:
        raise NotAllowed("This measurement is not in the record any more.")
    return later, _before(later, facts), comparison_of(measurement, facts)


def _before(later: Fact, facts: list[Fact]) -> Fact | None:
    """The newest of an earlier day, one that shows a part of the same if there is any; its results are on this server."""
    parts = {str(fact.uid): set(fact.data.get("regions", ())) for fact in facts if fact.noun == "imaging_study"}
    mine = parts.get(str(later.data["study"]), set())
    before = [
        fact
        for fact in facts
        if fact.noun == later.noun and "folder" in fact.data
        and fact.effective_on and later.effective_on and fact.effective_on < later.effective_on
    ]  # fmt: skip
    shared = [fact for fact in before if mine & parts.get(str(fact.data["study"]), set())]
    return max(shared or before, key=lambda fact: (fact.effective_on, fact.at), default=None)


def _waiting_after(facts: list[Fact], measurement: UUID) -> Fact | None:
    """The oldest later measurement that nobody has compared, if this one is what it would be held against."""
    told = {str(one.data["measurement"]) for one in facts if one.noun == COMPARISON and reach_of(one.data) == BEFORE}
    waiting = [
        fact for fact in facts if fact.noun == MEASUREMENT and "folder" in fact.data and str(fact.uid) not in told
    ]
    mine = [one for one in waiting if (before := _before(one, facts)) is not None and before.uid == measurement]
    return min(mine, key=lambda fact: (fact.effective_on, fact.at), default=None)


def _found(document: Mapping[str, Any], scans: tuple[Fact, Fact], facts: list[Fact]) -> dict[str, Any]:
    """Burden, limit and families as tracking wrote them, the cause of a loss as the record says it today."""
    (comparison,) = document["comparisons"][-1:]
    families = [{name: one.get(name) for name in KEPT_OF_FAMILY} for one in comparison["families"]]
    why = losses(scans, followed(families), facts)
    limit = comparison.get("limit", {})
    return {
        "burden": {name: comparison["burden"].get(name) for name in KEPT_OF_BURDEN},
        "limit": {name: limit[name] for name in KEPT_OF_LIMIT if name in limit},
        "families": [
            family | {"cause": (why[place].cause if place in why else Cause.UNKNOWN).value}
            for place, family in enumerate(families)
        ],
    }
