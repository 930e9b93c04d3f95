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


@screen(permission=Permission.LIST_PATIENTS)
def today(request: Asked) -> HttpResponse:
    """Visits of today, of patients in one's care."""
    day = date.today()
    visits = visits_on(by=request.actor, on=day)
    found = roster(by=request.actor, among={visit.patient for visit in visits}, today=day, limit=200)
    rows = {row.id: row for row in listing(found, offset=0, today=day).rows}
    pairs = [(visit, rows[visit.patient]) for visit in visits if visit.patient in rows]
    return render(request, "today/today.html", {"way": "today", "visits": pairs, "day": day})
