"""All imaging of a patient: scans on their way, what was measured, and the dose of every scan with its sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from calciscope.record.fact import Fact
from calciscope.record.in_words.amounts import mass_words
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.scans import scans_of
from calciscope.record.register import Dose, dose_register
from calciscope.record.scans.review import reviewed
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.words import part_words, scan_words

STUDY, MEASUREMENT = "imaging_study", "imaging_measurement"
TO_DECIDE = ("calcinosis", "uncertain")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredRow:
    """One measurement in the list."""

    on: date
    address: str
    parts: str
    mass: str
    deposits: int
    undecided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """One scan in the dose register; an empty cell is not known."""

    on: date | None
    modality: str
    ctdivol: str
    dlp: str
    so_far: str
    question: str
    study: UUID


@screen(permission=Permission.SEE_PATIENT)
def imaging(request: Asked, patient: UUID) -> HttpResponse:
    """Everything that was imaged."""
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    moving = [
        (reverse("scan", args=[patient, one.id]), scan_words(one), one)
        for one in scans_of(by=request.actor, patient=patient)
    ]
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "moving": moving,
        "measured": measured_rows(course, patient),
        "doses": list(reversed(dose_rows(course))),
    }
    return render(request, "imaging/imaging.html", context)


def measured_rows(course: Course, patient: UUID) -> list[MeasuredRow]:
    """What was measured, the newest scan first."""
    studies = {str(fact.uid): fact for fact in course.of_noun(STUDY)}
    rows = []
    for fact in course.of_noun(MEASUREMENT):
        study = studies.get(str(fact.data["study"]))
        if study is None or fact.data["outcome"] != "measured":
            continue
        rows.append(
            MeasuredRow(
                on=course.when(study),
                address=reverse("measured", args=[patient, fact.uid]),
                parts=part_words(study),
                mass=mass_words(fact.data),
                deposits=int(fact.data.get("deposits", 0)),
                undecided=len(reviewed(fact, course.facts).asked),
            )
        )
    return sorted(rows, key=lambda row: row.on, reverse=True)


def dose_rows(course: Course) -> list[DoseRow]:
    """The register, the oldest first; only what gives a dose adds to it."""
    studies = {fact.uid: fact for fact in course.of_noun(STUDY)}
    return [_dose_row(dose, studies[dose.study]) for dose in dose_register(course.facts)]


def dose_so_far(course: Course) -> tuple[Sequence[DoseRow], str]:
    """The register and its sum in words, for whoever is about to add to it."""
    rows = dose_rows(course)
    known = [row for row in rows if row.dlp]
    unknown = sum(1 for row in rows if not row.dlp and row.modality == "CT")
    words = (
        f"{known[-1].so_far} mGy·cm in {len(known)} scan{'s' if len(known) != 1 else ''}"
        if known
        else "no dose is recorded"
    )
    return rows, words + (f"; of {unknown} more CT the dose is not known" if unknown else "")


def _dose_row(dose: Dose, study: Fact) -> DoseRow:
    modality = str(study.data["modality"])
    ctdivol = study.data.get("ctdivol_mgy")
    return DoseRow(
        on=dose.on,
        modality="CT" if modality == "ct" else modality.replace("_", " "),
        ctdivol=f"{ctdivol:.2f}" if isinstance(ctdivol, int | float) else "",
        dlp=f"{dose.dlp_mgy_cm:.0f}" if dose.dlp_mgy_cm is not None else "",
        so_far=f"{dose.cumulative_dlp_mgy_cm:.0f}",
        question=str(study.data.get("question", "")),
        study=dose.study,
    )
