"""Open a visit, and look at the sheet before it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.visits import open_visit
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Invalid
from calciscope.web.design.course import Course
from calciscope.web.design.noun_form import NounForm, typed_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.visit.before import before_visit
from calciscope.web.visit.frame import VisitFrame

DETAILS = "visit_details"


@screen(permission=Permission.RECORD)
def open_new(request: Asked, patient: UUID) -> HttpResponse:
    """Open a visit; today's date is offered."""
    page = patient_page(by=request.actor, patient=patient)
    typed = typed_of(request.POST) if request.method == "POST" else typed_before(request) or None
    held = {"held_on": date.today().isoformat(), "kind": "planned" if page.visits else "first"}
    form = NounForm(noun=noun(DETAILS), held=held, typed=typed)
    if request.method == "POST":
        try:
            key = open_visit(by=request.actor, patient=patient, details=form.data())
            return redirect("visit_before", patient=patient, visit=key)
        except Invalid as invalid:
            form.problems = list(invalid.problems)
    opened = [visit for visit in Course.of(page).visits if visit.state == "open"]
    context = {"way": "patients", "banner": patient_banner(page), "form": form, "wrong": form.wrong(), "opened": opened}
    return render(request, "visit/open.html", context, status=422 if form.problems else 200)


@screen(permission=Permission.SEE_PATIENT)
def before(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """What to know and to look at before the visit; made for print as well."""
    frame = VisitFrame.of(request.actor, patient, visit)
    return render(request, "visit/before.html", {**frame.context("before"), **before_visit(frame)})
