"""The one sentence on top: what changed since the last signed visit. It repeats what was recorded and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from calciscope.record.fact import Fact
from calciscope.record.stories import Story
from calciscope.record.vocabulary import words
from calciscope.web.design.course import Course
from calciscope.web.design.days import written
from calciscope.web.design.deposit_words import place_of

MOST_NAMED = 6
SIZE = "longest_mm"


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
        return f"Since the last signed visit on {_day(last)}: {_joined(since)}."
    before = signed[1].held_on if len(signed) > 1 else None
    at_last = list(_changes(course, after=before)) if before else []
    lead = f"Nothing was recorded since the last signed visit on {_day(last)}"
    return (
        f"{lead}; that visit found, compared with {_day(before)}: {_joined(at_last)}."
        if before and at_last
        else lead + "."
    )


def _changes(course: Course, *, after: date) -> Iterator[str]:
    for story in course.stories:
        found = _deposit(course, story, after)
        if found:
            yield f"{story.label} ({place_of(story)}) {found}"
    yield from _disease(course, after)
    yield from _enzyme(course, after)
    yield from _drugs(course, after)


def _deposit(course: Course, story: Story, after: date) -> str:
    events = [fact for fact in story.events if course.when(fact) > after]
    sizes = course.numbers(story.findings, SIZE)
    old = [value for day, value in sizes if day <= after]
    new = [value for day, value in sizes if day > after]
    told = [course.when(fact) for fact in (*story.findings, *story.events)]
    said = []
    if told and min(told) > after:
        said.append("is new")
    elif old and new and old[-1] != new[-1]:
        said.append(f"{old[-1]:g} to {new[-1]:g} mm")
    state = str(events[-1].data["event"]) if events else ""
    if state and not (said == ["is new"] and state in ("present", "suspected")):
        said.append(words("deposit_events")[state])
    return ", ".join(said)


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


def _joined(parts: list[str]) -> str:
    named = parts[:MOST_NAMED]
    more = len(parts) - len(named)
    return "; ".join(named) + (f"; and {more} more in the flowsheet" if more else "")
