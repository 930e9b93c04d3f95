"""What an invented patient has told and what was agreed: history, screenings, allergies, plan. It has no bearing on the truth.

Drawn from a stream of its own, so that the courses of deposits and treatment stay as they are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from calciscope.record.demonstration.course import Course
from calciscope.record.demonstration.seen import Said, SeenVisit

TOPICS: dict[str, tuple[float, tuple[str, ...]]] = {
    # topic: (share who have it, what they say); assumed
    "trigger_sun": (0.55, ("Rash flares after days outdoors",)),
    "trigger_infection": (0.3, ("Worse after a winter cold",)),
    "trigger_cold": (0.25, ("Fingers turn white in the cold",)),
    "trauma_site": (0.4, ("Deposits came where the elbow was knocked", "Knees, after falls at sport")),
    "pressure_site": (0.35, ("Leans on the left elbow at the desk",)),
    "family_history": (0.2, ("Mother with hypothyroidism", "Aunt with lupus")),
    "smoking": (0.15, ("Ten a day",)),
}
SYSTEMS = {"lung": 0.7, "heart": 0.55, "swallowing": 0.5, "bone": 0.35, "teeth": 0.3, "eyes": 0.25}
METHODS = {
    "lung": "HRCT and diffusion",
    "heart": "Echocardiography",
    "swallowing": "Fibre-optic examination",
    "bone": "DXA",
}
ALLERGIES = (
    ("Penicillin", "Rash", "moderate"),
    ("Cotrimoxazole", "Fever and rash", "severe"),
    ("Latex", "Itching", "mild"),
)
RISK = frozenset({"nxp2", "mda5", "tif1_gamma"})
GOALS = (
    "Full extension of both elbows; school without pain",
    "No new deposit in half a year",
    "Back to work full time",
)
STEPS = (
    "Blood tests in four weeks; photograph the ulcer weekly",
    "Physiotherapy twice a week",
    "Surgeon to look at D01",
)
STOPS = ("No change of the largest deposit in six months", "Two new deposits, or an ulcer that does not close")


def told(rng: random.Random, course: Course, seen: tuple[SeenVisit, ...]) -> Iterator[Said]:
    """Facts that hang on no visit."""
    subject = course.subject
    asked_on = subject.treated_on
    for topic, (share, words) in TOPICS.items():
        if subject.juvenile and topic == "smoking":
            continue
        present = rng.random() < share
        data: dict[str, Any] = {"topic": topic, "answer": "present" if present else "denied"}
        yield Said(noun="history_item", data=data | ({"text": rng.choice(words)} if present else {}))
    place = {"topic": "school" if subject.juvenile else "occupation", "answer": "present"}
    yield Said(noun="history_item", data=place | {"text": "Attends with help" if subject.juvenile else "Office work"})
    yield from _screenings(rng, asked_on, subject.until)
    yield _allergy(rng)
    if subject.sex == "female" and 14 <= (subject.until - subject.born_on).days // 365 <= 50:
        yield Said(
            noun="reproduction",
            data={
                "asked_on": asked_on.isoformat(),
                "childbearing_potential": True,
                "pregnant": False,
                "breastfeeding": False,
            },
        )
    if seen:
        yield from _agreed(rng, course, seen[-1].held_on)


def _screenings(rng: random.Random, first: date, until: date) -> Iterator[Said]:
    for system, share in SYSTEMS.items():
        if rng.random() >= share:
            continue
        on = first + timedelta(days=rng.randint(0, max(1, (until - first).days)))
        finding = "normal" if rng.random() < 0.8 else "abnormal"
        data = {"system": system, "screened_on": on.isoformat(), "finding": finding}
        yield Said(noun="organ_screening", data=data | ({"method": METHODS[system]} if system in METHODS else {}))


def _allergy(rng: random.Random) -> Said:
    if rng.random() < 0.75:
        return Said(noun="allergy", data={"answer": "none_known"})
    substance, reaction, severity = rng.choice(ALLERGIES)
    data = {"answer": "present", "substance": substance, "reaction": reaction, "severity": severity}
    return Said(noun="allergy", data=data)


def _agreed(rng: random.Random, course: Course, last: date) -> Iterator[Said]:
    if rng.random() < 0.75:
        review = last + timedelta(days=rng.choice((28, 56, 90, 120, 180)))
        data = {"agreed_on": last.isoformat(), "goals": rng.choice(GOALS), "next_steps": rng.choice(STEPS)}
        yield Said(noun="plan", data=data | {"stop_rule": rng.choice(STOPS), "review_on": review.isoformat()})
    if not course.deposits and course.subject.antibody in RISK:
        since = {"since": course.subject.treated_on.isoformat()}
        look = {"next_look_on": (last + timedelta(days=90)).isoformat()}
        yield Said(noun="risk_watch", data={"reasons": ["antibody"]} | since | look)
