"""One fact by the form of its noun: new, changed, or taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calciscope.record.actions.entries import Saying, amend_entries, record_entries, take_back_entry
from calciscope.record.fact import Fact
from calciscope.record.fields import Reference
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.in_words.fact_words import lines_of, sentence
from calciscope.record.noun import Noun, noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.refusals import Conflict, Invalid, Problem
from calciscope.record.stories import stories
from calciscope.terms.errors import NotAllowed
from calciscope.web.background.topics import ASKED, CHANGED_HERE
from calciscope.web.conflict.presenter import Comparison, compared
from calciscope.web.design.drugs import drugs
from calciscope.web.design.noun_form import NounForm, Typed, typed_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before

WHY_UNDONE = (
    "Linked to the wrong deposit",
    "Wrong side or part of the body",
    "Entered for the wrong patient",
    "Entered twice by mistake",
)


@screen(permission=Permission.RECORD)
def new_fact(request: Asked, patient: UUID, name: str) -> HttpResponse:
    """Record one more fact; of nouns of which there is one, the present one is changed instead."""
    if name not in ASKED:
        raise Http404
    page = patient_page(by=request.actor, patient=patient)
    kind = noun(name)
    present = next((fact for fact in page.facts if fact.noun == name), None) if kind.once else None
    if present and request.method != "POST":
        return redirect("edit_fact", patient=patient, fact=present.uid)
    return _form_page(request, page, kind, present, offered=_offered(request, page, kind))


@screen(permission=Permission.RECORD)
def edit_fact(request: Asked, patient: UUID, fact: UUID) -> HttpResponse:
    """Change a fact: a new version of it; in a signed visit an amendment with its reason."""
    page = patient_page(by=request.actor, patient=patient)
    present = _found(page, fact)
    if present.noun not in CHANGED_HERE:
        return _elsewhere(present, patient)
    return _form_page(request, page, noun(present.noun), present)


@screen(permission=Permission.RECORD)
def undo_fact(request: Asked, patient: UUID, fact: UUID) -> HttpResponse:
    """Take a fact back: it stays readable, marked as entered in error."""
    page = patient_page(by=request.actor, patient=patient)
    present = _found(page, fact)
    wrong: list[tuple[str, str, str]] = []
    if request.method == "POST":
        reason = request.POST.get("other", "").strip() or request.POST.get("reason", "")
        seen = request.POST.get("based_on", "")
        based_on = int(seen) if seen.isdigit() else present.version
        try:
            take_back_entry(by=request.actor, patient=patient, uid=fact, based_on=based_on, reason=reason)
            messages.success(request, f"{noun(present.noun).title}: taken back.")
            return redirect(_after(present, patient))
        except Invalid as invalid:
            wrong = [("f-other", "Another reason", problem.message) for problem in invalid.problems]
        except Conflict:
            wrong = [("", "", "Somebody has changed this since you opened it; look at it again before you undo it.")]
            present = _found(patient_page(by=request.actor, patient=patient), fact)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "fact": present,
        "title": noun(present.noun).title,
        "lines": lines_of(present, _deposits(page)),
        "reasons": WHY_UNDONE,
        "other": request.POST.get("other", ""),
        "wrong": wrong,
        "back": _after(present, patient),
    }
    return render(request, "background/undo.html", context, status=422 if wrong else 200)


def _offered(request: Asked, page: PatientPage, kind: Noun) -> dict[str, Any]:
    """What the address names: another entry of this patient, such as the procedure whose healing is told, or a drug of the plan."""
    keys = {str(fact.uid) for fact in page.facts if fact.holds}
    named = {field.name: request.GET.get(field.name, "") for field in kind.fields if isinstance(field, Reference)}
    offered: dict[str, Any] = {name: key for name, key in named.items() if key in keys}
    drug = request.GET.get("therapy", "")
    return offered | ({"therapy": drug} if kind.name == "medication" and drug in dict(drugs()) else {})


def _form_page(
    request: Asked, page: PatientPage, kind: Noun, present: Fact | None, offered: Mapping[str, Any] | None = None
) -> HttpResponse:
    typed: Typed | None = typed_of(request.POST) if request.method == "POST" else typed_before(request) or None
    held: dict[str, Any] = dict(present.data) if present and present.holds else dict(offered or {})
    form = NounForm(noun=kind, held=held, typed=typed, choices=_choices(page, kind))
    signed = _signed(page, present)
    conflict: Comparison | None = None
    if request.method == "POST":
        try:
            _save(request, page, form, present, signed=signed)
            messages.success(request, f"{kind.title}: saved.")
            return redirect(_after(present, page.banner.id, kind.name))
        except Invalid as invalid:
            form.problems = list(invalid.problems)
        except Conflict as found:
            conflict = compared(found, _deposits(page))
    sent = request.POST.get("based_on", "")
    version = conflict.version if conflict else int(sent) if sent.isdigit() else present.version if present else 0
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "form": form,
        "wrong": _wrong(form),
        "conflict": conflict,
        "version": version,
        "key": request.POST.get("uid") or str(uuid4()),
        "signed": signed,
        "reason": request.POST.get("reason", ""),
        "fact": present,
        "back": _after(present, page.banner.id, kind.name),
    }
    return render(request, "background/fact.html", context, status=422 if form.problems else 409 if conflict else 200)


def _wrong(form: NounForm) -> list[tuple[str, str, str]]:
    return [(("f-reason" if not label else id), label or "Reason", message) for id, label, message in form.wrong()]


def _save(request: Asked, page: PatientPage, form: NounForm, present: Fact | None, *, signed: bool) -> None:
    sent = request.POST.get("based_on", "0")
    based_on = int(sent) if sent.isdigit() else 0
    data = form.data()
    if not data:
        raise Invalid([Problem(field="", message="Nothing was entered.")])
    uid = present.uid if present else _key(request.POST.get("uid", ""))
    said = Saying(
        noun=form.noun.name, data=data, uid=uid, based_on=based_on, deposit=present.deposit_id if present else None
    )
    visit = present.visit_id if present else None
    if signed and visit:
        reason = request.POST.get("reason", "")
        amend_entries(by=request.actor, patient=page.banner.id, visit=visit, sayings=[said], reason=reason)
    else:
        record_entries(by=request.actor, patient=page.banner.id, visit=visit, sayings=[said])


def _key(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()


def _found(page: PatientPage, key: UUID) -> Fact:
    found = next((fact for fact in page.facts if fact.uid == key), None)
    if found is None:
        raise NotAllowed("There is no such entry.")
    return found


def _signed(page: PatientPage, fact: Fact | None) -> bool:
    return any(visit.id == fact.visit_id and visit.state == "signed" for visit in page.visits) if fact else False


def _deposits(page: PatientPage) -> list[tuple[str, str]]:
    return [
        (str(story.id), f"{story.label} {place_of(story)}")
        for story in stories(page.facts, page.deposits)
        if story.stands
    ]


def _choices(page: PatientPage, kind: Noun) -> dict[str, Sequence[tuple[str, str]]]:
    """For fields that refer to a deposit or to another fact."""
    choices: dict[str, Sequence[tuple[str, str]]] = {"therapy": drugs()} if kind.name == "medication" else {}
    for field in kind.fields:
        if isinstance(field, Reference):
            others = [
                (str(fact.uid), sentence(fact)[:80]) for fact in page.facts if fact.noun == field.name and fact.holds
            ]
            choices[field.name] = _deposits(page) if field.to_deposit else others
    return choices


def _elsewhere(fact: Fact, patient: UUID) -> HttpResponse:
    """The screen on which facts of an examination or of the plan are changed."""
    if fact.noun == "plan":
        return redirect("plan_write", patient=patient)
    if fact.noun in ("plan_signature", "plan_step"):
        return redirect("plan", patient=patient)
    if fact.visit_id and fact.deposit_id and fact.noun == "deposit_finding":
        return redirect("deposit_finding", patient=patient, visit=fact.visit_id, deposit=fact.deposit_id)
    return (
        redirect("visit", patient=patient, visit=fact.visit_id)
        if fact.visit_id
        else redirect("patient", patient=patient)
    )


HOME_OF = {
    "laboratory_result": "laboratory",
    "antibody": "laboratory",
    "plan": "plan",
    "imaging_study": "imaging",
    "instrument_score": "scores",
}
"""Where facts of a noun are read; the others in the background."""


def _after(fact: Fact | None, patient: UUID, name: str = "") -> str:
    kind = name or (fact.noun if fact else "")
    if kind in HOME_OF:
        return reverse(HOME_OF[kind], args=[patient])
    if fact and fact.visit_id and fact.deposit_id:
        return reverse("visit_deposits", args=[patient, fact.visit_id])
    if fact and fact.visit_id and kind not in ASKED:
        return reverse("visit", args=[patient, fact.visit_id])
    return reverse("background", args=[patient])
