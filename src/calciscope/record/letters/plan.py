"""The plan that a letter tells of: the version in force, else the newest, with who signed or dissented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.fields import NOT_ASSESSED
from calciscope.record.letters.state import day_of
from calciscope.record.plans.options import CHOSEN, needs_two
from calciscope.record.plans.standing import AGREES, ENDED, IN_FORCE, SIGNATURE, PlanStanding, lacks, plan_standing
from calciscope.record.written_days import written
from calciscope.terms.letter_facts import PlanState, ToldOption, ToldPlan, ToldWord


def told_plan(facts: Sequence[Fact], versions: Iterable[Fact]) -> ToldPlan:
    """From newest versions of facts and every version of the plan."""
    standing = plan_standing(facts)
    if standing is None:
        return ToldPlan(state=PlanState.NONE)
    if standing.state == ENDED:
        return _ended(standing)
    version = standing.in_force_version
    if version is None:
        return _told(standing.plan, facts, PlanState(standing.state), lacks=tuple(lacks(standing)))
    plan = next((one for one in versions if one.version == version), standing.plan)
    begun = [one for one in standing.steps if one.data["step"] == IN_FORCE and one.data["plan_version"] == version]
    newer = standing.plan.version != version
    later = f"A newer version of {written(str(standing.plan.data['agreed_on']))} is being prepared; until it is signed this one holds."
    return _told(
        plan, facts, PlanState.IN_FORCE, in_force_on=day_of(begun[-1]) if begun else "", later=later if newer else ""
    )


def _ended(standing: PlanStanding) -> ToldPlan:
    last = next(one for one in reversed(standing.steps) if one.data["step"] == ENDED)
    agreed = written(str(standing.plan.data["agreed_on"]))
    said = f"The plan of {agreed} ended on {day_of(last)}: {last.data.get('reason', '')}"
    return ToldPlan(state=PlanState.ENDED, version=standing.plan.version, agreed_on=agreed, ended=said)


def _told(
    plan: Fact,
    facts: Sequence[Fact],
    state: PlanState,
    *,
    in_force_on: str = "",
    later: str = "",
    lacks: tuple[str, ...] = (),
) -> ToldPlan:
    data: dict[str, Any] = {name: "" if said == NOT_ASSESSED else said for name, said in plan.data.items()}
    signed = [fact for fact in facts if fact.noun == SIGNATURE and fact.data["plan_version"] == plan.version]
    words = [_word(fact) for fact in sorted((one for one in signed if one.holds), key=lambda one: one.at)]
    return ToldPlan(
        state=state,
        version=plan.version,
        agreed_on=written(str(data.get("agreed_on", ""))),
        in_force_on=in_force_on,
        goals=str(data.get("goals", "")),
        options=tuple(_option(one) for one in data.get("options", ())),
        next_steps=str(data.get("next_steps", "")),
        who_does_what=str(data.get("who_does_what", "")),
        stop_rule=str(data.get("stop_rule", "")),
        review_on=written(str(data.get("review_on", ""))),
        other_opinions=str(data.get("dissent", "")),
        weighed_by=str(data.get("weighed_by", "")),
        words=tuple(words),
        lacks=lacks,
        later=later,
    )


def _option(option: Mapping[str, Any]) -> ToldOption:
    chosen = option.get("decision") == CHOSEN
    marks = [word for key, word in (("experimental", "experimental"), ("off_label", "off label")) if option.get(key)]
    if chosen and needs_two(option):
        marks.append("consent recorded" if option.get("consent") else "no consent recorded")
    stops = option.get("stops", ()) if chosen else ()
    return ToldOption(
        code=str(option.get("therapy", "")),
        title=str(option.get("title") or option.get("therapy", "")),
        chosen=chosen,
        reason=str(option.get("reason", "")),
        dose=str(option.get("dose", "")),
        stop_rule=str(option.get("stop_rule", "")),
        who=str(option.get("who", "")),
        standing=", ".join(marks),
        stops=tuple(str(one.get("because", "")) for one in stops),
        override=str(option.get("override", "")) if stops else "",
    )


def _word(fact: Fact) -> ToldWord:
    return ToldWord(
        by=fact.by,
        role=fact.role.replace("_", " "),
        on=written(str(fact.data["signed_on"])),
        agrees=fact.data["answer"] == AGREES,
        words=str(fact.data.get("words", "")),
    )
