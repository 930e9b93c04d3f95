"""How far the joints move, right and left beside the last visit's: the usual movements in one table, others below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.entries import Saying
from calciscope.record.fact import Fact
from calciscope.record.fields import NOT_ASSESSED
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid
from calciscope.web.design.noun_form import Typed, typed_of
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.saving import keep_typed, save
from calciscope.web.visit.sections import address_after

NOUN, SECTION = "joint_movement", "joints"
USUAL = (
    ("shoulder", "abduction"), ("elbow", "extension"), ("elbow", "flexion"), ("wrist", "extension"), ("finger", "extension"),
    ("hip", "flexion"), ("knee", "extension"), ("ankle", "dorsiflexion"),
)  # fmt: skip
"""Those of which myositis and calcinosis take most (judgement); elbow, hip, knee and ankle are those of the damage index."""
SIDES = ("right", "left")
ADVICE = "Degrees reached, from the neutral position; what does not reach it is negative, such as -20 for an elbow that lacks 20."


@dataclass(frozen=True, slots=True, kw_only=True)
class JointCell:
    """One movement of one side: what is typed, what this visit holds, what went before."""

    name: str
    label: str
    text: str
    before: str
    error: str
    uid: UUID
    version: int

    @property
    def id(self) -> str:
        """For the error summary."""
        return f"f-{self.name}"


@screen(permission=Permission.RECORD)
def joints(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """Cells that are left empty are not saved; a cell that was saved before becomes a new version."""
    frame = VisitFrame.of(request.actor, patient, visit)
    draft = frame.draft(SECTION)
    typed: Typed | None = (
        typed_of(request.POST) if request.method == "POST" else typed_before(request) or (draft.data if draft else None)
    )
    errors: dict[str, str] = {}
    kept = draft.revision if draft else 0
    general = ""
    newer: dict[UUID, int] = {}
    if request.method == "POST":
        try:
            sayings = _sayings(_rows(frame, typed, {}), errors)
            if sayings:
                save(request.actor, frame, sayings, reason=request.POST.get("reason", ""), form=SECTION)
            messages.success(request, "Movement of joints: saved.")
            return redirect(address_after(SECTION, patient, visit))
        except Invalid as invalid:
            general = "" if errors else " ".join(problem.message for problem in invalid.problems)
        except Conflict as found:
            newer = _newer(_rows(frame, typed, {}), found, errors)
        kept = keep_typed(request.actor, frame, typed or {}, form=SECTION)
    rows = _rows(frame, typed, errors, newer)
    wrong = [(cell.id, cell.label, cell.error) for _, cells in rows for cell in cells if cell.error]
    wrong += [("", "", general)] if general else []
    context = {
        **frame.context(SECTION),
        "rows": rows,
        "advice": ADVICE,
        "wrong": wrong,
        "draft": draft if request.method != "POST" else None,
        "revision": kept,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "visit/joints.html", context, status=422 if wrong else 200)


def _sayings(rows: Sequence[tuple[str, Sequence[JointCell]]], errors: dict[str, str]) -> list[Saying]:
    kind = noun(NOUN)
    degrees = kind.field("degrees")
    sayings = []
    for _, cells in rows:
        for cell in cells:
            if not cell.text.strip() or degrees is None:
                continue
            joint, movement, side = cell.name.split("-")
            data = {"joint": joint, "side": side, "movement": movement, "degrees": degrees.read(cell.text)}
            try:
                sayings.append(Saying(noun=NOUN, data=kind.validated(data), uid=cell.uid, based_on=cell.version))
            except Invalid as invalid:
                errors[cell.name] = " ".join(problem.message for problem in invalid.problems)
    if errors:
        raise Invalid([])
    return sayings


def _newer(
    rows: Sequence[tuple[str, Sequence[JointCell]]], conflict: Conflict, errors: dict[str, str]
) -> dict[UUID, int]:
    """Both values are told at the cell; what is saved next follows the other's version."""
    value = conflict.theirs.data.get("degrees")
    theirs = f"{value:g}°" if isinstance(value, int | float) else "not assessed"
    for cell in (cell for _, cells in rows for cell in cells if cell.uid == conflict.uid):
        errors[cell.name] = (
            f"{conflict.theirs.by} has saved {theirs} since you opened this page; yours is not saved yet."
        )
    return {conflict.uid: conflict.theirs.version}


def _rows(
    frame: VisitFrame, typed: Typed | None, errors: dict[str, str], newer: Mapping[UUID, int] | None = None
) -> list[tuple[str, list[JointCell]]]:
    facts = frame.course.of_noun(NOUN)
    known = {(str(fact.data["joint"]), str(fact.data["movement"])) for fact in facts if fact.data["side"] in SIDES}
    movements = [*USUAL, *sorted(known - set(USUAL))]
    return [
        (
            f"{joint} {movement}",
            [_cell(frame, facts, typed, errors, newer or {}, (joint, movement, side)) for side in SIDES],
        )
        for joint, movement in movements
    ]


def _cell(
    frame: VisitFrame,
    facts: Sequence[Fact],
    typed: Typed | None,
    errors: Mapping[str, str],
    newer: Mapping[UUID, int],
    which: tuple[str, str, str],
) -> JointCell:
    joint, movement, side = which
    name = f"{joint}-{movement}-{side}"
    own = [fact for fact in facts if (fact.data["joint"], fact.data["movement"], fact.data["side"]) == which]
    now = next((fact for fact in own if fact.visit_id == frame.visit), None)
    before = [fact for fact in own if fact.visit_id != frame.visit and frame.course.when(fact) <= frame.held.held_on]
    uid = now.uid if now else uuid5(frame.visit, f"{NOUN}:{name}")
    seen = "".join(typed.get(f"{name}-based_on", ())) if typed is not None else ""
    shown = int(seen) if seen.isdigit() else now.version if now and typed is None else 0
    return JointCell(
        name=name,
        label=f"{joint.capitalize()} {movement}, {side}",
        text="".join(typed.get(name, ())) if typed is not None else _degrees(now) if now else "",
        before=f"{_degrees(before[-1])}°" if before else "",
        error=errors.get(name, ""),
        uid=uid,
        version=newer.get(uid, shown),
    )


def _degrees(fact: Fact) -> str:
    value = fact.data["degrees"]
    return f"{value:g}" if value != NOT_ASSESSED else "not assessed"
