"""Every family of deposits: a row of the table for each step, and small pictures of those that matter most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.safestring import SafeString

from calciscope.record.fact import Fact
from calciscope.record.in_words.cause_words import causes_words
from calciscope.record.in_words.deposit_words import place
from calciscope.record.scans.chain import Chain, FamilyCourse, Step, followed_through
from calciscope.record.scans.followed import Followed
from calciscope.record.scans.loss import Loss
from calciscope.record.scans.reading import read_candidates
from calciscope.web.course.marks import spoken
from calciscope.web.course.sentence import amount
from calciscope.web.course.told import labels_of
from calciscope.web.design.charts.course_chart import Corridor, Lane
from calciscope.web.design.charts.small_multiple import Axes, small_multiple
from calciscope.web.design.course import Course

MOST_DRAWN = 12  # the table holds all
MOST_LANES = 6
NONE, NOT_SEEN = "none", "not seen"
YEAR_DAYS = 365.25
BORROWED_PERCENT_A_YEAR = (
    25.0  # Valenzuela 2022 (seen): hand radiographs in systemic sclerosis, 39 patients, one year; borrowed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """One family between two scans, in words; an empty cell is not evaluable."""

    number: int
    label: str
    where: str
    event: str
    mark: SafeString
    then: str
    now: str
    change: str
    limit: str
    beyond: str
    cause: str
    sources: Sequence[str]
    a_year: str
    borrowed: str
    note: str
    weight: tuple[bool, bool, float]

    def cells(self) -> list[str]:
        """As a row of a file."""
        return [
            str(self.number), self.label, self.where, self.event, self.then, self.now, self.change, self.limit, self.beyond,
            self.cause, "; ".join(self.sources), self.a_year, self.borrowed, self.note,
        ]  # fmt: skip


HEADS = (
    "number", "deposit", "where", "event", "mg then", "mg now", "change mg", "limit mg", "beyond error", "cause of loss", "recorded",
    "percent a year", "beyond 25 percent a year (borrowed)", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPicture:
    """One family's mass over time."""

    title: str
    where: str
    words: str
    mark: SafeString
    picture: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPictures:
    """All that are drawn, and the lanes of treatment below each, from the top."""

    each: Sequence[FamilyPicture]
    lanes: Sequence[str]


def family_rows(course: Course, step: Step) -> list[FamilyRow]:
    """Real changes first, by their size; what is not evaluable comes last."""
    labels = labels_of(course)
    found = [dict(_by_number(scan, course.facts)) for scan in (step.earlier, step.later)]
    rows = []
    for place_, family in enumerate(step.families):
        members = [found[0][n] for n in family.baseline_ids if n in found[0]]
        members += [found[1][n] for n in family.followup_ids if n in found[1]]
        named = sorted({labels[one.deposit] for one in members if one.deposit in labels})
        main: Mapping[str, Any] = max(
            (one.found for one in members), key=lambda one: float(one.get("mass_mg") or 0.0), default={}
        )
        rows.append(_row(step, place_, family, ", ".join(named), place(main)))
    return sorted(rows, key=lambda row: row.weight)


def _by_number(scan: Fact, facts: Sequence[Fact]) -> list[tuple[int, Any]]:
    return [(one.number, one) for one in read_candidates(scan, facts)]


def _row(step: Step, place_: int, family: Followed, label: str, where: str) -> FamilyRow:
    loss = step.loss(place_) if family.lost else None
    yearly = _a_year(step, family)
    evaluable = family.change_mg is not None
    return FamilyRow(
        number=place_ + 1,
        label=label,
        where=where or "place not certain",
        event=family.event.replace("_", " "),
        mark=spoken(family.event),
        then=_mass(family, family.baseline_ids, family.baseline_mass_mg),
        now=_mass(family, family.followup_ids, family.followup_mass_mg),
        change=_signed(family.change_mg) if evaluable else "",
        limit=amount(family.limit_mg) if family.limit_mg is not None else "",
        beyond="" if family.significant is None else "yes" if family.significant else "no",
        cause=causes_words(loss.causes) if loss else "",
        sources=_sources(loss),
        a_year=_percent(yearly) if yearly is not None else "",
        borrowed="" if yearly is None else "yes" if abs(yearly) > BORROWED_PERCENT_A_YEAR else "no",
        note=family.note,
        weight=(family.change_mg is None, family.significant is not True, -abs(family.change_mg or 0.0)),
    )


def _sources(loss: Loss | None) -> list[str]:
    return [f"{one.words} ({one.by})" for one in loss.said] if loss else []


def _mass(family: Followed, ids: tuple[int, ...], mass: float | None) -> str:
    """In mg. What is not there is none where the family was evaluable, else it was only not seen."""
    if not ids:
        return NOT_SEEN if family.change_mg is None else NONE
    return "not evaluable" if mass is None else amount(mass)


def _signed(value: float | None) -> str:
    if value is None:
        return ""
    words = amount(abs(value))
    return words if value == 0 else ("+" if value > 0 else "\u2212") + words


def _percent(value: float) -> str:
    whole = round(value)
    return f"{whole:+d} %".replace("-", "\u2212") if whole else "0 %"


def _a_year(step: Step, family: Followed) -> float | None:
    """Change in percent a year; None where there was nothing at first or it is not evaluable."""
    if family.change_percent is None or step.earlier.effective_on is None or step.later.effective_on is None:
        return None
    days = (step.later.effective_on - step.earlier.effective_on).days
    return family.change_percent * YEAR_DAYS / days if days > 0 else None


def family_pictures(course: Course, chain: Chain, lanes: Sequence[Lane]) -> FamilyPictures:
    """Small pictures on one time axis, each with its own scale of mass: families that changed first, then the heaviest."""
    days = [scan.effective_on for scan in chain.scans if scan.effective_on]
    if len(days) < 2:
        return FamilyPictures(each=(), lanes=())
    room = max(timedelta(days=14), (days[-1] - days[0]) / 20)
    span = (days[0] - room, days[-1] + room)
    shown = [lane for lane in (_within(one, span) for one in lanes) if lane.spans][:MOST_LANES]
    axes = Axes(span=span, top=1.0, lanes=shown, unit="mg")
    labels = labels_of(course)
    families = [one for one in followed_through(chain, course.facts) if len(one.points) > 1]
    ordered = sorted(families, key=lambda one: not _changed(chain, one))
    return FamilyPictures(
        each=[_picture(chain, one, labels, axes) for one in ordered[:MOST_DRAWN]], lanes=[lane.title for lane in shown]
    )


def _changed(chain: Chain, one: FamilyCourse) -> bool:
    return any(chain.steps[step].families[place_].significant for step, place_ in one.places)


def _within(lane: Lane, span: tuple[date, date]) -> Lane:
    """The part of a lane that lies in the picture."""
    first, last = span
    held = [
        (max(first, begin), None if end is None else min(last, end), says)
        for begin, end, says in lane.spans
        if begin <= last and (end is None or end >= first)
    ]
    return replace(lane, spans=held)


def _picture(chain: Chain, one: FamilyCourse, labels: Mapping[str, str], axes: Axes) -> FamilyPicture:
    corridors, words = [], ""
    for number, place_ in one.places:
        step, family = chain.steps[number], chain.steps[number].families[place_]
        first, last = step.earlier.effective_on, step.later.effective_on
        if first is None or last is None:
            continue
        then, limit = family.baseline_mass_mg, family.limit_mg
        if then is not None and limit is not None and family.change_mg is not None:
            lower, upper = max(0.0, then - limit), then + limit
            corridors.append(Corridor(first=first, last=last, lower=lower, upper=upper, says="measurement error alone"))
        words = _words(step, place_, family)
    tops = [mass for _, mass in one.points] + [corridor.upper for corridor in corridors]
    named = [labels[key] for key in one.deposits if key in labels]
    newest = [place_ + 1 for number, place_ in one.places if number == len(chain.steps) - 1]
    title = "No. " + ", ".join(map(str, newest)) if newest else "Not between the last two scans"
    event = chain.steps[one.places[-1][0]].families[one.places[-1][1]].event
    where = place(one.found) or "place not certain"
    return FamilyPicture(
        title=title,
        where=", ".join([*named, where]),
        words=words,
        mark=spoken(event),
        picture=small_multiple(
            title=f"{title}, {where}: mass in mg over time; the same values stand in the table of deposits",
            points=[(day, round(mass, 1)) for day, mass in one.points],
            own=[],
            events=[],
            axes=replace(axes, top=max(tops)),
            corridors=corridors,
        ),
    )


def _words(step: Step, place_: int, family: Followed) -> str:
    then = _mass(family, family.baseline_ids, family.baseline_mass_mg)
    now = _mass(family, family.followup_ids, family.followup_mass_mg)
    masses = f"{then} \u2192 {now} mg" if family.followup_ids else f"{then} mg \u2192 {now}"
    if family.significant is None:
        return f"{masses}; not evaluable"
    limit = amount(family.limit_mg)
    cause = f"; {causes_words(step.loss(place_).causes)}" if family.lost else ""
    return f"{masses}, {'beyond' if family.significant else 'within'} error ({limit} mg){cause}"
