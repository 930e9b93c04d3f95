"""The worklist, and one reading: its steps, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calciscope.flows.edit_reading import Desk
from calciscope.flows.look_blinded import blinded_desk
from calciscope.record.actions.trial_readings import (
    ENDED,
    Said,
    lock_reading,
    save_reading,
    take_reading_step,
    undo_reading_step,
)
from calciscope.record.nouns.reading import BESIDE, LOCKED, NOT_EVALUABLE, OWN, READABLE
from calciscope.record.permissions import Permission
from calciscope.record.queries.trial_readings import Task, reading_task, worklist
from calciscope.record.refusals import Conflict, Invalid
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.reading.words import STATES, other_words, told_by_others
from calciscope.web.review.presenter import Board, at_hand
from calciscope.web.review.stepping import Pen, written
from calciscope.web.review.views import board_context

FASTER = "This reading was saved in another window since you opened it here. Nothing was saved; look at it again."
PICTURE = "Coronal and sagittal projection of the scan with the numbers of the proposals; each stands in the list beside it"
LABELS = {
    "remark": ("f-remark", "Remark"),
    "chosen": ("f-chosen-A", "Which reading holds"),
    "reason": ("f-third-reason", "Why this one"),
    "beside": ("f-beside", "Side by side"),
}
Wrong = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page tells beside the reading itself: what was typed, what was done, what is wrong."""

    typed: Said | None = None
    said: str = ""
    wrong_words: Sequence[str] = ()
    wrong: Sequence[Wrong] = ()


@screen(permission=Permission.READ_TRIAL)
def reading_list(request: Asked) -> HttpResponse:
    """Everything to read, in the reader's own order, and the next one on top."""
    found = worklist(by=request.actor)
    listed = [(one, *STATES[one.state]) for one in found.listed]
    done = sum(one.state == LOCKED for one in found.listed)
    context = {"way": "reading", "listed": listed, "done": done, "following": found.following, "later": found.later}
    return render(request, "reading/list.html", context)


@screen(permission=Permission.READ_TRIAL)
def read(request: Asked, reading: UUID) -> HttpResponse:
    """One scan under its label; what is said of it as a whole is kept, or the reading is locked for good."""
    task = reading_task(by=request.actor, item=reading)
    if request.method != "POST":
        return _page(request, task, request.GET.get("item", ""), Shown())
    said = _sent(request)
    try:
        if "lock" not in request.POST:
            save_reading(by=request.actor, item=reading, said=said)
            messages.success(request, f"{task.label} is kept as it is and stays open.")
            return redirect("reading_list")
        lock_reading(by=request.actor, item=reading, said=said)
    except Conflict:
        fresh = reading_task(by=request.actor, item=reading)
        return _page(request, fresh, "", Shown(typed=said, wrong=[("", "", FASTER)]), status=409)
    except Invalid as invalid:
        wrong = [_wrong(task, problem.field, problem.message) for problem in invalid.problems]
        return _page(request, task, "", Shown(typed=said, wrong=wrong), status=422)
    messages.success(request, f"{task.label} is locked.")
    following = worklist(by=request.actor).following
    return redirect("read", reading=following.item) if following else redirect("reading_list")


@screen(permission=Permission.READ_TRIAL)
def step(request: Asked, reading: UUID) -> HttpResponse:
    """Take a step of a reading, or undo the last; what cannot be done is said in a sentence."""
    task = reading_task(by=request.actor, item=reading)
    if request.method != "POST":
        return redirect("read", reading=reading)
    if task.state == LOCKED:
        return _page(request, task, request.POST.get("item", ""), Shown(wrong_words=[ENDED]), status=422)
    pen = Pen(
        take=lambda made, seen: take_reading_step(by=request.actor, item=reading, step=made, seen=seen),
        undo=lambda seen: undo_reading_step(by=request.actor, item=reading, seen=seen),
        tells_mass=task.shows_mass,
    )
    said, chosen, wrong = written(blinded_desk(by=request.actor, item=reading), request.POST, pen)
    return _page(request, task, chosen, Shown(said=said, wrong_words=wrong), status=422 if wrong else 200)


def _page(request: Asked, task: Task, chosen: str, shown: Shown, *, status: int = 200) -> HttpResponse:
    """The desk for a script that asks for it, else the whole page."""
    board = _board(request, task, chosen)
    context = _desk(task, board) | {"said": shown.said, "wrong_words": shown.wrong_words, "wrong": shown.wrong}
    if getattr(request, "htmx", False):
        return render(request, "review/desk.html", context | {"alone": True})
    context |= _frame(task, board) | {"typed": shown.typed or _kept(task), "place": _place(request)}
    context["differing"] = sum(row.differs for row in context["rows"] + context["aside"])
    return render(request, "reading/read.html", context, status=status)


def _board(request: Asked, task: Task, chosen: str) -> Board:
    own = blinded_desk(by=request.actor, item=task.item)
    other = blinded_desk(by=request.actor, item=task.other) if task.other else None

    def addresses(desk: Desk, item: str) -> dict[str, str]:
        key = task.other if desk is other else task.item
        return {name: reverse(f"reading_{name}", args=[key, item]) for name in ("scan", "marks")}

    board = Board(
        desk=own,
        families=task.families,
        earlier=other,
        address=addresses,
        shows_mass=task.shows_mass,
        shows_events=task.shows_events,
    )
    return at_hand(board, chosen)


def _desk(task: Task, board: Board) -> dict[str, Any]:
    context = board_context(board)
    rows, aside = (told_by_others(context[name], task) for name in ("rows", "aside"))
    rows.sort(key=lambda row: not row.differs)
    here, item = reverse("read", args=[task.item]), board.chosen
    return context | {
        "rows": rows,
        "aside": aside,
        "row": next((row for row in (*rows, *aside) if item and row.id == item.id), None),
        "task": task,
        "blinded": True,
        "can_step": task.state != LOCKED,
        "here": here,
        "step_to": reverse("reading_step", args=[task.item]),
        "cuts": reverse("reading_cuts", args=[task.item, item.id]) if item else "",
    }


def _frame(task: Task, board: Board) -> dict[str, Any]:
    """What stands around the desk."""
    letters = {task.letter: task.item, **({task.other_letter: task.other} if task.other else {})}
    sides = {task.letter: ("now", f"Scan {task.letter}".strip())}
    if board.earlier:
        sides[task.other_letter] = ("then", f"Scan {task.other_letter}")
    return {
        "way": "reading",
        "title": f"{task.label}, scan {task.letter}" if task.letter else task.label,
        "locked": task.state == LOCKED,
        "both": [(letter, reverse("read", args=[key])) for letter, key in sorted(letters.items())],
        "sides": [words for _, words in sorted(sides.items())],
        "whole": [reverse(name, args=[task.item]) for name in ("reading_whole", "reading_whole_marks")],
        "has_viewer": bool(settings.NIIVUE),
        "others": [(one, other_words(one)) for one in task.others],
        "own": OWN,
        "picture_words": PICTURE,
        "beside": BESIDE.items(),
        "beside_words": BESIDE.get(str(task.data.get("beside", "")), ""),
    }


def _place(request: Asked) -> tuple[int, int]:
    """(how many are locked, of how many that can be read by now)."""
    listed = worklist(by=request.actor).listed
    return sum(one.state == LOCKED for one in listed), len(listed)


def _sent(request: Asked) -> Said:
    """What the browser sent."""
    quality = request.POST.get("quality", READABLE)
    return Said(
        quality=quality if quality in (READABLE, NOT_EVALUABLE) else READABLE,
        remark=request.POST.get("remark", ""),
        beside=request.POST.get("beside", ""),
        chosen=request.POST.get("chosen", ""),
        reason=request.POST.get("reason", ""),
        based_on=_number(request, "based_on"),
        seen=_number(request, "seen"),
    )


def _kept(task: Task) -> Said:
    return Said(
        quality=str(task.data.get("quality", READABLE)),
        remark=str(task.data.get("remark", "")),
        beside=str(task.data.get("beside", "")),
        chosen=str(task.data.get("chosen", "")),
        reason=str(task.data.get("reason", "")),
    )


def _wrong(task: Task, name: str, words: str) -> Wrong:
    if name.startswith("c-"):
        return "list", f"Number {name.removeprefix('c-')}", words
    if name.startswith("o-"):
        return "end", f"Number {name.removeprefix('o-')} of scan {'AB'.replace(task.letter, '')}", words
    place, label = LABELS.get(name, ("", name))
    return place, label, words


def _number(request: Asked, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() else 0
