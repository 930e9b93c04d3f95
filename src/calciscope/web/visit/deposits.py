"""The examination: every deposit looked at, new ones added, or "examined, none found"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from calciscope.record.actions.deposits import confirm_unchanged, record_new_deposit
from calciscope.record.actions.drafts import drop_draft
from calciscope.record.actions.entries import Saying
from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import likeness, place, place_of, size
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid
from calciscope.record.stories import Story
from calciscope.terms.errors import NotAllowed
from calciscope.web.conflict.presenter import Comparison, compared
from calciscope.web.design.body_map import legend, whole_body
from calciscope.web.design.body_points import PICKED, body_of, fitting, moment, picked_from, pickers, views_to_pick
from calciscope.web.design.noun_form import NounForm, typed_of
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.visit.deposit_cards import deposit_cards
from calciscope.web.visit.deposit_forms import (
    EVENT,
    FINDING,
    event_form,
    finding_forms,
    is_told,
    known_already,
    new_forms,
    tell,
    validated,
)
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.saving import keep_typed, save

EXAMINATION, NEW, ANOTHER = "examination", "new-deposit", "another"


@screen(permission=Permission.RECORD)
def examination(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """All deposits with one button each, and how far the body was examined."""
    frame = VisitFrame.of(request.actor, patient, visit)
    fact = frame.fact(EXAMINATION)
    draft = frame.draft("deposits")
    typed = (
        typed_of(request.POST) if request.method == "POST" else typed_before(request) or (draft.data if draft else None)
    )
    form = NounForm(noun=noun(EXAMINATION), held=fact.data if fact and fact.holds else {}, typed=typed)
    conflict, version = None, fact.version if fact else 0
    kept = draft.revision if draft else 0
    if request.method == "POST":
        saying = Saying(noun=EXAMINATION, data=form.data(), based_on=_version(request))
        try:
            save(request.actor, frame, [saying], reason=request.POST.get("reason", ""), form="deposits")
            messages.success(request, "Examination: saved.")
            return redirect("visit_part", patient=patient, visit=visit, section="effects")
        except Invalid as invalid:
            form.problems = list(invalid.problems)
        except Conflict as found:
            conflict = compared(found)
            version = conflict.version
        kept = keep_typed(request.actor, frame, typed or {}, form="deposits")
    context = {
        **frame.context("deposits"),
        "cards": deposit_cards(frame),
        "map": _map_of_visit(frame),
        "form": form,
        "wrong": form.wrong(),
        "conflict": conflict,
        "version": version,
        "revision": kept,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "visit/deposits.html", context, status=_status(form, conflict))


@screen(permission=Permission.RECORD)
def unchanged(request: Asked, patient: UUID, visit: UUID, deposit: UUID) -> HttpResponse:
    """Confirm one deposit as unchanged: one click."""
    if request.method != "POST":
        raise Http404
    confirm_unchanged(by=request.actor, patient=patient, visit=visit, deposits=[deposit])
    if request.headers.get("HX-Request"):
        frame = VisitFrame.of(request.actor, patient, visit)
        card = next(card for card in deposit_cards(frame) if card.id == deposit)
        return render(request, "visit/deposit_card.html", {**frame.context("deposits"), "card": card, "swapped": True})
    return redirect(f"{reverse('visit_deposits', args=[patient, visit])}#{deposit}")


@screen(permission=Permission.RECORD)
def new_deposit(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """Give a deposit its number, with its first finding."""
    frame = VisitFrame.of(request.actor, patient, visit)
    draft = frame.draft(NEW)
    typed = (
        typed_of(request.POST) if request.method == "POST" else typed_before(request) or (draft.data if draft else None)
    )
    forms = new_forms(frame, typed, _picked(request, frame))
    kept = draft.revision if draft else 0
    alike: list[tuple[Story, str]] = []
    if request.method == "POST":
        try:
            validated(forms)
            finding, event = (form.data() for form in forms)
            alike = [] if ANOTHER in request.POST else known_already(frame, fitting(finding))
            if not alike:
                record_new_deposit(
                    by=request.actor, patient=patient, visit=visit, finding=fitting(finding), event=event
                )
                _drop(request, frame, NEW)
                messages.success(request, "The deposit is recorded.")
                return redirect("visit_deposits", patient=patient, visit=visit)
        except Invalid as invalid:
            tell(forms, invalid)
        kept = keep_typed(request.actor, frame, typed or {}, form=NEW)
    return _form_page(request, frame, forms, title="New deposit", form=NEW, revision=kept, alike=alike)


@screen(permission=Permission.RECORD)
def finding(request: Asked, patient: UUID, visit: UUID, deposit: UUID) -> HttpResponse:
    """What was found of one deposit at this visit; the last finding stands beside each field, greyed, and is copied by nobody."""
    return _one_fact(request, patient, visit, deposit, FINDING)


@screen(permission=Permission.RECORD)
def event(request: Asked, patient: UUID, visit: UUID, deposit: UUID) -> HttpResponse:
    """What has become of one deposit: growing, ulcerated, excised, merged into another..."""
    return _one_fact(request, patient, visit, deposit, EVENT)


def _one_fact(request: Asked, patient: UUID, visit: UUID, deposit: UUID, name: str) -> HttpResponse:
    frame = VisitFrame.of(request.actor, patient, visit)
    story = next((story for story in frame.stories() if story.id == deposit), None)
    if story is None:
        raise NotAllowed("There is no such deposit.")
    present = _of_visit(story, frame) if name == FINDING else None
    key = f"{name.replace('_', '-')}-{story.label.lower()}"
    draft = frame.draft(key)
    typed = (
        typed_of(request.POST) if request.method == "POST" else typed_before(request) or (draft.data if draft else None)
    )
    forms = finding_forms(frame, story, typed, present) if name == FINDING else [event_form(frame, story, typed)]
    forms[0].held = {**forms[0].held, **(_picked(request, frame) if name == FINDING else {})}
    conflict: Comparison | None = None
    kept = draft.revision if draft else 0
    if request.method == "POST":
        said = [forms[0], *(form for form in forms[1:] if is_told(form))]
        try:
            validated(said)
            sayings = [_saying(request, form, story, present) for form in said]
            save(request.actor, frame, sayings, reason=request.POST.get("reason", ""), form=key)
            messages.success(request, f"{story.label}: saved.")
            return redirect(f"{reverse('visit_deposits', args=[patient, visit])}#{deposit}")
        except Invalid as invalid:
            tell(forms, invalid)
        except Conflict as found:
            conflict = compared(found, frame.deposit_choices())
        kept = keep_typed(request.actor, frame, typed or {}, form=key)
    version = conflict.version if conflict else present.version if present else 0
    title = f"{story.label}, {place_of(story)}: " + ("finding" if name == FINDING else "what has become of it")
    return _form_page(
        request, frame, forms, title=title, form=key, conflict=conflict, version=version, story=story, revision=kept
    )


def _saying(request: Asked, form: NounForm, story: Story, present: Fact | None) -> Saying:
    based_on = _version(request)
    if form.noun.name == EVENT:
        return Saying(noun=EVENT, data=form.data(), deposit=story.id)
    uid = present.uid if present and based_on else uuid4()
    return Saying(noun=FINDING, data=fitting(form.data()), uid=uid, based_on=based_on, deposit=story.id)


def _picked(request: Asked, frame: VisitFrame) -> dict[str, Any]:
    """The part of the map that a link without a script has chosen."""
    return picked_from(request.GET.get(PICKED, ""), _body(frame)) if request.method == "GET" else {}


def _body(frame: VisitFrame) -> str:
    return body_of(frame.page.banner.born_on, frame.held.held_on)


def _map_of_visit(frame: VisitFrame) -> SafeString | None:
    """The deposits as they stand, each a way to its finding; the list beside it does the same."""
    if not frame.course.stories:
        return None
    patient, visit = frame.patient, frame.visit
    now = moment(
        frame.course, frame.held.held_on, link=lambda story: reverse("deposit_finding", args=[patient, visit, story.id])
    )
    drawn = whole_body(now, body=_body(frame)) + legend(now.markers)
    return mark_safe(drawn)  # escaped by the body map itself


def _map_of(frame: VisitFrame, form: NounForm) -> dict[str, Any]:
    """The map beside a form of a finding."""
    if form.noun.name != FINDING:
        return {}
    data = form.data()
    views = pickers(_body(frame), data if fitting(data) == data else {})
    return {"figures": views_to_pick(views, whole=True), "details": views_to_pick(views, whole=False)}


def _form_page(
    request: Asked,
    frame: VisitFrame,
    forms: list[NounForm],
    *,
    title: str,
    form: str,
    conflict: Comparison | None = None,
    version: int = 0,
    story: Story | None = None,
    revision: int = 0,
    alike: Sequence[tuple[Story, str]] = (),
) -> HttpResponse:
    draft = frame.draft(form)
    last = story.newest if story else None
    context = {
        **frame.context("deposits"),
        "title": title,
        "forms": forms,
        "wrong": [line for one in forms for line in one.wrong()],
        "conflict": conflict,
        "version": version,
        "form_name": form,
        "draft": draft if request.method != "POST" else None,
        "revision": revision,
        "reason": request.POST.get("reason", ""),
        "last": _found_last(last) if last and last.visit_id != frame.visit else "",
        "last_on": frame.course.when(last) if last else date.min,
        "map": _map_of(frame, forms[0]),
        "alike": alike,
        "known": story is not None,
    }
    status = 409 if alike else _status(forms[0], conflict, *forms[1:])
    return render(request, "visit/deposit_form.html", context, status=status)


def _found_last(fact: Fact) -> str:
    said = ", ".join(part for part in (place(fact.data), size(fact.data), likeness(fact.data)) if part)
    return f"{said[:1].upper()}{said[1:]}."


def _status(form: NounForm, conflict: Comparison | None, *others: NounForm) -> int:
    wrong = any(one.problems for one in (form, *others))
    return 422 if wrong else 409 if conflict else 200


def _of_visit(story: Story, frame: VisitFrame) -> Fact | None:
    return next((fact for fact in reversed(story.findings) if fact.visit_id == frame.visit), None)


def _version(request: Asked) -> int:
    seen = request.POST.get("based_on", "0")
    return int(seen) if seen.isdigit() else 0


def _drop(request: Asked, frame: VisitFrame, form: str) -> None:
    if frame.draft(form):
        drop_draft(by=request.actor, patient=frame.patient, visit=frame.visit, form=form)
