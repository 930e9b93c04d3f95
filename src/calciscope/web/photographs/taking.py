"""Photographs of a visit: choose a pose that was taken before, see the last picture of it, and add the new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.drafts import drop_draft
from calciscope.record.actions.photographs import add_photograph
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.photographs.cleaning import LARGEST_BYTES
from calciscope.record.refusals import Invalid, Problem
from calciscope.web.design.noun_form import NounForm, typed_of
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.photographs.shots import NOUN, Shot, newest_of_each_pose, shots
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.saving import keep_typed

FORM = "photographs"
PICTURE, AS = "picture", "as"
TYPED = ("taken_on", "region", "side", "pose", "deposits", "remark")
REPEATED = ("region", "side", "pose", "deposits")
SHAPES = {"region": "select", "side": "select", "pose": "select"}


@screen(permission=Permission.RECORD)
def photographs(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """Show what was taken, and take one more."""
    frame = VisitFrame.of(request.actor, patient, visit)
    taken = shots(frame.course, patient)
    like = next((shot for shot in taken if str(shot.id) == _like(request)), None)
    draft = frame.draft(FORM)
    typed = (
        typed_of(request.POST) if request.method == "POST" else typed_before(request) or (draft.data if draft else None)
    )
    form = _form(frame, like, None if like and request.method != "POST" else typed)
    problem = ""
    if request.method == "POST":
        try:
            _add(request, frame, form, like)
            if draft:
                drop_draft(by=request.actor, patient=patient, visit=visit, form=FORM)
            messages.success(request, "The photograph is recorded; what its file said beside the picture was removed.")
            return redirect("visit_photographs", patient=patient, visit=visit)
        except Invalid as invalid:
            form.problems = [one for one in invalid.problems if form.noun.field(one.field)]
            problem = " ".join(one.message for one in invalid.problems if not form.noun.field(one.field))
            keep_typed(request.actor, frame, typed or {}, form=FORM)
    context = {
        **frame.context(FORM),
        "form": form,
        "wrong": form.wrong() + ([("f-picture", "Picture", problem)] if problem else []),
        "picture_problem": problem,
        "like": like,
        "today": [shot for shot in taken if shot.visit == visit],
        "poses": [shot for shot in newest_of_each_pose(taken) if shot.visit != visit],
        "largest_mb": LARGEST_BYTES // 1_000_000,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "photographs/taking.html", context, status=422 if context["wrong"] else 200)


def _like(request: Asked) -> str:
    return request.POST.get(AS, "") or request.GET.get(AS, "")


def _form(frame: VisitFrame, like: Shot | None, typed: Any) -> NounForm:
    held: dict[str, Any] = {"taken_on": frame.held.held_on.isoformat()}
    if like:
        fact = next(fact for fact in frame.course.facts if fact.uid == like.id)
        held |= {name: fact.data[name] for name in REPEATED if name in fact.data}
    choices = {"deposits": frame.deposit_choices()}
    return NounForm(noun=noun(NOUN), held=held, typed=typed, only=TYPED, choices=choices, shapes=SHAPES)


def _add(request: Asked, frame: VisitFrame, form: NounForm, like: Shot | None) -> None:
    sent: Any = request.FILES.get(PICTURE)
    if not isinstance(sent, UploadedFile) or not sent.file:
        raise Invalid(
            [
                *_also(form),
                Problem(field=PICTURE, message="Choose a picture; it has to be chosen again after an error."),
            ]
        )
    if (sent.size or 0) > LARGEST_BYTES:
        raise Invalid([Problem(field=PICTURE, message=f"The picture is larger than {LARGEST_BYTES // 1_000_000} MB.")])
    said = form.data() | ({"same_pose_as": str(like.id)} if like else {})
    reason = request.POST.get("reason", "")
    if frame.signed and not reason.strip():
        raise Invalid([Problem(field="reason", message="The visit is signed: say why it is amended.")])
    add_photograph(
        by=request.actor,
        patient=frame.patient,
        visit=frame.visit,
        picture=sent.read(),
        said=said,
        reason=reason if frame.signed else "",
    )


def _also(form: NounForm) -> list[Problem]:
    """What else is wrong, so that one attempt tells all of it."""
    try:
        form.noun.validated(form.data() | {"file": "0" * 64})
    except Invalid as invalid:
        return list(invalid.problems)
    return []
