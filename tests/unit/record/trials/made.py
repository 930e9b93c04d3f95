"""A trial with two subjects of two scans each, two readers and a third: made up, so that no pixel is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.reading_plans import draw_reading_plan
from calciscope.record.actions.scans import record_comparison, record_measured
from calciscope.record.actions.trial_readings import Said, lock_reading, take_reading_step
from calciscope.record.actor import Actor
from calciscope.record.permissions import Role
from calciscope.record.queries.trial_readings import reading_task, worklist
from calciscope.record.scans import files
from calciscope.record.scans.log import Step
from calciscope.record.trials.plan import Rules
from tests.unit.record.conftest import People, person
from tests.unit.record.scans.made import CANDIDATES

DAYS = ("2025-03-10", "2026-03-10")
STUDY, TITLE = "CALC-01", "Calcinosis under a new drug"
NAMES = ("Secretname", "Hiddenname")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Everybody and everything of it."""

    plan: UUID
    doctor: Actor
    readers: tuple[Actor, Actor]
    third: Actor
    patients: dict[UUID, str]
    scans: dict[UUID, tuple[UUID, ...]]


def readers_of(people: People, site: str = "North") -> tuple[Actor, Actor, Actor]:
    one, two, three = (people(Role.READER, site=site, name=name) for name in ("reader-a", "reader-b", "reader-c"))
    return one, two, three


def family(event: str, before: tuple[int, ...], after: tuple[int, ...]) -> dict[str, Any]:
    return {
        "event": event, "baseline_ids": list(before), "followup_ids": list(after), "baseline_mass_mg": None,
        "followup_mass_mg": None, "change_mg": None, "change_percent": None, "limit_mg": None, "significant": None, "note": "",
    }  # fmt: skip


FAMILIES = [family("stable", (1,), (1,)), family("grown", (2,), (2,)), family("stable", (3,), (3,))]


def recorded_scan(by: Actor, patient: UUID, *, done_on: str) -> UUID:
    """Measured and recorded without the list of work, so that a server's own worker takes nothing of it."""
    result = uuid4()
    folder = files.result_folder(patient, result)
    folder.mkdir(parents=True)
    (folder / files.OVERVIEW).write_bytes(b"\x89PNG made up")
    counted = [one for one in CANDIDATES if one["kind"] == "calcinosis"]
    study = {"modality": "ct", "done_on": done_on, "question": "Before and under a new drug", "regions": ["knee"]}
    measurement = {
        "outcome": "measured", "mass_mg": sum(one["mass_mg"] for one in counted), "deposits": len(counted),
        "candidates": list(CANDIDATES), "folder": str(result), "software": "calciscope 0",
    }  # fmt: skip
    return record_measured(by=by, patient=patient, result=result, study=study, measurement=measurement)


def subjects(doctor: Actor) -> tuple[dict[UUID, str], dict[UUID, tuple[UUID, ...]]]:
    """Two patients with two measured scans each, the later one compared with the earlier."""
    named: dict[UUID, str] = {}
    scans: dict[UUID, tuple[UUID, ...]] = {}
    for place, name in enumerate(NAMES, 1):
        patient = register_patient(by=doctor, person=person(f"H-90{place}", family_name=name))
        named[patient] = f"01-00{place}"
        scans[patient] = tuple(recorded_scan(doctor, patient, done_on=day) for day in DAYS)
        said = {
            "measurement": str(scans[patient][1]), "earlier": str(scans[patient][0]), "outcome": "compared",
            "families": FAMILIES,
            "burden": {
                "baseline_mg": 183.3, "followup_mg": 183.3, "change_mg": 0.0, "change_percent": 0.0, "limit_mg": 20.0,
                "significant": False,
            },
        }  # fmt: skip
        record_comparison(by=doctor, patient=patient, said=said)
    return named, scans


def made_trial(people: People, doctor: Actor, **rules: Any) -> Trial:
    one, two, three = readers_of(people)
    patients, scans = subjects(doctor)
    plan = draw_reading_plan(
        by=doctor,
        study=STUDY,
        title=TITLE,
        subjects=patients,
        readers=(one.membership_id, two.membership_id),
        adjudicator=three.membership_id,
        rules=Rules(**({"repeat_percent": 50, "washout_days": 0} | rules)),
    )
    return Trial(plan=plan, doctor=doctor, readers=(one, two), third=three, patients=patients, scans=scans)


def decide(reader: Actor, item: UUID, *rejected: int) -> int:
    """A word on each of the three proposals of calcinosis: accepted but those rejected; the number of steps that the reading has then."""
    steps = 0
    for edit, numbers in (("reject", rejected), ("accept", [one for one in (1, 2, 3) if one not in rejected])):
        if numbers:
            take_reading_step(
                by=reader, item=item, step=Step(edit=edit, items=[str(one) for one in numbers]), seen=steps
            )
            steps += 1
    return steps


def read_one(reader: Actor, item: UUID, *rejected: int, **said: Any) -> bool:
    """Decide and lock; whether a third reader was asked."""
    task = reading_task(by=reader, item=item)
    return lock_reading(
        by=reader, item=item, said=Said(based_on=task.version, seen=decide(reader, item, *rejected), **said)
    )


def read_all(reader: Actor, *rejected: int) -> int:
    """Lock everything on a reader's list that may be read; how many times a third reader was asked."""
    asked = 0
    while following := worklist(by=reader).following:
        asked += read_one(reader, following.item, *rejected)
    return asked
