"""One film: look at it, outline what is calcified, and record it; without a script as with one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calciscope.flows.films import (
    OpenFilm,
    open_film,
    record_area,
    record_caliper,
    record_outcome,
    same_ruler,
    turn_film,
)
from calciscope.measure.films.area import FilmArea, Way
from calciscope.record.actions.films import NewDeposit
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.permissions import Permission, may
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Invalid, Problem
from calciscope.share.pictures.film_view import film_png
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.terms.film import FilmKind
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.design.problems import lines_of, problems_of
from calciscope.web.films.asking import CLICK, LENGTH, LEVEL_STEP, MODES, Question, answer_of, as_measured, clicked
from calciscope.web.films.frame import ZOOMS, FilmFrame, frame_asked
from calciscope.web.films.shots import (
    Shot,
    area_words,
    earlier_of_place,
    length_words,
    likely_deposit,
    next_film,
    ruled_like,
    shots,
)
from calciscope.web.gate.screen import Asked, screen

NEW = "new"
SMALL_PX = 360
LABELS = {"of_deposit": "Deposit", "side": "Side", "region": "Part of the body"}


@screen(permission=Permission.SEE_PATIENT)
def film(request: Asked, patient: UUID, film: UUID) -> HttpResponse:
    """The film with what its address asks; a click leads to the address of its point, a form records the answer."""
    asked = request.POST if request.method == "POST" else request.GET
    opened = open_film(by=request.actor, patient=patient, film=film, frame=frame_asked(asked))
    if not opened.fact.holds:
        raise NotAllowed("There is no such film.")
    otherwise = LENGTH if opened.kind is FilmKind.ULTRASOUND else CLICK
    question, frame = (
        Question.of(asked, otherwise=otherwise),
        FilmFrame.of(opened.size, asked, of_sequence=opened.frame),
    )
    problems: list[Problem] = []
    if request.method == "POST":
        if not may(request.actor.role, Permission.RECORD):
            raise NotAllowed("This role may not record.")
        try:
            return _recorded(request, opened, question, patient)
        except Refused as refused:
            problems = problems_of(refused)
    else:
        point = clicked(request.GET, frame)
        if point:
            target = reverse("film", args=[patient, film])
            return redirect(f"{target}?{question.with_point(point).address}&{frame.address}#picture")
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    context = _context(request, opened, question, frame, shots(course, patient))
    context |= {
        "banner": patient_banner(page),
        "deposits": [(str(one.id), f"{one.label} {place_of(one)}") for one in course.stories],
        "chosen": request.POST.get("of_deposit", context["likely"]),
        "remark": request.POST.get("remark", ""),
        "wrong": lines_of(problems, LABELS),
    }
    return render(request, "films/film.html", context, status=422 if problems else 200)


@screen(permission=Permission.SEE_PATIENT)
def film_picture(request: Asked, patient: UUID, film: UUID) -> HttpResponse:
    """The part of the film that the address asks for, as it is shown; its name tells nothing."""
    opened = open_film(by=request.actor, patient=patient, film=film, frame=frame_asked(request.GET))
    small = {"widest": SMALL_PX} if "small" in request.GET else {}
    frame = FilmFrame.of(opened.size, request.GET, **small)
    box = (frame.left, frame.top, frame.right, frame.bottom)
    whole = film_png(opened.shades, window=opened.window, box=box, size=(frame.width, frame.height))
    response = HttpResponse(whole, content_type="image/png")
    response["Content-Disposition"] = 'inline; filename="film.png"'
    return response


def _context(
    request: Asked, opened: OpenFilm, question: Question, frame: FilmFrame, films: list[Shot]
) -> dict[str, Any]:
    shot = next(one for one in films if one.id == opened.fact.uid)
    found, refused = answer_of(question, opened)
    earlier = earlier_of_place(films, shot)
    wanted = request.GET.get("with", "")
    data = opened.fact.data
    return {
        "way": "patients",
        "shot": shot,
        "frame": frame,
        "question": question,
        "modes": [(mode, words, Question(mode=mode).address) for mode, words in MODES.items()],
        "sequence": _sequence(opened, frame),
        "kept": [one for one in shot.found if one.points and one.frame in (None, opened.frame)],
        "zooms": [(zoom, _zoomed(frame, zoom, question)) for zoom in ZOOMS],
        "moves": _moves(frame),
        "found": found,
        "refused": refused,
        "answer": _answer(found) if found else None,
        "levels": _levels(question, found),
        "by_edge": question.at_level(None),
        "one_less": question.without_last() if question.mode != CLICK and question.set_points else None,
        "set": [(x, y) for x, y in question.set_points],
        "radius": 5 * frame.pixel,
        "notes": data.get("notes", ()),
        "likely": likely_deposit(shot, earlier),
        "ruled": ruled_like(films, shot) if not opened.scale and not opened.regions else None,
        "no_scale": "" if opened.scale or opened.regions else opened.no_scale,
        "regions": [(one.left, one.top, one.right - one.left, one.bottom - one.top) for one in opened.regions],
        "beside": next((one for one in earlier if str(one.id) == wanted), earlier[0] if earlier else None),
        "earlier": earlier,
        "next": next_film(films, shot.id),
        "done": sum(one.done for one in films),
        "all": len(films),
        "is_ultrasound": opened.kind is FilmKind.ULTRASOUND,
        "version": opened.fact.version,
    }


def _answer(found: Any) -> dict[str, Any]:
    """The answer in words, and its outline as SVG writes it."""
    data = as_measured(found)
    is_area = isinstance(found, FilmArea)
    corners = found.outline if is_area else found.points
    return {
        "area": area_words(data) if is_area else "",
        "longest": length_words(data, "longest"),
        "depth": length_words(data, "depth"),
        "density": f"{found.relative_density:.3f}" if is_area and found.relative_density is not None else "",
        "parts": _parts(found) if is_area else (),
        "points": " ".join(f"{x},{y}" for x, y in corners[: None if is_area else 2]),
        "is_area": is_area,
        "skin": corners[2] if not is_area and len(corners) > 2 else None,
        "by_edge": is_area and found.way is Way.EDGE,
        "is_uneven": is_area and found.edge_is_even is False,
        "level": f"{found.level:.2f}" if is_area and found.level is not None else "",
    }


def _parts(found: FilmArea) -> list[tuple[str, str]]:
    """What the interval is made of, in per cent of the area."""
    named = (
        ("edge", found.edge_mm2),
        ("background", found.background_mm2),
        ("noise", found.noise_mm2),
        ("scale", found.scale_mm2),
    )
    return [(words, f"{100 * part / found.area_mm2:.1f} %") for words, part in named if part > 0]


def _levels(question: Question, found: Any) -> list[tuple[str, str, str]]:
    """A step down and a step up: the key, words, address."""
    if not isinstance(found, FilmArea) or found.level is None:
        return []
    lower, higher = max(0.05, found.level - LEVEL_STEP), min(0.95, found.level + LEVEL_STEP)
    return [
        ("less", "Take in less", question.at_level(higher).address),
        ("more", "Take in more", question.at_level(lower).address),
    ]


def _zoomed(frame: FilmFrame, zoom: int, question: Question) -> str:
    """The address of another zoom about what was marked last, else about the middle."""
    at = question.set_points[-1] if question.set_points else (frame.middle_x, frame.middle_y)
    return frame.address_at(zoom, *at)


def _moves(frame: FilmFrame) -> list[tuple[str, str]]:
    """Half a picture to each side, where the film is larger than what is shown."""
    if frame.zoom == 1:
        return []
    x, y = frame.middle_x, frame.middle_y
    across, down = (frame.right - frame.left) // 2, (frame.bottom - frame.top) // 2
    steps = (("left", -across, 0), ("right", across, 0), ("up", 0, -down), ("down", 0, down))
    return [
        (words, frame.address_at(frame.zoom, max(0, x + right), max(0, y + under))) for words, right, under in steps
    ]


def _sequence(opened: OpenFilm, frame: FilmFrame) -> dict[str, Any] | None:
    """Which frame of a sequence is open, and the way to those beside it: key, words, address."""
    if opened.frame is None:
        return None
    place = opened.frames.index(opened.frame)
    near = ((",", "Frame before", place - 1), (".", "Frame after", place + 1))
    beside = [
        (key, words, frame.address_at(frame.zoom, frame.middle_x, frame.middle_y, of_sequence=opened.frames[other]))
        for key, words, other in near
        if 0 <= other < len(opened.frames)
    ]
    numbers = opened.frames
    step = numbers[1] - numbers[0]
    return {"number": opened.frame, "first": numbers[0], "last": numbers[-1], "step": step, "beside": beside}


def _recorded(request: Asked, opened: OpenFilm, question: Question, patient: UUID) -> HttpResponse:
    """Record what the form says of this film, and go on to the next where that is wanted."""
    by, key = request.actor, opened.fact.uid
    if "turn" in request.POST:
        turn_film(by=by, patient=patient, film=key, based_on=_version(request))
        messages.success(request, "Dark and bright are turned; what was measured before stays as it was made.")
        return _to(patient, key)
    if "ruler_of" in request.POST:
        same_ruler(by=by, patient=patient, film=key, other=_key(request.POST["ruler_of"]), based_on=_version(request))
        messages.success(request, "The ruler of that film holds here too.")
        return _to(patient, key)
    outcome = request.POST.get("outcome", "")
    remark = request.POST.get("remark", "").strip()
    if outcome:
        record_outcome(by=by, patient=patient, film=key, outcome=outcome, remark=remark)
    else:
        found = question.answered(opened)
        if found is None:
            raise Refused("Nothing is outlined yet; click on the calcified area first.")
        said, new = _said(request, opened, remark)
        if isinstance(found, FilmArea):
            record_area(by=by, patient=patient, film=opened, area=found, said=said, new=new)
        else:
            record_caliper(by=by, patient=patient, film=opened, found=found, said=said, new=new)
    messages.success(request, "Recorded. It stands beside what CT measures and is never added to a mass.")
    course = Course.of(patient_page(by=by, patient=patient))
    following = next_film(shots(course, patient), key) if "next" in request.POST else None
    return _to(patient, following.id if following else key)


def _to(patient: UUID, film: UUID) -> HttpResponse:
    """A film, with its picture in view and the cross on it."""
    return redirect(f"{reverse('film', args=[patient, film])}#picture")


def _version(request: Asked) -> int:
    seen = request.POST.get("based_on", "")
    return int(seen) if seen.isdigit() else 0


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("That film is not known; draw a ruler on this one.") from None


def _said(request: Asked, opened: OpenFilm, remark: str) -> tuple[dict[str, Any], NewDeposit | None]:
    chosen = request.POST.get("of_deposit", "")
    if not chosen:
        raise Invalid(
            [Problem(field="of_deposit", message="Say which deposit it is, a new one, or none that is followed.")]
        )
    said = {"shadow": request.POST.get("shadow", ""), "remark": remark}
    data = opened.fact.data
    if chosen == NEW:
        return said, NewDeposit(region=str(data["region"]), side=str(data["side"]))
    return (said if chosen == "none" else said | {"of_deposit": chosen}), None
