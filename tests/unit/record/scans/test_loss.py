"""Why mineral was lost: only what the record says, as a table of what may be recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import pytest

from calciscope.record.fact import Fact
from calciscope.record.fields import first_day
from calciscope.record.scans.followed import followed
from calciscope.record.scans.loss import losses
from calciscope.record.scans.reading import decision_key
from calciscope.terms.tracking import Cause
from tests.unit.record.scans.made import candidate

SPACE = UUID(int=5)
DEPOSIT = uuid5(SPACE, "deposit")
THEN, NOW = date(2026, 3, 10), date(2026, 9, 10)
SHRUNK = {"event": "shrunk", "baseline_ids": [1], "followup_ids": [2], "change_mg": -115.0, "significant": True}


def fact(
    noun: str, data: dict, *, on: date | None = None, deposit: UUID | None = None, uid: UUID | None = None
) -> Fact:
    return Fact(
        uid=uid or uuid5(SPACE, f"{noun} {data} {on}"), version=1, noun=noun, data=data, status="current", effective_on=on,
        visit_id=None, deposit_id=deposit, by="Dr Example", role="rheumatologist", at=datetime(2026, 10, 1, tzinfo=UTC),
        reason="", software="",
    )  # fmt: skip


FIRST = fact("imaging_measurement", {"candidates": [candidate(1), candidate(3)]}, on=THEN)
LAST = fact("imaging_measurement", {"candidates": [candidate(2)]}, on=NOW)
LINK = fact(
    "candidate_decision", {"decision": "accept", "linked_deposit": str(DEPOSIT)}, uid=decision_key(FIRST.uid, 1)
)


def event(word: str, on: str, *, deposit: UUID = DEPOSIT) -> Fact:
    return fact("deposit_event", {"event": word, "on": on}, on=first_day(on), deposit=deposit)


def skin(word: str, on: date) -> Fact:
    return fact("deposit_finding", {"skin_state": [word]}, on=on, deposit=DEPOSIT)


def procedure(kind: str, on: str, *, deposits: list[str] | None = None) -> Fact:
    return fact("procedure", {"kind": kind, "done_on": on, "deposits": deposits or [str(DEPOSIT)]}, on=first_day(on))


CASES = [
    ("nothing is recorded", [], [Cause.UNKNOWN]),
    ("resorbing at the first scan", [event("resorbing", "2026-01-04")], [Cause.RESORBED]),
    ("resolved between the scans", [event("resolved", "2026-06-04")], [Cause.RESORBED]),
    ("resolved before the first scan", [event("resolved", "2026-01-04")], [Cause.UNKNOWN]),
    ("smaller by the caliper says no cause", [event("shrinking", "2026-06-04")], [Cause.UNKNOWN]),
    ("excised", [event("excised", "2026-06-04")], [Cause.EXCISED]),
    ("excised on the day of the first scan, which shows what was there", [event("excised", "2026-03-10")], [Cause.UNKNOWN]),
    ("excised after the last scan", [event("excised", "2026-09-11")], [Cause.UNKNOWN]),
    ("excised in a month between", [event("excised", "2026-06")], [Cause.EXCISED]),
    ("excised in the month of the last scan, perhaps after it", [event("excised", "2026-09")], [Cause.UNKNOWN]),
    ("excised in that year, perhaps after the scan", [event("excised", "2026")], [Cause.UNKNOWN]),
    ("extruding", [event("extruding", "2026-06-04")], [Cause.EXTRUDED]),
    ("extruding since before the first scan", [event("extruding", "2025-06-04")], [Cause.EXTRUDED]),
    ("extruded long ago and stable since", [event("extruding", "2025-06-04"), event("stable", "2025-12-04")], [Cause.UNKNOWN]),
    ("extruding, then resolved: it was not resorbed", [event("extruding", "2026-05-04"), event("resolved", "2026-06-04")],
     [Cause.EXTRUDED]),
    ("drained and excised", [event("drained", "2026-05-04"), procedure("excision", "2026-06-04")], [Cause.EXCISED, Cause.DRAINED]),
    ("skin draining at a visit", [skin("draining", date(2026, 6, 4))], [Cause.DRAINED]),
    ("skin intact at a visit", [skin("intact", date(2026, 6, 4))], [Cause.UNKNOWN]),
    ("aspiration", [procedure("aspiration", "2026-06-04")], [Cause.DRAINED]),
    ("a shock wave explains no loss", [procedure("shock_wave", "2026-06-04")], [Cause.UNKNOWN]),
    ("excision of another deposit", [procedure("excision", "2026-06-04", deposits=[str(uuid5(SPACE, "other"))])], [Cause.UNKNOWN]),
    ("an event of another deposit", [event("excised", "2026-06-04", deposit=uuid5(SPACE, "other"))], [Cause.UNKNOWN]),
]  # fmt: skip


@pytest.mark.parametrize(("recorded", "causes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_cause_is_what_the_record_says(recorded, causes) -> None:
    (loss,) = losses((FIRST, LAST), followed([SHRUNK]), [FIRST, LAST, LINK, *recorded]).values()
    assert list(loss.causes) == causes
    assert loss.cause is causes[0]


def test_a_fact_is_named_with_its_day_and_who_recorded_it() -> None:
    facts = [FIRST, LAST, LINK, event("excised", "2026-06-04")]
    (loss,) = losses((FIRST, LAST), followed([SHRUNK]), facts).values()
    (said,) = loss.said
    assert (said.words, said.by, said.fact) == ("excised, 04 Jun 2026", "Dr Example", facts[-1].uid)


def test_what_is_no_loss_has_no_cause() -> None:
    facts = [FIRST, LAST, LINK, event("excised", "2026-06-04")]
    within = SHRUNK | {"significant": False, "event": "stable"}
    grown = SHRUNK | {"change_mg": 20.0, "event": "grown"}
    assert losses((FIRST, LAST), followed([within, grown]), facts) == {}


def test_a_deposit_that_nobody_linked_has_no_cause() -> None:
    (loss,) = losses((FIRST, LAST), followed([SHRUNK]), [FIRST, LAST, event("excised", "2026-06-04")]).values()
    assert loss.cause is Cause.UNKNOWN and loss.said == ()
