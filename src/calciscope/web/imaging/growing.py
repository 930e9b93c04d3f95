"""Growth that tracking found, proposed for the deposits of the map, and confirmed by a clinician."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from calciscope.record.actions.growth import confirm_growth
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Invalid
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.result import Result


@screen(permission=Permission.DECIDE_IMAGING)
def growing(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """Record the ticked ones as growing; a deposit that is not proposed any more is told of."""
    Result.of(patient_page(by=request.actor, patient=patient), measurement)
    if request.method == "POST":
        try:
            ticked = [UUID(text) for text in request.POST.getlist("deposit")]
            count = confirm_growth(by=request.actor, patient=patient, measurement=measurement, deposits=ticked)
        except ValueError:
            messages.error(request, "Tick the deposits that you confirm.")
        except Invalid as invalid:
            messages.error(request, invalid.problems[0].message)
        else:
            messages.success(request, f"{count} deposit{'s are' if count != 1 else ' is'} recorded as growing.")
    return redirect("measured", patient=patient, measurement=measurement)
