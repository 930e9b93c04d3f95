"""The patient's laboratory page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.fact import Fact
from calciscope.record.in_words.fact_words import said
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import child, patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.laboratory.battery import battery
from calciscope.web.laboratory.table import result_table

SHOWN_DAYS = 6  # columns that fit a screen; the others are one click away
ANTIBODY = "antibody"


@screen(permission=Permission.SEE_PATIENT)
def laboratory(request: Asked, patient: UUID) -> HttpResponse:
    """Every result, the battery of calcinosis, and the autoantibodies."""
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    whole = request.GET.get("days") == "all"
    opened = [visit for visit in course.visits if visit.state == "open"]
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "table": result_table(course, most_days=0 if whole else SHOWN_DAYS),
        "battery": battery(course, date.today()),
        "child": child(page.banner.born_on, date.today()),
        "antibodies": [(fact.uid, _antibody(fact)) for fact in reversed(course.of_noun(ANTIBODY))],
        "opened": opened[-1] if opened else None,
    }
    return render(request, "laboratory/laboratory.html", context)


def _antibody(fact: Fact) -> list[str]:
    """Antibody, result, raw value, upper limit, method, laboratory, day."""
    words = {field.name: said(field, fact.data.get(field.name)) for field in noun(ANTIBODY).fields}
    raw = " ".join(part for part in (words["value"], words["unit"], words["titre"]) if part)
    return [
        words["antibody"],
        words["result"],
        raw,
        *(words[name] for name in ("high", "method", "laboratory", "sampled_on")),
    ]
