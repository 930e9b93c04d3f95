"""The plan as it stands: signed, presented, put in force and ended here; each button is of the version that is shown."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.plan import end_plan, present_plan, put_plan_in_force, sign_plan
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.plan.presenter import shown_plan

DONE = {
    "present": "The plan has been presented to the team.",
    "agrees": "You have signed the plan.",
    "dissents": "Your dissent stands with the plan.",
    "force": "The plan is in force.",
    "end": "The plan has ended.",
}
FIELDS = {"words": ("f-words", "In your words"), "reason": ("f-reason", "Why")}


@screen(permission=Permission.SEE_PATIENT)
def plan(request: Asked, patient: UUID) -> HttpResponse:
    """The newest version with what was said and done with it."""
    wrong: list[tuple[str, str, str]] = []
    if request.method == "POST":
        try:
            _do(request, patient)
            messages.success(request, DONE[request.POST["do"]])
            return redirect("plan", patient=patient)
        except Invalid as invalid:
            wrong = [(*FIELDS.get(one.field, ("", "")), one.message) for one in invalid.problems]
        except Conflict:
            wrong = [("", "", "You have said something else meanwhile; look at it again.")]
        except NotAllowed:
            raise
        except Refused as refused:
            wrong = [("", "", str(refused))]
    page = patient_page(by=request.actor, patient=patient)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "plan": shown_plan(Course.of(page), date.today()),
        "typed": {name: request.POST.get(name, "") for name in FIELDS},
        "wrong": wrong,
    }
    return render(request, "plan/plan.html", context, status=422 if wrong else 200)


def _do(request: Asked, patient: UUID) -> None:
    sent, by = request.POST, request.actor
    shown = sent.get("version", "")
    version = int(shown) if shown.isdigit() else 0
    match sent.get("do", ""):
        case "present":
            present_plan(by=by, patient=patient, version=version)
        case "agrees" | "dissents" as answer:
            sign_plan(by=by, patient=patient, version=version, answer=answer, words=sent.get("words", ""))
        case "force":
            put_plan_in_force(by=by, patient=patient, version=version)
        case "end":
            end_plan(by=by, patient=patient, version=version, reason=sent.get("reason", ""))
        case _:
            patient_page(by=by, patient=patient)
            raise Refused("There is no such step of a plan.")
