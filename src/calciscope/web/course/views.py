"""The course of a patient: the sentence, then and now, every measure on one time axis, and each deposit; tables as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.queries.scans import compared_file
from calciscope.record.scans.chain import Chain, Step, chains
from calciscope.record.scans.files import DIFFERENCE, MAP, PANELS, REPORT
from calciscope.share.course_sheet.typesetting import course_pdf
from calciscope.share.event_marks import EVENT_MARKS
from calciscope.share.family_page.typesetting import family_pdf
from calciscope.terms.errors import NotAllowed
from calciscope.web.course.families import HEADS, FamilyRow, family_pictures, family_rows
from calciscope.web.course.family import family_page, version_for
from calciscope.web.course.films import BOTH_WAYS, film_courses
from calciscope.web.course.lines import all_panels
from calciscope.web.course.looked import Looked
from calciscope.web.course.map_pictures import VIEWS, map_pictures, on_paper
from calciscope.web.course.marks import spoken
from calciscope.web.course.notices import notices
from calciscope.web.course.sentence import masses, sentence, since_first
from calciscope.web.course.sheet import course_sheet as sheet_of
from calciscope.web.course.table import course_table
from calciscope.web.course.told import part_of, told_of
from calciscope.web.design.charts.course_chart import NARROW, PAPER, CourseChart
from calciscope.web.design.course import Course
from calciscope.web.design.csv_cells import safe_cell
from calciscope.web.design.lanes import treatment_lanes
from calciscope.web.design.patient_banner import child, patient_banner
from calciscope.web.gate.screen import Asked, screen

CHART_TITLE = (
    "Measures, activity, laboratory, the patient's own line and treatment over time; the table below holds the same"
)
MOST_ROWS = 20  # of deposits at once; the others are folded away


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositTable:
    """The deposits of one step, and what became of the burden."""

    burden: str
    rows: Sequence[FamilyRow]
    more: Sequence[FamilyRow]


@screen(permission=Permission.SEE_PATIENT)
def course(request: Asked, patient: UUID) -> HttpResponse:
    """The page."""
    page = patient_page(by=request.actor, patient=patient)
    told, found = Course.of(page), chains(page.facts)
    chain = chosen(found, request.GET.get("scan", ""))
    looked = _looked(page, told, chain)
    chart = _chart(looked)
    panels, lanes = chart.panels, chart.lanes
    step = chain.last if chain else None
    tables = [_table(told, chain, one) for one in reversed(chain.steps)] if chain else []
    if chain and chain.since_first and chain.since_first.possible:
        tables.insert(1, _table(told, chain, chain.since_first, "since the first scan: "))
    drawn = family_pictures(told, chain, lanes) if chain else None
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "sentence": sentence(told_of(told, chain)),
        "since_first": _since_first(told, chain),
        "chain": chain,
        "step": step,
        "parts": [(part_of(one, told.facts), one.scans[-1].uid, one is chain) for one in found],
        "notices": notices(chain) if chain else [],
        "planes": map_pictures(request.actor, patient, step) if step else [],
        "chart": chart.drawn(),
        "chart_narrow": replace(chart, layout=NARROW).drawn(),
        "notes": [panel.note for panel in panels if panel.note],
        "pictures": drawn.each if drawn else (),
        "picture_lanes": drawn.lanes if drawn else (),
        "mark_key": [spoken(event.value) for event in EVENT_MARKS],
        "tables": tables,
        "films": film_courses(told, patient),
        "film_note": BOTH_WAYS,
        "sheet": course_table(panels, lanes),
    }
    return render(request, "course/course.html", context)


@screen(permission=Permission.SEE_PATIENT)
def course_csv(request: Asked, patient: UUID) -> HttpResponse:
    """The course as CSV; the file's name tells nothing of the patient."""
    page = patient_page(by=request.actor, patient=patient)
    told = Course.of(page)
    looked = _looked(page, told, chosen(chains(page.facts), request.GET.get("scan", "")))
    sheet = course_table(all_panels(looked), list(treatment_lanes(told)))
    return _csv(sheet.lines(), "course.csv")


@screen(permission=Permission.SEE_PATIENT)
def course_deposits_csv(request: Asked, patient: UUID) -> HttpResponse:
    """Every family of every step as CSV."""
    page = patient_page(by=request.actor, patient=patient)
    told = Course.of(page)
    lines: list[Sequence[str]] = [("first scan", "second scan", *HEADS)]
    for chain in chains(page.facts):
        for step in (*chain.steps, *([chain.since_first] if chain.since_first else [])):
            days = (str(step.earlier.effective_on), str(step.later.effective_on))
            lines += [(*days, *row.cells()) for row in family_rows(told, step)]
    return _csv(lines, "deposits.csv")


@screen(permission=Permission.SEE_PATIENT)
def course_picture(request: Asked, patient: UUID, measurement: UUID, plane: str, panel: str) -> HttpResponse:
    """One panel of the map of a comparison, through the scope and with a line in the audit."""
    if plane not in VIEWS or panel not in PANELS:
        raise NotAllowed("There is no such picture.")
    name = f"{MAP}/{plane}_{panel}.png"
    return _file(request, patient, measurement, name, "image/png", f"{panel}.png")


@screen(permission=Permission.SEE_PATIENT)
def course_difference(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """The whole picture of a comparison, to be shown elsewhere."""
    return _file(request, patient, measurement, DIFFERENCE, "image/png", "difference.png")


@screen(permission=Permission.SEE_PATIENT)
def course_report(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """The report of a comparison as PDF."""
    return _file(request, patient, measurement, REPORT, "application/pdf", "changes.pdf")


@screen(permission=Permission.SEE_PATIENT)
def course_family(request: Asked, patient: UUID) -> HttpResponse:
    """One page for the family as PDF, in plain words or in those for a child."""
    page = patient_page(by=request.actor, patient=patient)
    chain, today = chosen(chains(page.facts), request.GET.get("scan", "")), date.today()
    step = chain.last if chain else None
    pictures = [png for png, _ in on_paper(request.actor, patient, step)] if step else []  # then and now come first
    version = version_for(request.GET.get("for", ""), page.banner.born_on, today)
    told = family_page(Course.of(page), chain, page.banner, pictures, version=version, today=today)
    response = HttpResponse(family_pdf(told), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="family.pdf"'
    return response


@screen(permission=Permission.SEE_PATIENT)
def course_sheet(request: Asked, patient: UUID) -> HttpResponse:
    """The course on one page as PDF, for a colleague."""
    page = patient_page(by=request.actor, patient=patient)
    told, found = Course.of(page), chains(page.facts)
    chain = chosen(found, request.GET.get("scan", ""))
    step = chain.last if chain else None
    looked = _looked(page, told, chain)
    shown = on_paper(request.actor, patient, step) if step else []
    sheet = sheet_of(
        banner=page.banner,
        today=looked.today,
        sentence=" ".join(part for part in (sentence(told_of(told, chain)), _since_first(told, chain)) if part),
        notices=notices(chain) if chain else (),
        pictures=shown,
        chart=replace(_chart(looked), layout=PAPER),
        rows=family_rows(told, step) if step else (),
    )
    response = HttpResponse(course_pdf(sheet), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="course.pdf"'
    return response


def chosen(found: Sequence[Chain], scan: str) -> Chain | None:
    """The chain with that scan, else the one with the newest."""
    named = (one for one in found if any(str(fact.uid) == scan for fact in one.scans))
    return next(named, found[0] if found else None)


def _looked(page: PatientPage, told: Course, chain: Chain | None) -> Looked:
    today = date.today()
    return Looked(course=told, chain=chain, today=today, child=child(page.banner.born_on, today))


def _since_first(told: Course, chain: Chain | None) -> str:
    step = chain.since_first if chain else None
    return since_first(told_of(told, chain, step)) if step else ""


def _table(told: Course, chain: Chain, step: Step, before: str = "") -> DepositTable:
    rows = family_rows(told, step)
    return DepositTable(
        burden=before + masses(told_of(told, chain, step)), rows=rows[:MOST_ROWS], more=rows[MOST_ROWS:]
    )


def _chart(looked: Looked) -> CourseChart:
    return CourseChart(
        panels=all_panels(looked),
        lanes=list(treatment_lanes(looked.course)),
        visits=_scan_days(looked.chain),
        today=looked.today,
        title=CHART_TITLE,
    )


def _scan_days(chain: Chain | None) -> list[date]:
    return [scan.effective_on for scan in chain.scans if scan.effective_on] if chain else []


def _csv(lines: Iterable[Sequence[str]], name: str) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([safe_cell(cell) for cell in line])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(request: Asked, patient: UUID, measurement: UUID, name: str, content_type: str, called: str) -> HttpResponse:
    whole = compared_file(by=request.actor, patient=patient, measurement=measurement, name=name)
    response = HttpResponse(whole, content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{called}"'
    return response
