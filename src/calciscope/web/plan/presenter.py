"""The plan in words: how it stands, what it lacks, how far its twelve months are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.fields import NOT_ASSESSED, first_day
from calciscope.record.noun import noun
from calciscope.record.picture.held import Held
from calciscope.record.picture.treatment import medications
from calciscope.record.plans.options import chosen
from calciscope.record.plans.standing import CLOCK_MONTHS, PlanStanding, clock, lacks, plan_standing
from calciscope.web.design.course import Course

STATES = {
    "draft": ("due", "draft, not yet presented"),
    "presented": ("due", "presented to the team"),
    "in_force": ("good", "in force"),
    "ended": ("plain", "ended"),
}
CLOCK_SOURCE = "Treat to target, 2025: inactive disease within a year of starting treatment (seen)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How far the twelve months are."""

    start: date
    over: date
    month: int
    late: bool
    source: str = CLOCK_SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlan:
    """A plan as its page and the patient's card show it."""

    standing: PlanStanding
    data: Mapping[str, Any]
    version: int
    state: tuple[str, str]
    chosen: Sequence[Mapping[str, Any]]
    set_aside: Sequence[Mapping[str, Any]]
    words: Sequence[tuple[str, str]]
    lacks: Sequence[str]
    steps: Sequence[tuple[Fact, str]]
    clock: Clock | None
    overdue: bool
    to_start: Sequence[tuple[str, str]]  # (id, title) of chosen drugs that are not recorded as taken
    revised: bool  # an earlier version is in force until this one is


def shown_plan(course: Course, today: date) -> ShownPlan | None:
    """From the facts of a patient; None without a plan."""
    standing = plan_standing(course.facts)
    if standing is None:
        return None
    data = standing.plan.data
    picked = chosen(standing.options)
    return ShownPlan(
        standing=standing,
        data=data,
        version=standing.plan.version,
        state=STATES[standing.state],
        chosen=picked,
        set_aside=[one for one in standing.options if one not in picked],
        words=_words(data),
        lacks=lacks(standing) if standing.state in ("draft", "presented") else [],
        steps=[(fact, _step(fact)) for fact in reversed(standing.steps)],
        clock=_clock(course, data, today),
        overdue=_overdue(course, data, today),
        to_start=_to_start(course, picked, today) if standing.state == "in_force" else (),
        revised=standing.in_force_version not in (None, standing.plan.version),
    )


def _to_start(course: Course, picked: Sequence[Mapping[str, Any]], today: date) -> list[tuple[str, str]]:
    held = Held.of(course.facts, today)
    taken = {one.therapy for one in medications(held) or ()}
    return [(one["therapy"], one["title"]) for one in picked if one.get("off_label") and one["therapy"] not in taken]


def treated_on(course: Course) -> str:
    """When treatment began, as the diagnosis says; nothing where it says no day."""
    found = course.newest("diagnosis")
    said = str(found.data.get("treated_on", "")) if found else ""
    return "" if said == NOT_ASSESSED else said


def _words(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    fields = [noun("plan").field(name) for name in ("next_steps", "who_does_what", "stop_rule", "dissent")]
    return [
        (field.label, str(data[field.name]))
        for field in fields
        if field and data.get(field.name) not in (None, "", NOT_ASSESSED)
    ]


def _step(fact: Fact) -> str:
    field = noun("plan_step").field("step")
    return getattr(field, "choices", {}).get(str(fact.data["step"]), "")


def _clock(course: Course, data: Mapping[str, Any], today: date) -> Clock | None:
    said = str(data.get("clock_from") or treated_on(course))
    start = first_day(said) if said[:1].isdigit() else None
    found = clock(start, today)
    if found is None or start is None:
        return None
    months, over = found
    return Clock(start=start, over=over, month=months, late=months >= CLOCK_MONTHS)


def _overdue(course: Course, data: Mapping[str, Any], today: date) -> bool:
    """The review that the plan agreed lies in the past, and no visit was held since."""
    due = str(data.get("review_on", ""))
    held = [visit.held_on.isoformat() for visit in course.visits if visit.state != "cancelled"]
    return due[:1].isdigit() and due < today.isoformat() and max(held, default="") < due
