"""Deposits as they stand, and what scans weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.in_words.amounts import mass_words, number
from calciscope.record.in_words.deposit_words import likeness, place, size, state_words
from calciscope.record.letters.state import day_of
from calciscope.record.picture.deposits import seen_deposits
from calciscope.record.picture.held import Held, value
from calciscope.record.picture.scanned import OnScan, scanned
from calciscope.record.scans.followed import comparison_of
from calciscope.record.scans.reading import Read
from calciscope.record.scans.review import reviewed
from calciscope.record.stories import Story, stories
from calciscope.record.vocabulary import REGIONS
from calciscope.record.written_days import written
from calciscope.terms.letter_facts import ToldDeposit, ToldScan

MASSES = ("mass_mg", "mass_lower_mg", "mass_upper_mg")
BEYOND = {True: ", beyond measurement error", False: ", within measurement error", None: ""}


def deposits(held: Held, known: Sequence[tuple[UUID, str]]) -> tuple[ToldDeposit, ...]:
    """Every deposit of which anything stands, by its number, those that ended too; then those that only a scan shows."""
    every = stories(held.facts, known)
    seen, named, _ = seen_deposits(held, known)
    states = dict(zip((one.id for one in named), (one.states or frozenset() for one in seen or ()), strict=True))
    on_scans = scanned(held, every)
    told = [
        _deposit(story, states.get(story.id, frozenset()), on_scans.of_map.get(story.id, ()))
        for story in every
        if story.stands
    ]
    return (*told, *(_on_scan(one) for one in on_scans.alone))


def scans(held: Held) -> tuple[ToldScan, ...]:
    """Measured scans, the newest first; of a series that was measured twice, the newer result."""
    return tuple(_scan(study, measured, held) for study, measured in reversed(_measured(held)))


def _deposit(story: Story, states: frozenset[Any], parts: Sequence[OnScan]) -> ToldDeposit:
    newest = story.newest
    data: Mapping[str, Any] = newest.data if newest else {}
    sized = next((one for one in reversed(story.findings) if isinstance(one.data.get("longest_mm"), int | float)), None)
    told = size(sized.data) if sized else size(data)
    if sized and newest and sized.uid != newest.uid:
        told += f", measured {day_of(sized)}"
    joint = str(value(newest, "joint") or "")
    lost = value(newest, "joint_limit_deg")
    limits = f"limits {joint or 'a joint'} by {lost:g} degrees" if isinstance(lost, int | float) and lost else ""
    event = story.events[-1] if story.events else None
    further = sorted(one.value.replace("_", " ") for one in states if one.value != story.state)
    return ToldDeposit(
        label=story.label,
        place=place(data),
        likeness=", ".join(part for part in (likeness(data), _count(data), limits) if part),
        size=told,
        seen_on=day_of(newest),
        state=", ".join([state_words(story), *further]),
        state_on=day_of(event),
        remark=str(value(newest, "remark") or ""),
        mass=_mass([one.read for one in parts]) if parts else "",
        mass_on=written(parts[0].day.isoformat()) if parts else "",
        ended=story.ended,
    )


def _on_scan(one: OnScan) -> ToldDeposit:
    """A deposit that nobody has placed on the body map yet."""
    found = one.read.found
    longest = found.get("longest_diameter_mm")
    day = written(one.day.isoformat())
    return ToldDeposit(
        label=f"CT {one.read.number}",
        place=place(found),
        likeness=likeness({"layer": found.get("layer"), "form": found.get("shape")}),
        size=f"{longest:.0f} mm (ct)" if isinstance(longest, int | float) else "size not recorded",
        seen_on=day,
        state="seen on the scan alone",
        state_on="",
        remark="",
        mass=_mass([one.read]),
        mass_on=day,
        ended=False,
    )


def _count(data: Mapping[str, Any]) -> str:
    count = data.get("count")
    return f"{count} of them" if isinstance(count, int) and count > 1 else ""


def _measured(held: Held) -> list[tuple[Fact, Fact]]:
    """(study, measurement) by the day of the study."""
    studies = {str(fact.uid): fact for fact in held.all("imaging_study")}
    newest: dict[tuple[str, str], tuple[Fact, Fact]] = {}
    for fact in held.all("imaging_measurement"):
        study = studies.get(str(fact.data["study"]))
        if study and fact.data["outcome"] == "measured":
            newest[str(study.uid), str(fact.data.get("series_uid", fact.uid))] = (study, fact)
    return sorted(newest.values(), key=lambda pair: (str(pair[0].effective_on), pair[1].at))


def _mass(parts: Sequence[Read]) -> str:
    """Of one deposit; the limits of several parts are added, so that the interval is wide rather than narrow."""
    summed: dict[str, float] = {}
    for name in MASSES:
        values = [one.found.get(name) for one in parts]
        numbers = [float(each) for each in values if isinstance(each, int | float)]
        if len(numbers) == len(values):
            summed[name] = sum(numbers)
    return mass_words(summed) + (f", {len(parts)} parts" if len(parts) > 1 else "")


def _scan(study: Fact, measured: Fact, held: Held) -> ToldScan:
    review = reviewed(measured, held.facts)
    by_word, undecided = review.burden, len(review.asked)
    changed = any(one.last is not None and not one.unedited for one in review.items)
    told = mass_words(measured.data)
    if changed:
        told += f"; by the clinicians' decisions {mass_words(asdict(by_word))} in {len(review.counted)}"
    weighed = {name: _known(getattr(by_word, name) if changed else measured.data.get(name)) for name in MASSES}
    count = number(measured.data.get("deposits")) or "0"
    return ToldScan(
        on=day_of(study),
        parts=", ".join(str(REGIONS.get(one, one)) for one in value(study, "regions") or ()),
        mass=told,
        deposits=count + (f" ({undecided} not yet looked at by a clinician)" if undecided else ""),
        change=_change(measured.uid, held),
        mass_mg=weighed["mass_mg"],
        mass_lower_mg=weighed["mass_lower_mg"],
        mass_upper_mg=weighed["mass_upper_mg"],
        trend=_trend(measured.uid, held),
        doubts="; ".join(str(one.get("message", one.get("id", ""))) for one in measured.data.get("checks", ())),
    )


def _change(measurement: UUID, held: Held) -> str:
    """Since the scan before: from, to, per cent, and whether that is more than measurement error."""
    comparison = comparison_of(measurement, held.facts)
    if comparison is None:
        return ""
    if comparison.data["outcome"] != "compared":
        return "cannot be compared with the scan before: " + str(comparison.data.get("message", ""))
    burden: Mapping[str, Any] = comparison.data.get("burden") or {}
    old, new, percent = (burden.get(name) for name in ("baseline_mg", "followup_mg", "change_percent"))
    if not all(isinstance(one, int | float) for one in (old, new, percent)):
        return "the burden cannot be compared with that of the scan before"
    signed = f"{round(float(percent or 0)):+d} %".replace("-", "\u2212").replace("+0", "0")
    return f"{number(old)} to {number(new)} mg ({signed}{BEYOND[burden.get('significant')]})"


def _trend(measurement: UUID, held: Held) -> str:
    comparison = comparison_of(measurement, held.facts)
    burden: Mapping[str, Any] = (comparison.data.get("burden") or {}) if comparison else {}
    percent, significant = burden.get("change_percent"), burden.get("significant")
    if significant is None or not isinstance(percent, int | float):
        return ""
    return "same" if not significant else "more" if percent > 0 else "less"


def _known(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
