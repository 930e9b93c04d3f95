"""All films of a patient, and taking in several at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calciscope.flows.films import take_film
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Problem
from calciscope.terms.errors import Refused
from calciscope.web.design.course import Course
from calciscope.web.design.noun_form import NounForm, typed_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.design.problems import problems_of
from calciscope.web.films.shots import FILM, next_film, shots
from calciscope.web.gate.screen import Asked, screen

FILES = "films"
SAID = ("kind", "taken_on", "region", "side", "identity_note")
MOST_FILES = 60  # of one sending; a request is 200 MB at most
SHAPES = {"region": "select", "side": "select"}
DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
LABELS = {FILES: "Films"}


@screen(permission=Permission.SEE_PATIENT)
def films(request: Asked, patient: UUID) -> HttpResponse:
    """By part of the body, the newest first, with what is left to look at."""
    page = patient_page(by=request.actor, patient=patient)
    found = shots(Course.of(page), patient)
    by_place: dict[str, list[Any]] = {}
    for shot in reversed(found):
        by_place.setdefault(f"{shot.place}, {shot.kind}", []).append(shot)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "places": list(by_place.items()),
        "left": sum(not shot.done for shot in found),
        "all": len(found),
        "next": next_film(found),
    }
    return render(request, "films/films.html", context)


@screen(permission=Permission.UPLOAD_IMAGING)
def add_films(request: Asked, patient: UUID) -> HttpResponse:
    """Take in one film or a folder of them; each that cannot be taken is told by its place in the list."""
    page = patient_page(by=request.actor, patient=patient)
    form = NounForm(
        noun=noun(FILM), typed=typed_of(request.POST) if request.method == "POST" else None, only=SAID, shapes=SHAPES
    )
    problems: list[Problem] = []
    if request.method == "POST":
        taken, problems = _taken(request, patient, form)
        if taken:
            count = f"{len(taken)} film{'s are' if len(taken) > 1 else ' is'}"
            messages.success(request, f"{count} recorded; what the files said beside their pixels was removed.")
        if taken and not problems:
            return redirect(f"{reverse('film', args=[patient, taken[0]])}#picture")
    form.problems = [problem for problem in problems if form.noun.field(problem.field)]
    others = [problem for problem in problems if not form.noun.field(problem.field)]
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "form": form,
        "wrong": [("f-films", LABELS[FILES], problem.message) for problem in others] + form.wrong(),
        "files_problem": " ".join(problem.message for problem in others),
    }
    return render(request, "films/add.html", context, status=422 if problems else 200)


def _taken(request: Asked, patient: UUID, form: NounForm) -> tuple[list[UUID], list[Problem]]:
    sent = [one for name in (FILES, "folder") for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)]
    if not sent:
        return [], [Problem(field=FILES, message="Choose the films: DICOM, PNG or JPEG.")]
    if len(sent) > MOST_FILES:
        return [], [Problem(field=FILES, message=f"At most {MOST_FILES} films at once; send the rest after these.")]
    taken: list[UUID] = []
    problems: list[Problem] = []
    for place, one in enumerate(sent, start=1):
        try:
            said = form.data() | _day_in(one.name or "")
            taken.append(take_film(by=request.actor, patient=patient, whole=one.read(), said=said))
        except Refused as refused:
            problems += _told(problems_of(refused), place, len(sent))
    return taken, list({(one.field, one.message): one for one in problems}.values())


def _day_in(name: str) -> dict[str, str]:
    """The day that a file's name holds, such as 2019-03-07; it goes before the one that was typed for all."""
    for year, _, month, day in DAY_IN_NAME.findall(name):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if found <= date.today():
            return {"taken_on": found.isoformat()}
    return {}


def _told(problems: Sequence[Problem], place: int, count: int) -> list[Problem]:
    return [Problem(field=one.field or FILES, message=_of(one.message, place, count)) for one in problems]


def _of(message: str, place: int, count: int) -> str:
    """Which of several files is meant; files are not named, since their names may be a patient's."""
    return message if count == 1 else f"File {place} of {count}: {message}"
