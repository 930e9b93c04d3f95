"""Draw a ruler on a film that has no scale, or whose scale is not to be trusted."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calciscope.flows.films import BESIDE_DEPOSIT, ON_DETECTOR, draw_ruler, open_film
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid, Problem
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.design.problems import lines_of, problems_of
from calciscope.web.films.asking import clicked
from calciscope.web.films.frame import FilmFrame, number, points, spelled
from calciscope.web.films.shots import shots
from calciscope.web.gate.screen import Asked, screen

LAYS = {
    BESIDE_DEPOSIT: "beside the deposit, or a body of known size as far from the detector",
    ON_DETECTOR: "on the detector, or printed into the image: the magnification is not known",
}
LABELS = {"p": "Both ends", "length_mm": "Length between them", "lay": "Where it lay"}
FASTER = "Somebody has changed this film since you opened it; look at it anew."


@screen(permission=Permission.RECORD)
def film_ruler(request: Asked, patient: UUID, film: UUID) -> HttpResponse:
    """Two clicks set the ends; a form says how long it is and where it lay."""
    opened = open_film(by=request.actor, patient=patient, film=film)
    if not opened.fact.holds:
        raise NotAllowed("There is no such film.")
    asked = request.POST if request.method == "POST" else request.GET
    frame, ends = FilmFrame.of(opened.size, asked), points(asked.get("p", ""))[:2]
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            _save(request, patient, film)
            messages.success(request, "The ruler is recorded; lengths and areas on this film hold by it from now on.")
            return redirect("film", patient=patient, film=film)
        except Conflict:
            problems = [Problem(field="", message=FASTER)]
        except Refused as refused:
            problems = problems_of(refused)
    else:
        point = clicked(request.GET, frame)
        if point:
            kept = (*ends, point) if len(ends) < 2 else (point,)
            return redirect(f"{reverse('film_ruler', args=[patient, film])}?p={spelled(kept)}&{frame.address}#picture")
    page = patient_page(by=request.actor, patient=patient)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "shot": next(one for one in shots(Course.of(page), patient) if one.id == film),
        "frame": frame,
        "ends": ends,
        "spelled": spelled(ends),
        "radius": 5 * frame.pixel,
        "lays": list(LAYS.items()),
        "lay": asked.get("lay", ""),
        "length_mm": asked.get("length_mm", ""),
        "version": request.POST.get("based_on") or opened.fact.version,
        "wrong": lines_of(problems, LABELS),
    }
    return render(request, "films/ruler.html", context, status=422 if problems else 200)


def _save(request: Asked, patient: UUID, film: UUID) -> None:
    ends, length = points(request.POST.get("p", "")), number(request.POST.get("length_mm"))
    lay, based_on = request.POST.get("lay", ""), request.POST.get("based_on", "")
    problems = []
    if len(ends) != 2:
        problems.append(Problem(field="p", message="Set both ends of the ruler."))
    if length is None:
        problems.append(Problem(field="length_mm", message="Say how many millimetres lie between the two ends."))
    if lay not in LAYS:
        problems.append(Problem(field="lay", message="Say where the ruler lay."))
    if problems or length is None:
        raise Invalid(problems)
    draw_ruler(
        by=request.actor,
        patient=patient,
        film=film,
        ends=(ends[0], ends[1]),
        length_mm=length,
        lay=lay,
        based_on=int(based_on) if based_on.isdigit() else 0,
    )
