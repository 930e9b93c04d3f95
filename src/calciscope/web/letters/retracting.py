"""Retract a letter: its document stays as it was issued, and the list says that it holds no more, why, and who said so."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.entries import take_back_entry
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.errors import NotAllowed
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen

ALREADY = "Somebody has retracted this letter since you opened it."


@screen(permission=Permission.RECORD)
def retract_letter(request: Asked, patient: UUID, letter: UUID) -> HttpResponse:
    """Ask why, then mark the letter as retracted; whoever has it is told by a person, not by the program."""
    page = patient_page(by=request.actor, patient=patient)
    fact = next((one for one in page.facts if one.uid == letter and one.noun == "letter"), None)
    if fact is None:
        raise NotAllowed("There is no such letter.")
    wrong: list[tuple[str, str, str]] = []
    if request.method == "POST" and fact.holds:
        reason = request.POST.get("reason", "")
        try:
            take_back_entry(by=request.actor, patient=patient, uid=letter, based_on=fact.version, reason=reason)
        except Invalid as invalid:
            wrong = [("f-reason", "Why", problem.message) for problem in invalid.problems]
        except Conflict:
            wrong = [("", "", ALREADY)]
        else:
            messages.success(request, f"{fact.data['title']}: retracted. Tell whoever has it.")
            return redirect("letters", patient=patient)
    if not fact.holds:
        return redirect("letters", patient=patient)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "fact": fact,
        "reason": request.POST.get("reason", ""),
        "wrong": wrong,
    }
    return render(request, "letters/retract.html", context, status=422 if wrong else 200)
