"""Which instruments there are for a patient, and one of them filled in."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.score_patient import scorable, scored_document
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.design import days
from calciscope.web.design.course import Course
from calciscope.web.design.noun_form import Input, typed_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.scores.forms import answers, parts
from calciscope.web.scores.presenter import kept_scores, results

NOUN, ON = "instrument_score", "scored_on"


@screen(permission=Permission.SEE_PATIENT)
def scores(request: Asked, patient: UUID) -> HttpResponse:
    """All instruments with their rights, and the scores that were kept."""
    page = patient_page(by=request.actor, patient=patient)
    found = list(scorable().values())
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "kept": kept_scores(Course.of(page)),
        "instruments": [one for one in found if not one.slot],
        "slots": [one for one in found if one.slot],
    }
    return render(request, "scores/scores.html", context)


@screen(permission=Permission.RECORD)
def score(request: Asked, patient: UUID, instrument: str) -> HttpResponse:
    """Look at the result first (`try`), or keep it."""
    page = patient_page(by=request.actor, patient=patient)
    asked = scorable().get(instrument)
    if asked is None or asked.slot:
        raise Http404
    typed = typed_of(request.POST) if request.method == "POST" else typed_before(request)
    on = "".join(typed.get(ON, ())) or days.written(date.today().isoformat())
    problem, document = "", None
    if request.method == "POST":
        try:
            document = scored_document(instrument, answers(asked, typed))
            if "keep" in request.POST:
                _keep(request, patient, document, days.read(on))
                messages.success(request, f"{asked.title}: kept.")
                return redirect("scores", patient=patient)
        except NotAllowed:
            raise
        except Conflict:
            problem = "This score was kept already."
        except Invalid as invalid:
            problem = " ".join(one.message for one in invalid.problems)
        except Refused as refused:
            problem = str(refused)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "instrument": asked,
        "parts": parts(asked, typed, {}),
        "day": Input(name=ON, label="Scored on", shape="design/fields/day.html", text=on, hint="Such as 07 Mar 2026."),
        "wrong": [("", "", problem)] if problem else [],
        "result": results(asked, document) if document else None,
        "key": request.POST.get("uid") or str(uuid4()),
    }
    return render(request, "scores/score.html", context, status=422 if problem else 200)


def _keep(request: Asked, patient: UUID, document: dict[str, Any], on: str) -> None:
    data = {
        "instrument": document["instrument"],
        ON: on,
        "answers": document["answers"],
        "result": {name: value for name, value in document.items() if name != "answers"},
        "version": f"calciscope {document['software']['version']}",
    }
    try:
        key = UUID(request.POST.get("uid", ""))
    except ValueError:
        key = uuid4()
    record_entries(by=request.actor, patient=patient, sayings=[Saying(noun=NOUN, data=data, uid=key)])
