"""The examination: every deposit looked at, new ones added, or "examined, none found"."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calciscope.record.actions.deposits import confirm_unchanged, record_new_deposit
from calciscope.record.actions.drafts import drop_draft
from calciscope.record.actions.entries import Saying
from calciscope.record.fact import Fact
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid, Problem
from calciscope.record.stories import Story
from calciscope.terms.errors import NotAllowed
from calciscope.web.conflict.presenter import Comparison, compared
from calciscope.web.design.body_points import PICKED, body_of, fitting, picked_from, pickers, views_to_pick
from calciscope.web.design.deposit_words import place_of
from calciscope.web.design.fact_words import lines_of
from calciscope.web.design.noun_form import NounForm, Typed, typed_of
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.visit.deposit_cards import deposit_cards
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.saving import keep_typed, save

FINDING, EVENT, EXAMINATION = "deposit_finding", "deposit_event", "examination"
NOT_TYPED = frozenset({"unchanged", "unchanged_from"})
NEW = "new-deposit"
SHAPES = {"region": "select", "side": "select", "map": "hidden", "map_x": "hidden", "map_y": "hidden"}


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
    first: dict[str, Any] = {"event": "present", "on": frame.held.held_on.isoformat()}
    forms = _forms(frame, typed, _picked(request, frame), first)
    kept = draft.revision if draft else 0
    if request.method == "POST":
        try:
            _validated(forms)
            finding, event = (form.data() for form in forms)
            record_new_deposit(by=request.actor, patient=patient, visit=visit, finding=fitting(finding), event=event)
            _drop(request, frame, NEW)
            messages.success(request, "The deposit is recorded.")
            return redirect("visit_deposits", patient=patient, visit=visit)
        except Invalid as invalid:
            _tell(forms, invalid)
            kept = keep_typed(request.actor, frame, typed or {}, form=NEW)
    return _form_page(request, frame, forms, title="New deposit", form=NEW, revision=kept)


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
    form = _form(frame, story, name, typed, present)
    form.held = {**form.held, **(_picked(request, frame) if name == FINDING else {})}
    conflict: Comparison | None = None
    kept = draft.revision if draft else 0
    if request.method == "POST":
        try:
            said = _saying(request, form, story, present)
            save(request.actor, frame, [said], reason=request.POST.get("reason", ""), form=key)
            messages.success(request, f"{story.label}: saved.")
            return redirect(f"{reverse('visit_deposits', args=[patient, visit])}#{deposit}")
        except Invalid as invalid:
            form.problems = list(invalid.problems)
        except Conflict as found:
            conflict = compared(found, frame.deposit_choices())
        kept = keep_typed(request.actor, frame, typed or {}, form=key)
    version = conflict.version if conflict else present.version if present else 0
    title = f"{story.label}, {place_of(story)}: " + ("finding" if name == FINDING else "what has become of it")
    return _form_page(
        request, frame, [form], title=title, form=key, conflict=conflict, version=version, story=story, revision=kept
    )


def _form(frame: VisitFrame, story: Story, name: str, typed: Typed | None, present: Fact | None) -> NounForm:
    if name == EVENT:
        held: dict[str, Any] = {"on": frame.held.held_on.isoformat()}
    else:
        held = _to_start_from(story, present)
    return NounForm(
        noun=noun(name),
        held=held,
        typed=typed,
        without=NOT_TYPED,
        shapes=SHAPES if name == FINDING else {},
        choices={"other_deposit": frame.deposit_choices(but=story.id)},
    )


def _to_start_from(story: Story, present: Fact | None) -> dict[str, Any]:
    """This visit's own finding; else only where the deposit lies, since the rest is to be looked at anew."""
    if present:
        return {name: value for name, value in present.data.items() if name not in NOT_TYPED}
    last = story.newest.data if story.newest else {}
    return {name: last[name] for name in ("region", "side", "map", "map_x", "map_y", "layer", "form") if name in last}


def _saying(request: Asked, form: NounForm, story: Story, present: Fact | None) -> Saying:
    based_on = _version(request)
    uid = present.uid if present and based_on else uuid4()
    data = fitting(form.data()) if form.noun.name == FINDING else form.data()
    return Saying(noun=form.noun.name, data=data, uid=uid, based_on=based_on, deposit=story.id)


def _forms(frame: VisitFrame, typed: Typed | None, finding: dict[str, Any], event: dict[str, Any]) -> list[NounForm]:
    return [
        NounForm(noun=noun(FINDING), held=finding, typed=typed, without=NOT_TYPED, shapes=SHAPES),
        NounForm(noun=noun(EVENT), held=event, typed=typed, only=("event", "on"), prefix="event-"),
    ]


def _validated(forms: list[NounForm]) -> None:
    for form in forms:
        try:
            form.noun.validated(form.data())
        except Invalid as invalid:
            raise Invalid([Problem(field=form.prefix + p.field, message=p.message) for p in invalid.problems]) from None


def _tell(forms: list[NounForm], invalid: Invalid) -> None:
    for form in forms:
        own = [p for p in invalid.problems if p.field.startswith("event-") == bool(form.prefix)]
        form.problems = [Problem(field=p.field.removeprefix(form.prefix), message=p.message) for p in own]


def _picked(request: Asked, frame: VisitFrame) -> dict[str, Any]:
    """The part of the map that a link without a script has chosen."""
    return picked_from(request.GET.get(PICKED, ""), _body(frame)) if request.method == "GET" else {}


def _body(frame: VisitFrame) -> str:
    return body_of(frame.page.banner.born_on, frame.held.held_on)


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
        "last_lines": lines_of(last, frame.deposit_choices()) if last and last.visit_id != frame.visit else [],
        "last_on": frame.course.when(last) if last else date.min,
        "map": _map_of(frame, forms[0]),
    }
    return render(request, "visit/deposit_form.html", context, status=_status(forms[0], conflict, *forms[1:]))


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
