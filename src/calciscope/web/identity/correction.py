"""Correct names, date of birth, number and contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.identity import correct_identity
from calciscope.record.actions.patients import Person
from calciscope.record.permissions import Permission
from calciscope.record.queries.identity import identity_of
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.web.conflict.presenter import Comparison, Difference
from calciscope.web.design.days import written
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.patients.forms import FIELDS, PersonForm


@screen(permission=Permission.EDIT_IDENTITY)
def identity(request: Asked, patient: UUID) -> HttpResponse:
    """The identity as it stands, in a form; whoever was faster is shown beside what was typed."""
    page = patient_page(by=request.actor, patient=patient)
    kept = identity_of(by=request.actor, patient=patient)
    context: dict[str, Any] = {"way": "patients", "banner": patient_banner(page)}
    if kept is None:
        return render(request, "identity/erased.html", context)
    before = {name: values[0] for name, values in typed_before(request).items() if values}
    sent = {name: request.POST.get(name, "") for name in FIELDS} if request.method == "POST" else before
    form = PersonForm(typed=sent or _words(kept.person))
    seen = request.POST.get("based_on") or before.get("based_on", "")
    version, conflict = int(seen) if seen.isdigit() else kept.version, None
    if request.method == "POST" and (person := form.person()):
        try:
            correct_identity(by=request.actor, patient=patient, person=person, based_on=version)
            messages.success(request, "The identity is corrected.")
            return redirect("identity", patient=patient)
        except Invalid as invalid:
            form.problems += invalid.problems
        except Conflict as found:
            version, conflict = found.theirs.version, _compared(found)
    wrong = form.wrong()
    context |= {"form": form, "wrong": wrong, "conflict": conflict, "version": version, "kept": bool(before)}
    return render(request, "identity/identity.html", context, status=422 if wrong else 409 if conflict else 200)


def _words(person: Person) -> dict[str, str]:
    return {name: _word(getattr(person, name)) for name in FIELDS}


def _word(value: Any) -> str:
    return written(value.isoformat()) if hasattr(value, "isoformat") else str(value or "")


def _compared(conflict: Conflict) -> Comparison:
    theirs: Mapping[str, Any] = conflict.theirs.data
    fields = [
        Difference(label=FIELDS[name][0], theirs=_word(theirs.get(name)), mine=_word(conflict.mine.get(name)))
        for name in FIELDS
        if name in theirs
    ]
    return Comparison(noun="identity", title="Identity", by="", at=None, version=conflict.theirs.version, fields=fields)
