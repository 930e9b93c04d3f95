"""Find a patient; take a new one in."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.monitoring_due import patients_with_monitoring_overdue
from calciscope.record.actions.patients import register_patient
from calciscope.record.permissions import Permission
from calciscope.record.queries.roster import Narrowing, roster
from calciscope.record.refusals import Invalid
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.patients.forms import FIELDS, PersonForm
from calciscope.web.patients.presenter import MONITORING, NARROWING_WORDS, PAGE, listing


@screen(permission=Permission.LIST_PATIENTS)
def patient_list(request: Asked) -> HttpResponse:
    """The list. A search is sent by POST, so that no name stands in an address or in a server's log."""
    asked = request.POST if request.method == "POST" else request.GET
    narrowings = [one for one in Narrowing if one.value in asked.getlist("only")]
    offset = int(asked["offset"]) if asked.get("offset", "").isdigit() else 0
    search = request.POST.get("search", "")[:100]
    today = date.today()
    watching = MONITORING in asked.getlist("only")
    among = patients_with_monitoring_overdue(by=request.actor, on=today) if watching else None
    found = roster(
        by=request.actor, search=search, among=among, narrowings=narrowings, today=today, offset=offset, limit=PAGE
    )
    context = {
        "way": "patients",
        "listing": listing(found, offset=offset, today=today),
        "search": search,
        "narrowings": [
            *((one.value, words, one in narrowings) for one, words in NARROWING_WORDS.items()),
            *([(MONITORING, "monitoring overdue", watching)] if found.advice_on else []),
        ],
    }
    return render(request, "patients/list.html", context)


@screen(permission=Permission.REGISTER_PATIENT)
def new_patient(request: Asked) -> HttpResponse:
    """Register somebody; the one who does is the first of the team."""
    sent = {name: request.POST.get(name, "") for name in FIELDS} if request.method == "POST" else {}
    kept = {name: values[0] for name, values in typed_before(request).items() if values and not sent}
    form = PersonForm(typed=sent or kept)
    if request.method == "POST" and (person := form.person()):
        try:
            key = register_patient(by=request.actor, person=person, synthetic=settings.DEMONSTRATION)
            return redirect("patient", patient=key)
        except Invalid as invalid:
            form.problems += invalid.problems
    wrong = form.wrong()
    status = 422 if wrong else 200
    context = {"form": form, "wrong": wrong, "way": "patients", "kept": bool(kept)}
    return render(request, "patients/new.html", context, status=status)
