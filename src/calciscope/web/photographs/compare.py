"""One photograph beside the last of its pose, all photographs of a patient, and the picture itself."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.in_words.fact_words import lines_of
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.photographs import photograph_picture
from calciscope.terms.errors import NotAllowed
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.photographs.shots import Shot, earlier_of_pose, shots

SMALL_PX = 480


@screen(permission=Permission.SEE_PATIENT)
def album(request: Asked, patient: UUID) -> HttpResponse:
    """All photographs, by pose."""
    page = patient_page(by=request.actor, patient=patient)
    by_pose: dict[tuple[str, str, str], list[Shot]] = {}
    for shot in shots(Course.of(page), patient):
        by_pose.setdefault(shot.pose, []).append(shot)
    poses = [(found[0].pose_words, found) for found in by_pose.values()]
    context = {"way": "patients", "banner": patient_banner(page), "poses": poses}
    return render(request, "photographs/album.html", context)


@screen(permission=Permission.SEE_PATIENT)
def photograph(request: Asked, patient: UUID, photograph: UUID) -> HttpResponse:
    """One photograph; an earlier one of the same pose lies over it as far as the slider says, or stands beside it."""
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    found = shots(course, patient)
    shot = next((one for one in found if one.id == photograph), None)
    if shot is None:
        raise NotAllowed("There is no such photograph.")
    earlier = earlier_of_pose(found, shot)
    wanted = request.GET.get("with", "")
    names = [(str(story.id), f"{story.label} {place_of(story)}") for story in course.stories]
    fact = next(fact for fact in course.facts if fact.uid == photograph)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "shot": shot,
        "earlier": earlier,
        "beside": next((one for one in earlier if str(one.id) == wanted), earlier[0] if earlier else None),
        "areas": [one for one in [shot, *earlier] if one.area],
        "lines": lines_of(fact, names),
        "version": fact.version,
    }
    return render(request, "photographs/photograph.html", context)


@screen(permission=Permission.SEE_PATIENT)
def picture(request: Asked, patient: UUID, photograph: UUID) -> HttpResponse:
    """The picture, through the scope and with a line in the audit; its name tells nothing."""
    longest_px = SMALL_PX if "small" in request.GET else 0
    whole = photograph_picture(by=request.actor, patient=patient, uid=photograph, longest_px=longest_px)
    response = HttpResponse(whole, content_type="image/jpeg")
    response["Content-Disposition"] = 'inline; filename="photograph.jpg"'
    return response
