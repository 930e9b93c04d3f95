"""One scan on its way: how far it is, and what a person has to say before it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.scan_for_record import look_at_scan
from calciscope.record.actions.scans import discard_scan, say_whose, start_again
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.scans import ScanSeen, scan_seen
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans.files import LARGEST_PART_BYTES
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.sending import LABELS, typed_of_study
from calciscope.web.imaging.words import DOUBTS, STATES, TAGS

MB = 1_000_000


@screen(permission=Permission.UPLOAD_IMAGING)
def scan(request: Asked, patient: UUID, scan: UUID) -> HttpResponse:
    """How the scan stands; a form sends one of: finish, whose, again, discard."""
    page = patient_page(by=request.actor, patient=patient)
    seen = scan_seen(by=request.actor, patient=patient, scan=scan)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            if _done(request, patient, scan):
                return redirect("imaging", patient=patient)
            return redirect("scan", patient=patient, scan=scan)
        except Invalid as invalid:
            problems = invalid.problems
        except NotAllowed:
            raise
        except Refused as refused:
            problems = [Problem(field="", message=str(refused))]
        seen = scan_seen(by=request.actor, patient=patient, scan=scan)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "seen": seen,
        "words": STATES[seen.state],
        "tag": TAGS.get(seen.state, "tag-plain"),
        "doubts": " and ".join(DOUBTS[one] for one in seen.asked),
        "percent": round(100 * seen.fraction),
        "missing_mb": _missing_mb(seen),
        "whole": list(seen.received) == list(seen.sizes),
        "typed": request.POST,
        "part_bytes": LARGEST_PART_BYTES,
        "wrong": [
            (f"f-{p.field}" if p.field else "", LABELS.get(p.field, "Reason" if p.field else ""), p.message)
            for p in problems
        ],
        "errors": {p.field: p.message for p in problems},
    }
    return render(request, "imaging/scan.html", context, status=422 if problems else 200)


def _done(request: Asked, patient: UUID, scan: UUID) -> bool:
    """Do what the form asks; whether the scan is gone then."""
    said = request.POST
    who: dict[str, Any] = {"by": request.actor, "patient": patient, "scan": scan}
    if "discard" in said:
        discard_scan(**who)
        messages.success(request, "The scan was discarded, and what was sent of it removed.")
        return True
    if "whose" in said:
        say_whose(**who, reason=said.get("reason", ""))
    elif "again" in said:
        start_again(**who)
    else:
        _finish(who, said)
    return False


def _finish(who: dict[str, Any], said: Any) -> None:
    seen = scan_seen(**who)
    if seen.state == "receiving" and list(seen.received) != list(seen.sizes):
        raise Invalid(
            [Problem(field="files", message="Not all of the scan has come yet; choose the same files again.")]
        )
    look_at_scan(**who, said=typed_of_study(said))


def _missing_mb(seen: ScanSeen) -> str:
    missing = sum(seen.sizes) - sum(seen.received)
    return f"{missing / MB:.1f}" if missing else ""
