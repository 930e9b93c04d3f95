"""How the plan stands: which version, who signed it or dissented, what it lacks to be put in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.permissions import Permission, Role, may
from calciscope.record.plans.options import chosen, needs_two

PLAN, SIGNATURE, STEP = "plan", "plan_signature", "plan_step"
AGREES = "agrees"
PRESENTED, IN_FORCE, ENDED = "presented", "in_force", "ended"
DRAFT = "draft"
TWO = 2
CLOCK_MONTHS = 12  # inactive disease is aimed for within a year of starting treatment (treat to target, 2025; seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStanding:
    """The newest version of a plan with what was said and done with that version."""

    plan: Fact
    state: str  # draft | presented | in_force | ended
    signatures: tuple[Fact, ...]
    steps: tuple[Fact, ...]  # of every version, the oldest first
    in_force_version: int | None  # the version that holds, which may be an earlier one

    @property
    def options(self) -> Sequence[Mapping[str, Any]]:
        """Options, chosen and set aside."""
        return list(self.plan.data.get("options", []))

    @property
    def overridden(self) -> Sequence[Mapping[str, Any]]:
        """Chosen options against which a stop stands."""
        return [option for option in chosen(self.options) if option.get("stops")]

    @property
    def agreeing(self) -> Sequence[Fact]:
        """Who signed."""
        return [fact for fact in self.signatures if fact.data["answer"] == AGREES]


def plan_standing(facts: Iterable[Fact]) -> PlanStanding | None:
    """From newest versions of facts; None where there is no plan."""
    standing = sorted((fact for fact in facts if fact.holds), key=lambda fact: fact.at)
    plan = next((fact for fact in standing if fact.noun == PLAN), None)
    if plan is None:
        return None
    steps = tuple(fact for fact in standing if fact.noun == STEP)
    signatures = tuple(
        fact for fact in standing if fact.noun == SIGNATURE and fact.data["plan_version"] == plan.version
    )
    own = [str(fact.data["step"]) for fact in steps if fact.data["plan_version"] == plan.version]
    return PlanStanding(
        plan=plan,
        state=own[-1] if own else DRAFT,
        signatures=signatures,
        steps=steps,
        in_force_version=_in_force(steps),
    )


def lacks(standing: PlanStanding) -> list[str]:
    """What has to come before this version is put in force, in words."""
    found = []
    if standing.state == DRAFT:
        found.append("It has not been presented to the team.")
    physicians = [fact for fact in standing.agreeing if may(Role(fact.role), Permission.SIGN)]
    if not physicians:
        found.append("No physician has signed it.")
    two = [option for option in chosen(standing.options) if needs_two(option)]
    if two and len({fact.uid for fact in standing.agreeing}) < TWO:  # each person has one word on a version
        found.append(f"Two people have to sign it: {_named(two)} (off-label or experimental).")
    without = [option for option in two if not option.get("consent")]
    if without:
        found.append(f"Consent is not recorded: {_named(without)}.")
    return found


def clock(start: date | None, on: date) -> tuple[int, date] | None:
    """(whole months since the start, the day on which twelve are over)."""
    if start is None or start > on:
        return None
    months = (on.year - start.year) * 12 + on.month - start.month - (on.day < start.day)
    try:
        over = start.replace(year=start.year + 1)
    except ValueError:  # 29 February
        over = start.replace(year=start.year + 1, month=3, day=1)
    return months, over


def _in_force(steps: Iterable[Fact]) -> int | None:
    version: int | None = None
    for fact in steps:
        if fact.data["step"] == IN_FORCE:
            version = int(fact.data["plan_version"])
        elif fact.data["step"] == ENDED:
            version = None
    return version


def _named(options: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(str(option.get("title") or option["therapy"]) for option in options)
