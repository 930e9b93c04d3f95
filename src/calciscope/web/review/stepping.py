"""Take a step of a review: what the form says, measured where it has to be, and recorded."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from calciscope.flows.edit_reading import Desk, Point, add_step, merge_step, split_step
from calciscope.record.actions.readings import take_step, undo_step
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid, Problem
from calciscope.record.scans.log import Step
from calciscope.record.scans.review import ACCEPT, ADD, MERGE, REJECT, RELABEL, SPLIT, UNDO
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.review.presenter import EDIT_WORDS, Board
from calciscope.web.review.views import answer

MOST_SEEDS = 20
FASTER = "{} took a step since you looked. Nothing of yours was saved; look again."
ALL_CLEAR, THE_REST = "accept_clear", "accept_rest"
TOGETHER = (ALL_CLEAR, THE_REST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How steps of one reading are written: the clinic's own, or a blinded one, whose masses are not told."""

    take: Callable[[Step, int], tuple[str, ...]]
    undo: Callable[[int], str]
    tells_mass: bool = True


@screen(permission=Permission.DECIDE_IMAGING)
def step(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """Take it, and show the next one that is open; what cannot be done is said in a sentence."""
    desk = Desk.of(by=request.actor, patient=patient, measurement=measurement, what="step")
    if request.method != "POST":
        return redirect("review", patient=patient, measurement=measurement)
    who: dict[str, Any] = {"by": request.actor, "patient": patient, "measurement": measurement}
    pen = Pen(
        take=lambda made, seen: take_step(**who, step=made, seen=seen), undo=lambda seen: undo_step(**who, seen=seen)
    )
    said, chosen, wrong = written(desk, request.POST, pen)
    if wrong or getattr(request, "htmx", False):
        return answer(request, patient, measurement, chosen, said=said, wrong=wrong)
    messages.success(request, said)
    return redirect(f"{reverse('review', args=[patient, measurement])}?item={chosen}")


def written(desk: Desk, posted: QueryDict, pen: Pen) -> tuple[str, str, list[str]]:
    """(what was done, which item is at hand then, what is wrong in sentences)."""
    here = posted.get("item", "")
    try:
        return (*_taken(desk, posted, pen), [])
    except Conflict as conflict:
        return "", here, [FASTER.format(conflict.theirs.by or "Somebody")]
    except Invalid as invalid:
        return "", here, [one.message for one in invalid.problems]
    except NotAllowed:
        raise
    except Refused as refused:
        return "", here, [str(refused)]


def _taken(desk: Desk, posted: QueryDict, pen: Pen) -> tuple[str, str]:
    """What was done in words, and which item is at hand then."""
    text = posted.get("seen", "")
    seen = int(text) if text.isdigit() else -1
    edit, here = posted.get("edit", ""), posted.get("item", "")
    board = Board(desk=desk)
    if edit == UNDO:
        last = desk.review.last_undoable
        what = pen.undo(seen)
        first = last.items[0] if last and last.items else here
        return f"Undone: {EDIT_WORDS[what]} {_several(last.items if last else ())}.", first
    made = _step(desk, board, edit, here, posted)
    names = pen.take(made, seen)
    return _words(made, names, pen.tells_mass), names[0] if names else board.next_id(here)


def _step(desk: Desk, board: Board, edit: str, here: str, posted: QueryDict) -> Step:
    reason = posted.get("reason", "")
    if edit in TOGETHER:
        return Step(edit=ACCEPT, items=_together(board, edit))
    if edit in (ACCEPT, REJECT):
        return Step(edit=edit, items=[here], reason=reason)
    if edit == RELABEL:
        return Step(edit=edit, items=[here], kind=posted.get("kind", ""), reason=reason)
    if edit == SPLIT:
        return split_step(desk, here, _seeds(posted))
    if edit == MERGE:
        return merge_step(desk, list(dict.fromkeys([here, *posted.getlist("with")])))
    if edit == ADD:
        seeds = _seeds(posted)
        if len(seeds) != 1:
            raise Invalid([Problem(field="seeds", message="Click on one point of the missed deposit.")])
        return add_step(desk, seeds[0], reason)
    raise Invalid([Problem(field="edit", message="Choose what to do with it.")])


def _together(board: Board, edit: str) -> list[str]:
    items = board.clear if edit == ALL_CLEAR else board.rest
    if not items:
        raise Invalid([Problem(field="items", message="Nothing is left that is clear; look at each of the others.")])
    return items


def _seeds(posted: QueryDict) -> list[Point]:
    """Points in LPS mm, as the viewer has sent them."""
    wrong = Invalid(
        [Problem(field="seeds", message="Click on the picture first; without the viewer this cannot be done.")]
    )
    try:
        found = json.loads(posted.get("seeds", "") or "[]")
        points = [(float(x), float(y), float(z)) for x, y, z in found][: MOST_SEEDS + 1]
    except (ValueError, TypeError, RecursionError):
        raise wrong from None
    if not points or not all(math.isfinite(value) for point in points for value in point):
        raise wrong
    return points


def _words(made: Step, names: tuple[str, ...], tells_mass: bool) -> str:
    into = f" into {' and '.join(names)}" if names and made.edit != ADD else ""
    what = _several(made.items) if made.items else " and ".join(names)
    return f"{what} {EDIT_WORDS[made.edit]}{into}. {made.sum_said if tells_mass else ''}".strip()


def _several(items: Any) -> str:
    return f"Number {items[0]}" if len(items) == 1 else f"{len(items)} deposits"
