"""What the sentence tells, from the record: masses of the last two scans, losses, what was felt near them, drugs between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.fields import first_day
from calciscope.record.scans.chain import Chain, Step
from calciscope.record.scans.reading import CALCINOSIS, read_candidates
from calciscope.record.vocabulary import REGIONS, SIDES
from calciscope.web.course.sentence import NOT_COMPARED, Drug, Rating, Told
from calciscope.web.design.course import Course

NEAR = timedelta(days=92)  # judgement: visits are a quarter apart, so the one that belongs to a scan lies no farther
NO_BURDEN = "the burden is not evaluable in one of them"
ONE_SIDE = ("left", "right")


def told_of(course: Course, chain: Chain | None, step: Step | None = None) -> Told:
    """From a step of the chain, the newest unless another is given."""
    if chain is None:
        return Told(part="")
    part = part_of(chain, course.facts)
    last = step or chain.last
    if last is None:
        return Told(part=part, then_on=chain.scans[0].effective_on, then_mg=number(chain.scans[0].data, "mass_mg"))
    then_on, now_on = last.earlier.effective_on, last.later.effective_on
    if then_on is None or now_on is None:
        return Told(part=part)
    masses = masses_of(last)
    return Told(
        part=part,
        then_on=then_on,
        now_on=now_on,
        then_mg=masses[0],
        now_mg=masses[1],
        limit_mg=number(last.burden, "limit_mg"),
        significant=last.burden.get("significant"),
        why_not=why_not(last),
        events=Counter(family.event for family in last.families),
        lost=tuple(_lost(course, last)),
        rating=_rating(course, then_on, now_on),
        drugs=tuple(_drugs(course, then_on, now_on)),
    )


def masses_of(step: Step) -> tuple[float | None, float | None]:
    """Burden (mg) then and now in what both scans show; None where it is not evaluable."""
    return number(step.burden, "baseline_mg"), number(step.burden, "followup_mg")


def why_not(step: Step) -> str:
    """Why two scans give no change of the burden; empty where they do."""
    if step.comparison is None:
        return NOT_COMPARED
    if not step.possible:
        return step.message
    return "" if None not in masses_of(step) else NO_BURDEN


def part_of(chain: Chain, facts: Sequence[Fact]) -> str:
    """Such as "Left thigh and knee"; the side only where all deposits lie on one."""
    sides = {
        str(one.found["side"])
        for scan in chain.scans
        for one in read_candidates(scan, facts)
        if one.kind == CALCINOSIS and one.found["side"] != "unknown"
    }
    named = [words for region, words in REGIONS.items() if region in chain.regions]
    parts = ", ".join(named[:-1]) + (" and " if len(named) > 1 else "") + named[-1] if named else "part of the body"
    side = SIDES[sides.pop()] if len(sides) == 1 and sides <= set(ONE_SIDE) else ""
    words = f"{side} {parts}".strip()
    return words[:1].upper() + words[1:]


def labels_of(course: Course) -> Mapping[str, str]:
    """Deposit's key -> its label."""
    return {str(story.id): story.label for story in course.stories}


def number(data: Mapping[str, Any], name: str) -> float | None:
    """A number of a table; None for anything else."""
    value = data.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _lost(course: Course, step: Step) -> Iterator[tuple[tuple[Any, ...], str]]:
    labels = labels_of(course)
    linked = {one.number: one.deposit for one in read_candidates(step.earlier, course.facts) if one.deposit}
    for place, family in enumerate(step.families):
        if family.lost:
            named = [labels[linked[one]] for one in family.baseline_ids if linked.get(one) in labels]
            yield step.loss(place).causes, " and ".join(named)


def _rating(course: Course, then_on: date, now_on: date) -> Rating | None:
    """Pain at the visits nearest to the scans, else the patient's or parent's global; None where neither was ever recorded."""
    pain = course.numbers(course.of_noun("skin_effects"), "pain")
    overall = course.numbers(course.of_noun("activity"), "patient_global")
    title, points = ("pain", pain) if pain else ("patient\u2019s global", overall)
    if not points:
        return None
    return Rating(title=title, then=_nearest(points, then_on), now=_nearest(points, now_on))


def _nearest(points: Sequence[tuple[date, float]], day: date) -> float | None:
    near = [(abs(on - day), value) for on, value in points if abs(on - day) <= NEAR]
    return min(near)[1] if near else None


def _drugs(course: Course, then_on: date, now_on: date) -> Iterator[Drug]:
    """Drugs for the disease that were started or stopped; one that was both is a change of dose and left to the lanes."""
    found: dict[str, list[Drug]] = {}
    for fact in course.of_noun("medication"):
        if fact.data.get("indication") in ("prophylaxis", "other_disease"):
            continue
        for name, started in (("started_on", True), ("stopped_on", False)):
            text = str(fact.data.get(name, ""))
            day = first_day(text) if text[:1].isdigit() else None
            if day and then_on < day <= now_on:
                drug = str(fact.data["therapy"]).replace("_", " ")
                found.setdefault(drug, []).append(Drug(name=drug, on=day, started=started))
    for said in found.values():
        if len({one.started for one in said}) == 1:
            yield said[0]
