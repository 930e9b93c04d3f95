"""Send a scan: files, a zip or a folder, by a plain form or in parts that are taken up again; or name a folder of the server."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calciscope.flows.scan_for_record import look_at_scan
from calciscope.record.actions.scans import FILES, add_scan_files, add_scan_part, begin_scan, discard_scan, name_scan
from calciscope.record.of_age import is_child
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.scans import scan_seen
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans.files import LARGEST_BYTES, LARGEST_PART_BYTES, suffix_of
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.design import days
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.imaging.overview import dose_so_far

FOLDER, PLACE, SIZES, NAMES = "folder", "place", "sizes", "names"
LABELS = {
    FILES: "Scan",
    PLACE: "Folder of the server",
    "question": "What would this scan change",
    "done_on": "Date of the scan",
}
SAID = ("question", "done_on")
MOST_PLAIN_MB = 200  # what the server takes in one piece (calciscope.cli.commands.serve)


@screen(permission=Permission.UPLOAD_IMAGING)
def send_scan(request: Asked, patient: UUID) -> HttpResponse:
    """The form, and what it sends: all at once, or the announcement of files that come in parts."""
    page = patient_page(by=request.actor, patient=patient)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        in_parts = bool(request.headers.get("X-Requested-With") == "calciscope")
        try:
            return _announced(request, patient) if in_parts else _sent(request, patient)
        except Invalid as invalid:
            problems = invalid.problems
        except NotAllowed:
            raise
        except Refused as refused:
            problems = [Problem(field=_where(request), message=str(refused))]
        if in_parts:
            return JsonResponse({"problems": [[p.field, p.message] for p in problems]}, status=422)
    course = Course.of(page)
    doses, so_far = dose_so_far(course)
    typed = request.POST if request.method == "POST" else _typed_before(request)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "typed": typed,
        "child": is_child(page.banner.born_on, date.today()),
        "doses": doses[-5:],
        "so_far": so_far,
        "roots": [str(root) for root in getattr(settings, "SCAN_ROOTS", ())],
        "most_mb": MOST_PLAIN_MB,
        "most_gb": LARGEST_BYTES // 1_000_000_000,
        "part_bytes": LARGEST_PART_BYTES,
        "wrong": [(f"f-{p.field}", LABELS.get(p.field, ""), p.message) for p in problems],
        "errors": {p.field: p.message for p in problems},
    }
    return render(request, "imaging/send.html", context, status=422 if problems else 200)


@screen(permission=Permission.UPLOAD_IMAGING)
def scan_part(request: Asked, patient: UUID, scan: UUID) -> HttpResponse:
    """Take one part of one file; asked without one, tell how much of each file is here."""
    seen = scan_seen(by=request.actor, patient=patient, scan=scan)
    if request.method != "POST":
        return JsonResponse({"sizes": list(seen.sizes), "received": list(seen.received)})
    number, offset = (_whole(request.headers.get(name, "")) for name in ("X-File", "X-Offset"))
    try:
        here = add_scan_part(
            by=request.actor, patient=patient, scan=scan, number=number, offset=offset, part=request.body
        )
    except NotAllowed:
        raise
    except Refused as refused:
        return JsonResponse({"message": str(refused)}, status=409)
    return JsonResponse({"here": here})


def _announced(request: Asked, patient: UUID) -> HttpResponse:
    """Files that are about to come in parts."""
    sizes, names = _list_of(request, SIZES, int), _list_of(request, NAMES, str)
    if len(sizes) != len(names):
        raise Invalid([Problem(field=FILES, message="Choose the scan: a zip, its files, or its folder.")])
    said = typed_of_study(request.POST)
    key = begin_scan(
        by=request.actor, patient=patient, sizes=sizes, suffixes=[suffix_of(name) for name in names], said=said
    )
    return JsonResponse(
        {"part": reverse("scan_part", args=[patient, key]), "page": reverse("scan", args=[patient, key])}
    )


def _sent(request: Asked, patient: UUID) -> HttpResponse:
    """A whole scan in one request, or a folder that is named: looked at at once, so that what is wrong is told here."""
    said = typed_of_study(request.POST)
    if request.POST.get(PLACE, "").strip():
        key = name_scan(by=request.actor, patient=patient, place=request.POST[PLACE], said=said)
    else:
        key = _received(request, patient, said)
    try:
        waits = look_at_scan(by=request.actor, patient=patient, scan=key)
    except Invalid:
        return redirect("scan", patient=patient, scan=key)  # it is here whole; its page asks for what is missing
    except NotAllowed:
        raise
    except Refused:
        discard_scan(by=request.actor, patient=patient, scan=key)
        raise
    if waits:
        messages.success(request, "The scan has come and will be measured.")
    return redirect("scan", patient=patient, scan=key)


def _received(request: Asked, patient: UUID, said: Mapping[str, Any]) -> UUID:
    sent: list[Any] = [
        one for name in (FILES, FOLDER) for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)
    ]
    sizes = [one.size or 0 for one in sent]
    suffixes = [suffix_of(one.name or "") for one in sent]
    key = begin_scan(by=request.actor, patient=patient, sizes=sizes, suffixes=suffixes, said=said)
    add_scan_files(by=request.actor, patient=patient, scan=key, streams=[one.file for one in sent])
    return key


def typed_of_study(sent: Mapping[str, str]) -> dict[str, Any]:
    """Fields of the study as typed."""
    said: dict[str, Any] = {"modality": "ct"}
    if sent.get("question", "").strip():
        said["question"] = sent["question"].strip()
    if sent.get("done_on", "").strip():
        said["done_on"] = days.read(sent["done_on"])
    if sent.get("done_elsewhere"):
        said["done_elsewhere"] = True
    return said


def _where(request: Asked) -> str:
    return PLACE if request.POST.get(PLACE, "").strip() else FILES


def _list_of(request: Asked, name: str, kind: type) -> list[Any]:
    try:
        found = json.loads(request.POST.get(name, "[]"))
    except ValueError:
        return []
    return found if isinstance(found, list) and all(type(item) is kind for item in found) else []


def _typed_before(request: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in (typed_before(request) or {}).items() if values}


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else -1
