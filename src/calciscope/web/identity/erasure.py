"""Erase who a patient is, as the law may ask: looked up by number, shown in counts, confirmed by typing the number again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.identity import erase_identity
from calciscope.record.permissions import Permission
from calciscope.record.policies import reason_is_given
from calciscope.record.queries.identity import Erasable, erasable
from calciscope.record.refusals import Invalid
from calciscope.web.gate.screen import Asked, screen

Wrong = list[tuple[str, str, str]]


@screen(permission=Permission.ERASE_IDENTITY)
def erasure(request: Asked) -> HttpResponse:
    """First who and why, then what would go and what would stay; nothing is erased before the second step."""
    number, reason = request.POST.get("number", "").strip(), request.POST.get("reason", "")
    wrong: Wrong = []
    found: Erasable | None = None
    if request.method == "POST":
        found, wrong = _looked_up(request, number, reason)
        if found and "again" in request.POST:
            if request.POST["again"].strip() == number:
                erase_identity(by=request.actor, patient=found.patient, reason=reason)
                messages.success(request, "The identity is erased. The line of it stands in the audit.")
                return redirect("erasure")
            wrong = [("f-again", "Hospital number again", "This is not the number above; nothing was erased.")]
    context = {"way": "erasure", "number": number, "reason": reason, "found": found, "wrong": wrong}
    return render(request, "identity/erasure.html", context, status=422 if wrong else 200)


def _looked_up(request: Asked, number: str, reason: str) -> tuple[Erasable | None, Wrong]:
    try:
        reason_is_given(reason)
    except Invalid as invalid:
        return None, [("f-reason", "Reason", problem.message) for problem in invalid.problems]
    found = erasable(by=request.actor, number=number)
    if found is None:
        return None, [("f-number", "Hospital number", "No patient of this site has exactly this number.")]
    return found, []
