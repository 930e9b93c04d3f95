"""The forms of a deposit: its finding, what has become of it, and the question whether a new one is known already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place, size
from calciscope.record.noun import noun
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.stories import Story
from calciscope.web.design.noun_form import NounForm, Typed
from calciscope.web.visit.frame import VisitFrame

FINDING, EVENT = "deposit_finding", "deposit_event"
NOT_TYPED = frozenset({"unchanged", "unchanged_from"})
BESIDE = "event-"  # prefix of what has become of it, beside the finding
SHAPES = {
    "region": "select",
    "side": "select",
    "map": "hidden",
    "map_x": "hidden",
    "map_y": "hidden",
    "second_mm": "number_alone",
    "third_mm": "number_alone",
    "pain": "rating",
}
EVENT_SHAPES = {"event": "events"}
IF_ANYTHING = {"event": "events_optional"}
NEAR = 0.04  # of the width and height of a map, judgement: points that close are one place


def event_form(frame: VisitFrame, story: Story, typed: Typed | None) -> NounForm:
    """What has become of a deposit, alone on its page."""
    return NounForm(
        noun=noun(EVENT),
        held={"on": frame.held.held_on.isoformat()},
        typed=typed,
        shapes=EVENT_SHAPES,
        choices={"other_deposit": frame.deposit_choices(but=story.id)},
    )


def finding_forms(frame: VisitFrame, story: Story, typed: Typed | None, present: Fact | None) -> list[NounForm]:
    """A finding of a known deposit and, where something has become of it, what."""
    return [_finding(_to_start_from(story, present), typed), _beside(frame, typed, {}, IF_ANYTHING, but=story)]


def new_forms(frame: VisitFrame, typed: Typed | None, picked: dict[str, Any]) -> list[NounForm]:
    """The first finding of a deposit and its first event."""
    return [_finding(picked, typed), _beside(frame, typed, {"event": "present"}, EVENT_SHAPES)]


def is_told(form: NounForm) -> bool:
    """Whether anything was said of what has become of it; the day alone, which is offered, says nothing."""
    return any(name != "on" for name in form.data())


def validated(forms: Sequence[NounForm]) -> None:
    """Raise Invalid, each problem under the name of its input."""
    found = []
    for form in forms:
        try:
            form.noun.validated(form.data())
        except Invalid as invalid:
            found += [Problem(field=form.prefix + p.field, message=p.message) for p in invalid.problems]
    if found:
        raise Invalid(found)


def tell(forms: Sequence[NounForm], invalid: Invalid) -> None:
    """Give every problem to the form that has its field."""
    for form in forms:
        own = [p for p in invalid.problems if p.field.startswith(BESIDE) == bool(form.prefix)]
        form.problems = [Problem(field=p.field.removeprefix(form.prefix), message=p.message) for p in own]


def known_already(frame: VisitFrame, data: dict[str, Any]) -> list[tuple[Story, str]]:
    """Deposits that lie in the same place and are not past: the new one may be one of them."""
    return [
        (story, f"{story.label}, {place(story.newest.data)}, {size(story.newest.data)}")
        for story in frame.stories()
        if story.newest and not story.ended and _same_place(story.newest.data, data)
    ]


def _same_place(one: Any, other: dict[str, Any]) -> bool:
    if any(one.get(name) != other.get(name) for name in ("region", "side")):
        return False
    points = [[fact.get(name) for name in ("map_x", "map_y")] for fact in (one, other)]
    if one.get("map") != other.get("map") or any(
        not isinstance(value, int | float) for point in points for value in point
    ):
        return True  # nothing tells them apart
    return all(abs(a - b) <= NEAR for a, b in zip(*points, strict=True))


def _finding(held: dict[str, Any], typed: Typed | None) -> NounForm:
    return NounForm(noun=noun(FINDING), held=held, typed=typed, without=NOT_TYPED, shapes=SHAPES)


def _beside(
    frame: VisitFrame, typed: Typed | None, held: dict[str, Any], shapes: Mapping[str, str], *, but: Story | None = None
) -> NounForm:
    return NounForm(
        noun=noun(EVENT),
        held={"on": frame.held.held_on.isoformat(), **held},
        typed=typed,
        without=frozenset({"remark"}),
        prefix=BESIDE,
        shapes=shapes,
        choices={"other_deposit": frame.deposit_choices(but=but.id if but else None)},
    )


def _to_start_from(story: Story, present: Fact | None) -> dict[str, Any]:
    """This visit's own finding; else only where the deposit lies, since the rest is to be looked at anew."""
    if present:
        return {name: value for name, value in present.data.items() if name not in NOT_TYPED}
    last = story.newest.data if story.newest else {}
    return {name: last[name] for name in ("region", "side", "map", "map_x", "map_y", "layer", "form") if name in last}
