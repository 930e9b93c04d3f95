"""Today's list."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.permissions import Permission
from calciscope.record.queries.roster import roster
from calciscope.record.queries.visits import visits_on
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.patients.presenter import listing
from calciscope.web.visit.before import before_visit
from calciscope.web.visit.frame import VisitFrame


@screen(permission=Permission.LIST_PATIENTS)
def today(request: Asked) -> HttpResponse:
    """Visits of today, of patients in one's care."""
    day = date.today()
    visits = visits_on(by=request.actor, on=day)
    found = roster(by=request.actor, among={visit.patient for visit in visits}, today=day, limit=200)
    rows = {row.id: row for row in listing(found, offset=0, today=day).rows}
    pairs = [(visit, rows[visit.patient]) for visit in visits if visit.patient in rows]
    return render(request, "today/today.html", {"way": "today", "visits": pairs, "day": day})


@screen(permission=Permission.SEE_PATIENT)
def sheets(request: Asked) -> HttpResponse:
    """The pre-visit sheets of the day one below the other, each on a page of its own in print."""
    day = date.today()
    frames = [VisitFrame.of(request.actor, visit.patient, visit.visit) for visit in visits_on(by=request.actor, on=day)]
    told = [{**frame.context("before"), **before_visit(frame)} for frame in frames if not frame.cancelled]
    return render(request, "today/sheets.html", {"way": "today", "day": day, "sheets": told})
