"""The review screen: whole at first, and its desk alone whenever a step was taken or another item chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from calciscope.flows.edit_reading import Desk
from calciscope.record.in_words.amounts import mass_words, number
from calciscope.record.permissions import Permission, may
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.queries.scans import kept_pixels
from calciscope.record.scans.review import reviewed
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import NotAllowed
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.design.words import day
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.words import candidate_words
from calciscope.web.review.presenter import Board, board_of, story

MOST_ASIDE, MOST_TOLD = 60, 12


@screen(permission=Permission.SEE_PATIENT)
def review_screen(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """The page; ``item`` in the query says which deposit is at hand."""
    return answer(request, patient, measurement, request.GET.get("item", ""))


def answer(
    request: Asked, patient: UUID, measurement: UUID, chosen: str, *, said: str = "", wrong: Sequence[str] = ()
) -> HttpResponse:
    """The desk for a script that asks for it, else the whole page."""
    page = patient_page(by=request.actor, patient=patient)
    board = board_of(request.actor, patient, _desk(request, page, patient, measurement), page.facts, chosen)
    alone = getattr(request, "htmx", False)
    context = {
        "said": said,
        "wrong_words": wrong,
        "alone": alone,
        "measurement": measurement,
        "here": reverse("review", args=[patient, measurement]),
        "step_to": reverse("review_step", args=[patient, measurement]),
        "can_step": may(request.actor.role, Permission.DECIDE_IMAGING),
        "cuts": reverse("review_cuts", args=[patient, measurement, board.chosen.id]) if board.chosen else "",
        **board_context(board),
    }
    if alone:
        return render(request, "review/desk.html", {**context, "banner": patient_banner(page)})
    course = Course.of(page)
    whole = [reverse(name, args=[patient, measurement]) for name in ("review_whole", "review_whole_marks")]
    on = course.when(board.desk.fact)
    earlier = [("then", day(course.when(board.earlier.fact)))] if board.earlier else []
    context |= {"way": "patients", "banner": patient_banner(page), "on": on}
    context |= {"whole": whole, "sides": [*earlier, ("now", day(on))]}
    return render(request, "review/review.html", context, status=422 if wrong else 200)


def _desk(request: Asked, page: PatientPage, patient: UUID, measurement: UUID) -> Desk:
    found = (one for one in page.facts if one.uid == measurement and one.noun == "imaging_measurement")
    fact = next(found, None)
    if fact is None or not fact.holds:
        raise NotAllowed("There is no such measurement.")
    folder = kept_pixels(by=request.actor, patient=patient, measurement=measurement, what="review")
    return Desk(fact=fact, review=reviewed(fact, page.facts), folder=folder, document=fact.data)


def board_context(board: Board) -> dict[str, Any]:
    """What the desk shows of a board."""
    main, aside = board.rows()
    item, told = board.chosen, story(board.review)
    return {
        "rows": main,
        "aside": aside[:MOST_ASIDE],
        "more_aside": max(0, len(aside) - MOST_ASIDE),
        "item": item,
        "row": next((row for row in (*main, *aside) if item and row.id == item.id), None),
        "item_words": candidate_words(item.row) if item else "",
        "item_mass": mass_words(item.row) if item and board.shows_mass else "",
        "shows_mass": board.shows_mass,
        "rest": board.rest,
        "item_skin": number(item.row.get("skin_depth_mm"), 2) if item else "",
        "confidence": f"{100 * float(item.row['confidence']):.0f} %" if item else "",
        "clear": board.clear,
        "progress": board.progress(),
        "burden": board.burden(),
        "steps": board.review.steps,
        "undoable": board.review.last_undoable,
        "told": told[:MOST_TOLD],
        "more_told": max(0, len(told) - MOST_TOLD),
        "kinds": [(kind.value, kind.value.replace("_", " ")) for kind in Kind if not item or kind.value != item.kind],
        "pixels": board.desk.has_pixels,
        "viewer": board.viewer,
        "has_viewer": bool(settings.NIIVUE),
    }
