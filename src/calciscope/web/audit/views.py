"""Who did and saw what: for the officer to read, to filter and to take away."""

from __future__ import annotations

import csv
import io
import json
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.notices import mark_read
from calciscope.record.permissions import Permission
from calciscope.record.queries.audit_lines import audit_lines, broken_glasses, export_audit
from calciscope.record.queries.notices import notices
from calciscope.web.design.csv_cells import safe_cell
from calciscope.web.gate.screen import Asked, screen

OUTCOMES = ("done", "denied")
PAGE = 100


@screen(permission=Permission.READ_AUDIT)
def audit(request: Asked) -> HttpResponse:
    """Lines of the officer's site, newest first, with emergency accesses on top."""
    outcome = request.GET.get("outcome", "")
    before = request.GET.get("before", "")
    lines = audit_lines(
        by=request.actor,
        patient=_key(request.GET.get("patient", "")),
        user=_key(request.GET.get("user", "")),
        outcome=outcome if outcome in OUTCOMES else "",
        before=int(before) if before.isdigit() else None,
        limit=PAGE,
    )
    context = {
        "way": "audit",
        "lines": lines,
        "outcome": outcome,
        "outcomes": OUTCOMES,
        "patient": request.GET.get("patient", ""),
        "user_asked": request.GET.get("user", ""),
        "older": lines[-1].number if len(lines) == PAGE else None,
        "glasses": broken_glasses(by=request.actor),
        "notices": notices(by=request.actor),
    }
    return render(request, "audit/audit.html", context)


@screen(permission=Permission.READ_AUDIT)
def export(request: Asked) -> HttpResponse:
    """All lines as CSV, the oldest first, with the hashes by which the chain can be checked."""
    lines = export_audit(by=request.actor)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(list(lines[0]) if lines else ["empty"])
    for line in lines:
        cells = [json.dumps(cell, default=str) if isinstance(cell, dict) else str(cell or "") for cell in line.values()]
        writer.writerow([safe_cell(cell) for cell in cells])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


@screen(permission=Permission.READ_AUDIT)
def read_notice(request: Asked, notice: int) -> HttpResponse:
    """Put a notice away."""
    if request.method != "POST":
        raise Http404
    mark_read(by=request.actor, notice=notice)
    return redirect("audit")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
