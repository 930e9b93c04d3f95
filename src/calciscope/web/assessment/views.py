"""The patient's assessment and options, of today or as they would have been given on an earlier day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.flows.advise_record import advise_patient_of_record
from calciscope.record.permissions import Permission
from calciscope.record.queries.advice import ADVICE_OFF, advice_is_on
from calciscope.record.queries.patients import patient_page
from calciscope.web.assessment.presenter import shown
from calciscope.web.design import days
from calciscope.web.design.noun_form import Input
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen

ON = "on"


@screen(permission=Permission.SEE_ADVICE)
def assessment(request: Asked, patient: UUID) -> HttpResponse:
    """Everything that advice says of the patient; nothing but how to turn it on where the site has it off."""
    page = patient_page(by=request.actor, patient=patient)
    today = date.today()
    typed = request.GET.get(ON, "")
    on, problem = _day(typed, today)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "day": Input(
            name=ON,
            label="As it stood on",
            shape="design/fields/day.html",
            text=typed if problem else days.written(on.isoformat()),
            hint="Such as 07 Mar 2026.",
            error=problem,
        ),
        "on": on,
        "past": on < today,
        "off": "",
    }
    if advice_is_on(by=request.actor):
        context["found"] = shown(advise_patient_of_record(by=request.actor, patient=patient, on=on))
    else:
        context["off"] = ADVICE_OFF
    return render(request, "assessment/assessment.html", context, status=422 if problem else 200)


def _day(typed: str, today: date) -> tuple[date, str]:
    """(the day asked for, what is wrong with it)."""
    if not typed.strip():
        return today, ""
    try:
        on = date.fromisoformat(days.read(typed))
    except ValueError:
        return today, "This takes a date, such as 07 Mar 2026; today is shown."
    return (on, "") if on <= today else (today, "This lies in the future; today is shown.")
