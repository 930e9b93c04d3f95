"""A folder of old studies of the server, measured when nothing else waits; whose they are is found by number or said by a person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.scan_for_record import assign_study, look_at
from calciscope.record.actions.old_studies import drop_old_study, name_old_studies
from calciscope.record.permissions import Permission
from calciscope.record.queries.old_studies import old_studies, old_study
from calciscope.record.refusals import Invalid, Problem
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.words import STATES

SORTED_BY_ITSELF = "receiving"
TAGS = {"asked": "tag-due", "refused": "tag-alert", "failed": "tag-alert"}


@screen(permission=Permission.UPLOAD_IMAGING)
def old_studies_screen(request: Asked) -> HttpResponse:
    """Name a folder; see what became of each study, and those that a person has to assign."""
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            new = name_old_studies(by=request.actor, place=request.POST.get("place", ""))
            said = f"{new} stud{'ies are' if new != 1 else 'y is'} new; they are looked at and measured when nothing else waits."
            messages.success(request, said)
            return redirect("old_studies")
        except Invalid as invalid:
            problems = invalid.problems
    found = old_studies(by=request.actor)
    context = {
        "way": "import",
        "roots": [str(root) for root in getattr(settings, "SCAN_ROOTS", ())],
        "typed": request.POST,
        "counts": [(_state(state), count) for state, count in sorted(found.counts.items())],
        "studies": [(one, STATES[one.state], TAGS[one.state]) for one in found.to_look_at],
        "wrong": [(f"f-{p.field}", "Folder", p.message) for p in problems],
        "errors": {p.field: p.message for p in problems},
    }
    return render(request, "imaging/old.html", context, status=422 if problems else 200)


@screen(permission=Permission.UPLOAD_IMAGING)
def assign(request: Asked, scan: UUID) -> HttpResponse:
    """Say whose one study is, with what its files say beside the form; or leave it out."""
    study, source = old_study(by=request.actor, scan=scan)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            if "drop" in request.POST:
                drop_old_study(by=request.actor, scan=scan)
                messages.success(request, "The study is left out; its files stay where they are.")
                return redirect("old_studies")
            patient = assign_study(by=request.actor, scan=scan, number=request.POST.get("number", ""))
            return redirect("scan", patient=patient, scan=scan)
        except Invalid as invalid:
            problems = invalid.problems
        except NotAllowed:
            raise
        except Refused as refused:
            problems = [Problem(field="", message=str(refused))]
    context = {
        "way": "import",
        "study": study,
        "words": STATES[study.state],
        "tag": TAGS.get(study.state, "tag-plain"),
        "in_files": look_at(source) if study.state == "asked" else None,
        "typed": request.POST,
        "wrong": [(f"f-{p.field}" if p.field else "", "Number" if p.field else "", p.message) for p in problems],
        "errors": {p.field: p.message for p in problems},
    }
    return render(request, "imaging/assign.html", context, status=422 if problems else 200)


def _state(state: str) -> str:
    return "is still to be looked at" if state == SORTED_BY_ITSELF else STATES[state]
