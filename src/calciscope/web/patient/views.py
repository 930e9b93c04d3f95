"""One patient's page, and its table as a file."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.flows.monitoring_due import monitoring_due
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.web.design.course import Course
from calciscope.web.design.csv_cells import safe_cell
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.overview import measured_rows
from calciscope.web.patient.flowsheet import flowsheet
from calciscope.web.patient.headline import headline
from calciscope.web.patient.map_pictures import then_and_now_map
from calciscope.web.patient.pictures import course_picture, multiples
from calciscope.web.plan.presenter import shown_plan

MOST_SCANS = 3  # the newest; all of them stand on the page of imaging


@screen(permission=Permission.SEE_PATIENT)
def patient_view(request: Asked, patient: UUID) -> HttpResponse:
    """Everything of one patient that one looks at first."""
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    today = date.today()
    context = {
        "way": "patients",
        "banner": patient_banner(page, today=today),
        "headline": headline(course),
        "picture": course_picture(course, today),
        "map": then_and_now_map(course, page, request, today),
        "multiples": multiples(course, today),
        "sheet": flowsheet(course),
        "visits": list(reversed(course.visits)),
        "plan": shown_plan(course, today),
        "scans": measured_rows(course, patient)[:MOST_SCANS],
        "advice_on": page.advice_on,
        "due": monitoring_due(page.facts, today) if page.advice_on else (),
        "examined": course.newest("examination"),
        "watch": course.newest("risk_watch"),
    }
    return render(request, "patient/patient.html", context)


@screen(permission=Permission.SEE_PATIENT)
def flowsheet_csv(request: Asked, patient: UUID) -> HttpResponse:
    """The flowsheet as CSV; the file's name tells nothing of the patient."""
    sheet = flowsheet(Course.of(patient_page(by=request.actor, patient=patient)))
    text = io.StringIO()
    writer = csv.writer(text)
    for line in sheet.lines():
        writer.writerow([safe_cell(cell) for cell in line])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="flowsheet.csv"'
    return response
