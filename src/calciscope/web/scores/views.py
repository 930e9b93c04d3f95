"""Which instruments there are for a patient, what they said over time, and one of them filled in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.score_patient import scorable
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.scores.picture import scores_picture
from calciscope.web.scores.presenter import kept_scores
from calciscope.web.scores.sheet import sheet


@screen(permission=Permission.SEE_PATIENT)
def scores(request: Asked, patient: UUID) -> HttpResponse:
    """All instruments with their rights, the scores that were kept, and their course."""
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    found = list(scorable().values())
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "kept": kept_scores(course),
        "picture": scores_picture(course, date.today()),
        "instruments": [one for one in found if not one.slot],
        "slots": [one for one in found if one.slot],
    }
    return render(request, "scores/scores.html", context)


@screen(permission=Permission.RECORD)
def score(request: Asked, patient: UUID, instrument: str) -> HttpResponse:
    """An instrument outside a visit."""
    page = patient_page(by=request.actor, patient=patient)
    asked = scorable().get(instrument)
    if asked is None or asked.slot:
        raise Http404

    def keep(said: Saying) -> None:
        record_entries(by=request.actor, patient=patient, sayings=[said])

    filled = sheet(request, asked, page, on=date.today().isoformat(), keep=keep)
    if filled.kept:
        messages.success(request, f"{asked.title}: kept.")
        return redirect("scores", patient=patient)
    context = {"way": "patients", "banner": patient_banner(page), **filled.context}
    return render(request, "scores/score.html", context, status=filled.status)
