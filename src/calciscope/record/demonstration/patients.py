"""One invented patient whole: what the clinic has on paper, and the truth behind it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calciscope.record.demonstration.chance import parameters, stream
from calciscope.record.demonstration.course import Course, make_course
from calciscope.record.demonstration.seen import Said, SeenVisit, visits
from calciscope.record.demonstration.subject import YEAR_DAYS, Subject, make_subject
from calciscope.record.demonstration.told import told

AS_OF = date(2026, 11, 1)
SMALL = 12  # up to this many, deposits are made more frequent, so that a demonstration has something to show


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePatient:
    """An invented patient."""

    subject: Subject
    facts: tuple[Said, ...]
    visits: tuple[SeenVisit, ...]
    truth: dict[str, Any]


def make_patients(*, seed: int, count: int, as_of: date = AS_OF) -> Iterator[MadePatient]:
    """Invented patients, one after another. Small sets are enriched with deposits; each truth says so."""
    for number in range(1, count + 1):
        subject = make_subject(seed, number, as_of)
        course = make_course(seed, subject, enriched=number <= SMALL)
        seen = tuple(visits(seed, course))
        yield MadePatient(
            subject=subject,
            facts=(
                *_facts(stream(seed, number, "facts"), course),
                *told(stream(seed, number, "told"), course, seen),
            ),
            visits=seen,
            truth=_truth(course, seen),
        )


def _facts(rng: random.Random, course: Course) -> Iterator[Said]:
    subject = course.subject
    population = "juvenile" if subject.juvenile else "adult"
    yield Said(
        noun="characteristics", data={"sex": subject.sex, "birth_year": subject.born_on.year, "population": population}
    )
    yield Said(
        noun="diagnosis",
        data={
            "type": "jdm" if subject.juvenile else "dm",
            "onset_on": subject.onset_on.isoformat()[:7],
            "diagnosed_on": subject.treated_on.isoformat()[:7],
            "treated_on": subject.treated_on.isoformat(),
        },
    )
    result = "negative" if subject.antibody == "none_found" else "positive"
    yield Said(
        noun="antibody",
        data={"antibody": subject.antibody, "result": result, "method": "line_blot"}
        | {"sampled_on": subject.treated_on.isoformat()},
    )
    yield from _medication(rng, course)
    yield from _sizes(rng, subject)


def _medication(rng: random.Random, course: Course) -> Iterator[Said]:
    start = course.subject.treated_on
    base = {"route": "oral", "indication": "treatment", "started_on": start.isoformat()}
    tapered = min(course.subject.until, start + timedelta(days=rng.randint(200, 500)))
    over = {"stopped_on": tapered.isoformat(), "stop_reason": "remission"} if tapered < course.subject.until else {}
    yield Said(noun="medication", data=base | {"therapy": "prednisone", "dose": 20, "dose_unit": "mg/d"} | over)
    yield Said(noun="medication", data=base | {"therapy": "methotrexate", "dose": 15, "dose_unit": "mg/wk"})
    therapy = parameters()["treatment"]["therapy"]
    begun: int | None = None
    for month, treated in enumerate([*course.treated, False]):
        if treated and begun is None:
            begun = month
        elif not treated and begun is not None:
            yield _cycle(course, therapy, begun, month)
            begun = None


def _cycle(course: Course, therapy: str, begun: int, ended: int) -> Said:
    data = {"therapy": therapy, "route": "intravenous", "indication": "treatment"}
    data |= {"started_on": course.day_of(begun).isoformat()}
    if ended < len(course.treated):
        data |= {"stopped_on": course.day_of(ended).isoformat(), "stop_reason": "other"}
    return Said(noun="medication", data=data)


def _sizes(rng: random.Random, subject: Subject) -> Iterator[Said]:
    grown = 178.0 if subject.sex == "male" else 166.0
    adult_cm = rng.gauss(grown, 6.0)
    day = subject.treated_on
    while day <= subject.until:
        age = (day - subject.born_on).days / YEAR_DAYS
        height = adult_cm if age >= 17 else 50.0 + (adult_cm - 50.0) * (age / 17.0) ** 0.72
        weight = 21.0 * (height / 100.0) ** 2 * (0.78 + 0.22 * min(1.0, age / 17.0)) * rng.gauss(1.0, 0.03)
        yield Said(
            noun="body_size",
            data={"measured_on": day.isoformat(), "height_cm": round(height, 1), "weight_kg": round(weight, 1)},
        )
        day += timedelta(days=180)


def _truth(course: Course, seen: tuple[SeenVisit, ...]) -> dict[str, Any]:
    months = [course.month_of(visit.held_on) for visit in seen]
    return {
        "synthetic": True,
        "number": course.subject.number,
        "enriched": course.subject.number <= SMALL,
        "antibody": course.subject.antibody,
        "juvenile": course.subject.juvenile,
        "delay_years": round(course.subject.delay_years, 3),
        "activity_at_visits": [round(course.activity[month], 3) for month in months],
        "activity_by_month": [round(activity, 3) for activity in course.activity],
        "treated_by_month": [int(treated) for treated in course.treated],
        "deposits": [
            {
                "region": deposit.region,
                "side": deposit.side,
                "born_month": deposit.born,
                "excised_month": deposit.excised,
                "tendency": round(deposit.tendency, 5),
                "limit_mm3": round(deposit.limit_mm3, 2),
                "volume_mm3_by_month": [round(volume, 2) for volume in deposit.volume_mm3],
            }
            for deposit in course.deposits
        ],
    }
