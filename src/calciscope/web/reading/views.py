"""The worklist, one reading, and the picture of a scan without what would tell when it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.look_blinded import blinded_cuts, blinded_desk
from calciscope.record.actions.trial_readings import Said, lock_reading, save_reading
from calciscope.record.nouns.reading import LOCKED, NOT_EVALUABLE, OWN, READABLE
from calciscope.record.permissions import Permission
from calciscope.record.queries.trial_readings import Task, reading_overview, reading_task, worklist
from calciscope.record.refusals import Conflict, Invalid
from calciscope.record.trials.reading import CALCINOSIS
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.reading.picture import image_part
from calciscope.web.reading.words import (
    CHOICES,
    ELSE,
    LEFT,
    OTHER_KINDS,
    STATES,
    Typed,
    chosen_of,
    decisions,
    is_asked,
    judged,
    rows,
)

FASTER = "This reading was saved in another window since you opened it here. Nothing was saved; look at it again."
LABELS = {
    "remark": ("f-remark", "Remark"),
    "chosen": ("f-chosen-A", "Which reading holds"),
    "reason": ("f-reason", "Why"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was sent, to be shown again where it cannot be taken."""

    chosen: Typed
    quality: str
    remark: str
    choice: str
    reason: str
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    errors: Mapping[str, str] = field(default_factory=dict)


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
    """One scan under its label; kept open, or locked for good."""
    task = reading_task(by=request.actor, item=reading)
    if request.method != "POST":
        return _page(request, task, None)
    form = _sent(request, task)
    if "fill" in request.POST:
        return _page(request, task, _filled(form, task))
    said = Said(
        decisions=decisions(form.chosen, task.candidates),
        quality=form.quality,
        remark=form.remark,
        chosen=form.choice,
        reason=form.reason,
        based_on=_version(request),
    )
    try:
        if "lock" not in request.POST:
            save_reading(by=request.actor, item=reading, said=said)
            messages.success(request, f"{task.label} is kept as it is and stays open.")
            return redirect("reading_list")
        lock_reading(by=request.actor, item=reading, said=said)
    except Conflict:
        fresh = reading_task(by=request.actor, item=reading)
        return _page(request, fresh, replace(form, wrong=[("", "", FASTER)]), status=409)
    except Invalid as invalid:
        errors = {problem.field: problem.message for problem in invalid.problems}
        return _page(
            request, task, replace(form, wrong=[_wrong(*one) for one in errors.items()], errors=errors), status=422
        )
    messages.success(request, f"{task.label} is locked.")
    following = worklist(by=request.actor).following
    return redirect("read", reading=following.item) if following else redirect("reading_list")


@screen(permission=Permission.READ_TRIAL)
def picture(request: Asked, reading: UUID) -> HttpResponse:
    """The images with the numbers of the proposals, and nothing of the page around them."""
    whole = reading_overview(by=request.actor, item=reading)
    response = HttpResponse(image_part(whole), content_type="image/png")
    response["Content-Disposition"] = 'inline; filename="scan.png"'
    return response


@screen(permission=Permission.READ_TRIAL)
def cuts(request: Asked, reading: UUID, candidate: int) -> HttpResponse:
    """Three cuts through one proposal."""
    response = HttpResponse(blinded_cuts(by=request.actor, item=reading, number=candidate), content_type="image/png")
    response["Content-Disposition"] = 'inline; filename="cuts.png"'
    return response


def _page(request: Asked, task: Task, form: Form | None, *, status: int = 200) -> HttpResponse:
    shown = rows(task, form.chosen if form else None, form.errors if form else None)
    data = task.data
    context = {
        "way": "reading",
        "task": task,
        "locked": task.state == LOCKED,
        "pixels": blinded_desk(by=request.actor, item=task.item).has_pixels,
        "asked": sorted((row for row in shown if is_asked(row)), key=lambda row: not row.differs),
        "aside": [row for row in shown if not is_asked(row)],
        "open_aside": any(row.error or row.chosen for row in shown if not is_asked(row)),
        "choices": CHOICES,
        "kinds": OTHER_KINDS,
        "quality": form.quality if form else data.get("quality", READABLE),
        "remark": form.remark if form else data.get("remark", ""),
        "choice": form.choice if form else data.get("chosen", ""),
        "reason": form.reason if form else data.get("reason", ""),
        "own": OWN,
        "judged": {row.number: judged(row.chosen, row.kind, row.found) for row in shown},
        "wrong": form.wrong if form else [],
        "differing": sum(row.differs for row in shown),
        "place": _place(request, task),
    }
    return render(request, "reading/read.html", context, status=status)


def _place(request: Asked, task: Task) -> tuple[int, int]:
    """(how many are locked, of how many that can be read by now)."""
    listed = worklist(by=request.actor).listed
    return sum(one.state == LOCKED for one in listed), len(listed)


def _sent(request: Asked, task: Task) -> Form:
    """What the browser sent; what was kept before stays where a field is not there."""
    chosen = dict(chosen_of(task.data.get("decisions", ()), task.candidates))
    for one in task.candidates:
        number = int(one["deposit_id"])
        if f"c-{number}" in request.POST or f"k-{number}" in request.POST:
            word, kind = request.POST.get(f"c-{number}", ""), request.POST.get(f"k-{number}", "")
            chosen[number] = (word or (ELSE if kind else LEFT), kind)
    quality = request.POST.get("quality", READABLE)
    return Form(
        chosen=chosen,
        quality=quality if quality in (READABLE, NOT_EVALUABLE) else READABLE,
        remark=request.POST.get("remark", ""),
        choice=request.POST.get("chosen", ""),
        reason=request.POST.get("reason", ""),
    )


def _filled(form: Form, task: Task) -> Form:
    """Proposals of calcinosis without a word get it; nothing is saved before the reader has looked and pressed."""
    open_ones = {
        int(one["deposit_id"]): (CALCINOSIS, "")
        for one in task.candidates
        if one["kind"] == CALCINOSIS and not form.chosen.get(int(one["deposit_id"]), (LEFT, ""))[0]
    }
    return replace(form, chosen={**form.chosen, **open_ones})


def _wrong(name: str, words: str) -> tuple[str, str, str]:
    if name.startswith("c-"):
        return f"{name}-calcinosis", f"Number {name.removeprefix('c-')}", words
    place, label = LABELS.get(name, ("", name))
    return place, label, words


def _version(request: Asked) -> int:
    seen = request.POST.get("based_on", "")
    return int(seen) if seen.isdigit() else 0
