"""Mark a ruler and the outline of an ulcer on a photograph: by pointer, by keyboard, or by numbers without a script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.entries import Saying, amend_entries, record_entries
from calciscope.record.fact import Fact
from calciscope.record.permissions import Permission
from calciscope.record.photographs.area import Area, Marks, Point, measured_area
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.refusals import Conflict, Invalid, Problem
from calciscope.terms.errors import NotAllowed
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.photographs.shots import NOUN, area_words, shots

LABELS = {"ruler": "Ruler", "ruler_mm": "Length on the ruler", "outline": "Outline", "reason": "Reason"}
ENDS = ("x1", "y1", "x2", "y2")


@screen(permission=Permission.RECORD)
def mark_area(request: Asked, patient: UUID, photograph: UUID) -> HttpResponse:
    """Show the picture with its marks, or save them as a new version of the photograph's fact."""
    page = patient_page(by=request.actor, patient=patient)
    fact = next((one for one in page.facts if one.uid == photograph and one.noun == NOUN and one.holds), None)
    if fact is None:
        raise NotAllowed("There is no such photograph.")
    typed = _typed(request) if request.method == "POST" else _held(fact)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            area = _save(request, page, fact, typed)
            messages.success(request, f"Area of the ulcer: {area_words(area)}. The marks are kept with the photograph.")
            return redirect("photograph", patient=patient, photograph=photograph)
        except Invalid as invalid:
            problems = list(invalid.problems)
        except Conflict as conflict:
            said = f"{conflict.theirs.by} has marked this photograph since you opened it. Look at it anew before you save over it."
            problems = [Problem(field="", message=said)]
    course = Course.of(page)
    sent = request.POST.get("based_on", "")
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "shot": next(one for one in shots(course, patient) if one.id == photograph),
        "typed": typed,
        "version": sent if sent.isdigit() else fact.version,
        "signed": _signed(page, fact),
        "reason": request.POST.get("reason", ""),
        "wrong": [(f"f-{p.field}" if p.field else "", LABELS.get(p.field, ""), p.message) for p in problems],
        "errors": {p.field: p.message for p in problems},
    }
    return render(request, "photographs/area.html", context, status=422 if problems else 200)


def _typed(request: Asked) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in (*ENDS, "ruler_mm", "outline")}


def _held(fact: Fact) -> dict[str, str]:
    marks = fact.data.get("marks")
    if not isinstance(marks, dict):
        return dict.fromkeys((*ENDS, "ruler_mm", "outline"), "")
    ends = [f"{number:g}" for point in marks["ruler"] for number in point]
    outline = "\n".join(f"{x:g} {y:g}" for x, y in marks["outline"])
    return dict(zip(ENDS, ends, strict=True)) | {"ruler_mm": f"{fact.data['ruler_mm']:g}", "outline": outline}


def _save(request: Asked, page: PatientPage, fact: Fact, typed: Mapping[str, str]) -> dict[str, Any]:
    if "width_px" not in fact.data:
        raise Invalid(
            [Problem(field="", message="The size of this picture is not recorded; take it in anew to measure in it.")]
        )
    marks = _marks(typed)
    area = measured_area(marks, width_px=int(fact.data["width_px"]), height_px=int(fact.data["height_px"]))
    data = {**fact.data, **_as_data(marks, area)}
    sent = request.POST.get("based_on", "")
    saying = Saying(noun=NOUN, data=data, uid=fact.uid, based_on=int(sent) if sent.isdigit() else fact.version)
    patient, visit = page.banner.id, fact.visit_id
    if visit and _signed(page, fact):
        reason = request.POST.get("reason", "")
        amend_entries(by=request.actor, patient=patient, visit=visit, sayings=[saying], reason=reason)
    else:
        record_entries(by=request.actor, patient=patient, visit=visit, sayings=[saying])
    return data


def _as_data(marks: Marks, area: Area) -> dict[str, Any]:
    return {
        "marks": {"ruler": [list(point) for point in marks.ruler], "outline": [list(point) for point in marks.outline]},
        "ruler_mm": marks.ruler_mm,
        "mm_per_pixel": area.mm_per_pixel,
        "ulcer_area_mm2": area.area_mm2,
        "ulcer_area_lower_mm2": area.lower_mm2,
        "ulcer_area_upper_mm2": area.upper_mm2,
    }


def _marks(typed: Mapping[str, str]) -> Marks:
    """The marks as typed; every field that cannot be read is told at once."""
    problems = []
    ends = [_number(typed[name]) for name in ENDS]
    if None in ends:
        problems.append(Problem(field="ruler", message="Mark two points on the ruler: four numbers, in pixels."))
    length = _number(typed["ruler_mm"])
    if length is None:
        problems.append(Problem(field="ruler_mm", message="Say how many millimetres lie between the two points."))
    outline = _outline(typed["outline"])
    if outline is None:
        problems.append(
            Problem(field="outline", message="Each line holds two numbers, such as 812 640: a point in pixels.")
        )
    if problems or length is None or outline is None:
        raise Invalid(problems)
    x1, y1, x2, y2 = (number or 0.0 for number in ends)
    return Marks(ruler=((x1, y1), (x2, y2)), ruler_mm=length, outline=outline)


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if re.fullmatch(r"\d{1,6}([.,]\d{1,4})?", text) else None


def _outline(text: str) -> list[Point] | None:
    points = []
    for line in text.splitlines():
        if not line.strip():
            continue
        numbers = [_number(part) for part in re.split(r"[\s;]+", line.strip())]
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            return None
        points.append((numbers[0], numbers[1]))
    return points


def _signed(page: PatientPage, fact: Fact) -> bool:
    return any(visit.id == fact.visit_id and visit.state == "signed" for visit in page.visits)
