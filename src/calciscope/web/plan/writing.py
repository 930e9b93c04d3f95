"""Write the plan, or a new version of it. What is typed is not lost to an error, a conflict or a log-in that ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.plan_for_record import choosable, weigh, write_plan
from calciscope.record.fact import Fact
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.web.conflict.presenter import compared
from calciscope.web.design.course import Course
from calciscope.web.design.noun_form import NounForm, Typed, typed_of
from calciscope.web.design.patient_banner import newest, patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.plan.presenter import treated_on
from calciscope.web.plan.rows import rows, typed_options, wrong_rows

SHOWN = ("agreed_on", "clock_from", "review_on", "goals", "next_steps", "who_does_what", "stop_rule")


@screen(permission=Permission.RECORD)
def plan_write(request: Asked, patient: UUID) -> HttpResponse:
    """The form; `more` gives further rows without saving, `therapy` in the address brings an option along."""
    page = patient_page(by=request.actor, patient=patient)
    present = newest(page.facts, "plan")
    typed: Typed | None = typed_of(request.POST) if request.method == "POST" else typed_before(request) or None
    form = NounForm(noun=noun("plan"), held=_held(page, present), typed=typed, only=SHOWN)
    options = typed_options(typed) if typed is not None else _options(request, present)
    sent = request.POST.get("based_on", "")
    version = int(sent) if sent.isdigit() else present.version if present else 0
    conflict, problems = None, []
    today = date.today()
    if request.method == "POST" and "more" not in request.POST:
        said = {name: value for name, value in form.data().items() if name not in {"options", "weighed_by"}}
        try:
            write_plan(by=request.actor, patient=patient, said=said, options=options, based_on=version, on=today)
            messages.success(request, "The plan is saved as a draft; present it to the team when it is ready.")
            return redirect("plan", patient=patient)
        except Invalid as invalid:
            problems = list(invalid.problems)
            form.problems = [one for one in problems if not one.field.startswith("options.")]
        except Conflict as found:
            conflict = compared(found)
            version = conflict.version
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "form": form,
        "rows": rows(options, weigh(by=request.actor, patient=patient, on=today), problems),
        "wrong": [*form.wrong(), *wrong_rows(problems)],
        "conflict": conflict,
        "version": version,
        "present": present,
        "kept": request.method == "GET" and typed is not None,
    }
    return render(request, "plan/write.html", context, status=409 if conflict else 422 if problems else 200)


def _held(page: PatientPage, present: Fact | None) -> Mapping[str, Any]:
    """What stands; a first plan begins with today, and its twelve months with the treatment."""
    if present:
        return {**present.data, "agreed_on": date.today().isoformat()}
    begun = treated_on(Course.of(page))
    whole = {"clock_from": begun} if len(begun) == len("2026-01-01") else {}
    return {"agreed_on": date.today().isoformat()} | whole


def _options(request: Asked, present: Fact | None) -> Sequence[Mapping[str, Any]]:
    held = list(present.data.get("options", [])) if present else []
    brought = request.GET.get("therapy", "")
    if brought in choosable() and all(one.get("therapy") != brought for one in held):
        held.append({"therapy": brought})
    return held
