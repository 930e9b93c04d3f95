"""The one sentence on top: what changed since the last signed visit. It repeats what was recorded and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.stories import Story
from calciscope.record.vocabulary import words
from calciscope.web.design.course import Course
from calciscope.web.design.days import written

MOST_NAMED = 3  # of each kind of change: the sentence is read at a glance, the flowsheet holds the rest
SIZE = "longest_mm"
UNCHANGED = frozenset({"present", "stable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeChange:
    """The longest axis of one deposit before and after, in mm."""

    named: str
    old: float
    new: float

    @property
    def by(self) -> float:
        """Growth in mm."""
        return self.new - self.old


def headline(course: Course) -> str:
    """What was recorded after the last signed visit; if nothing, what that visit itself had changed."""
    signed = course.last_signed()
    if not signed:
        count = sum(not story.ended for story in course.stories)
        found = f"{count} deposit{'s are' if count != 1 else ' is'} recorded" if count else "no deposit is recorded"
        return f"No visit has been signed yet; {found}."
    last = signed[0].held_on
    since = list(_changes(course, after=last))
    if since:
        return f"Since the last signed visit on {_day(last)}: {'; '.join(since)}."
    before = signed[1].held_on if len(signed) > 1 else None
    at_last = list(_changes(course, after=before)) if before else []
    quiet = f"Nothing was recorded since the last signed visit on {_day(last)}"
    if before and at_last:
        return f"At the last signed visit on {_day(last)}, compared with {_day(before)}: {'; '.join(at_last)}."
    return quiet + "."


def _changes(course: Course, *, after: date) -> Iterator[str]:
    yield from _deposits(course, after)
    yield from _disease(course, after)
    yield from _enzyme(course, after)
    yield from _drugs(course, after)


def _deposits(course: Course, after: date) -> Iterator[str]:
    """New ones and what became of others by name; sizes as counts, with the one that changed most."""
    fresh: list[str] = []
    larger: list[SizeChange] = []
    smaller: list[SizeChange] = []
    became: dict[str, list[str]] = {}
    for story in course.stories:
        told = [course.when(fact) for fact in (*story.findings, *story.events)]
        if told and min(told) > after:
            fresh.append(_named(story))
            continue
        events = [fact for fact in story.events if course.when(fact) > after]
        if events and str(events[-1].data["event"]) not in UNCHANGED:
            became.setdefault(words("deposit_events")[str(events[-1].data["event"])], []).append(_named(story))
        change = _change_of_size(course, story, after)
        if change and change.by:
            (larger if change.by > 0 else smaller).append(change)
    if fresh:
        yield f"new: {_few(fresh)}"
    for said, named in became.items():
        yield f"{said}: {_few(named)}"
    for how, changes in (("larger", larger), ("smaller", smaller)):
        if changes:
            most = max(changes, key=lambda one: abs(one.by))
            lead = f"{len(changes)} measured {how}, most " if len(changes) > 1 else f"measured {how}: "
            yield f"{lead}{most.named} {most.old:g} to {most.new:g} mm"


def _change_of_size(course: Course, story: Story, after: date) -> SizeChange | None:
    sizes = course.numbers(story.findings, SIZE)
    old = [value for day, value in sizes if day <= after]
    new = [value for day, value in sizes if day > after]
    return SizeChange(named=_named(story), old=old[-1], new=new[-1]) if old and new else None


def _named(story: Story) -> str:
    return f"{story.label} ({place_of(story)})"


def _few(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _disease(course: Course, after: date) -> Iterator[str]:
    old, new = _around(course, course.of_noun("activity"), after)
    if old and new and old.data["state"] != new.data["state"]:
        yield f"disease {_word(old.data['state'])} before, {_word(new.data['state'])} now"


def _enzyme(course: Course, after: date) -> Iterator[str]:
    found = [fact for fact in course.of_noun("laboratory_result") if fact.data["test"] == "creatine_kinase"]
    old, new = _around(course, found, after)
    if old and new and all(isinstance(fact.data["value"], int | float) for fact in (old, new)):
        yield f"creatine kinase {old.data['value']:g} to {new.data['value']:g} {new.data['unit']}"


def _drugs(course: Course, after: date) -> Iterator[str]:
    limit = after.isoformat()
    for fact in course.of_noun("medication"):
        name = _word(fact.data["therapy"])
        if str(fact.data.get("stopped_on", "")) > limit and str(fact.data["stopped_on"])[:1].isdigit():
            yield f"{name} stopped"
        elif str(fact.data["started_on"])[:1].isdigit() and str(fact.data["started_on"]) > limit:
            yield f"{name} started"


def _around(course: Course, facts: list[Fact], after: date) -> tuple[Fact | None, Fact | None]:
    """The last fact up to a day, and the last after it."""
    old = [fact for fact in facts if course.when(fact) <= after]
    new = [fact for fact in facts if course.when(fact) > after]
    return (old[-1] if old else None, new[-1] if new else None)


def _word(code: object) -> str:
    return str(code).replace("_", " ")


def _day(day: date | None) -> str:
    return written(day.isoformat()) if day else ""
