"""Break the glass."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.break_glass import break_glass
from calciscope.record.permissions import Permission
from calciscope.record.policies import reason_is_given
from calciscope.record.queries.emergency import find_by_number
from calciscope.record.refusals import Invalid
from calciscope.web.gate.screen import Asked, screen


@screen(permission=Permission.BREAK_GLASS)
def emergency(request: Asked) -> HttpResponse:
    """The hospital number, as on the wristband, and why. The reason is asked before the number is looked up."""
    number, reason = request.POST.get("number", "").strip(), request.POST.get("reason", "")
    wrong: list[tuple[str, str, str]] = []
    if request.method == "POST":
        try:
            reason_is_given(reason)
            patient = find_by_number(by=request.actor, number=number)
            if patient:
                break_glass(by=request.actor, patient=patient, reason=reason)
                return redirect("patient", patient=patient)
            wrong = [("f-number", "Hospital number", "No patient of this site has exactly this number.")]
        except Invalid as invalid:
            wrong = [("f-reason", "Reason", problem.message) for problem in invalid.problems]
    context = {"way": "patients", "number": number, "reason": reason, "wrong": wrong}
    return render(request, "emergency/emergency.html", context, status=422 if wrong else 200)
