"""A part of a visit that is filled in on one page: one fact each of some nouns, or a list of facts of one noun."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.entries import Saying
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid, Problem
from calciscope.web.conflict.presenter import Comparison, compared
from calciscope.web.design.drugs import drugs
from calciscope.web.design.noun_form import NounForm, Typed, typed_of, unassessed_rest
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.saving import keep_typed, save
from calciscope.web.visit.sections import Section, address_after, section_named

BASED_ON, FILL, REASON, NEW = "based_on", "fill", "reason", "uid"
FILLS = {"zero": "0", "not_assessed": "not_assessed"}


@screen(permission=Permission.RECORD)
def part(request: Asked, patient: UUID, visit: UUID, section: str) -> HttpResponse:
    """Show a part, or save it and go on to the next."""
    found = section_named(section)
    if found is None:
        raise Http404
    frame = VisitFrame.of(request.actor, patient, visit)
    typed = _typed(request, frame, found)
    forms = part_forms(frame, found, typed)
    if request.method != "POST":
        return _shown(request, frame, found, forms, typed)
    fill = request.POST.get(FILL, "")
    if fill in FILLS:
        for form in forms:
            unassessed_rest(form, [one.name for one in form.fields() if one.expected], FILLS[fill])
        return _shown(request, frame, found, forms, typed, filled=fill)
    return _saved(request, frame, found, forms, typed)


def part_forms(frame: VisitFrame, section: Section, typed: Typed | None) -> list[NounForm]:
    """The forms of a part, filled with what is typed, else with what the record says."""
    forms = []
    for name in section.nouns:
        fact = None if section.listed else frame.fact(name)
        held = fact.data if fact and fact.holds else {}
        choices = {"therapy": drugs()} if name == "medication" else {}
        forms.append(NounForm(noun=noun(name), held=held, typed=typed, prefix=f"{name}-", choices=choices))
    return forms


def _typed(request: Asked, frame: VisitFrame, section: Section) -> Typed | None:
    if request.method == "POST":
        return typed_of(request.POST)
    draft = frame.draft(section.name)
    return typed_before(request) or (draft.data if draft else None)


def _saved(
    request: Asked, frame: VisitFrame, section: Section, forms: list[NounForm], typed: Typed | None
) -> HttpResponse:
    changed = [form for form in forms if form.data() != form.held]
    try:
        if not changed and not any(form.held for form in forms):
            raise Invalid([Problem(field="", message=f"Nothing was entered under {section.title}.")])
        for form in changed:
            form.noun.validated(form.data())
        sayings = [_saying(form, request) for form in changed]
        if sayings:
            save(request.actor, frame, sayings, reason=request.POST.get(REASON, ""), form=section.name)
    except Invalid as invalid:
        kept = keep_typed(request.actor, frame, typed or {}, form=section.name)
        return _shown(request, frame, section, forms, typed, problems=list(invalid.problems), revision=kept)
    except Conflict as conflict:
        kept = keep_typed(request.actor, frame, typed or {}, form=section.name)
        both = compared(conflict, frame.deposit_choices())
        return _shown(request, frame, section, forms, typed, conflict=both, revision=kept)
    messages.success(request, f"{section.title}: saved.")
    return redirect(_next(frame, section, request))


def _saying(form: NounForm, request: Asked) -> Saying:
    seen = request.POST.get(form.prefix + BASED_ON, "0")
    based_on = int(seen) if seen.isdigit() else 0
    sent = request.POST.get(form.prefix + NEW, "")
    return Saying(noun=form.noun.name, data=form.data(), uid=_key(sent), based_on=based_on)


def _key(sent: str) -> UUID:
    """The key that the form was given, so that sending it twice makes no second fact."""
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()


def _next(frame: VisitFrame, section: Section, request: Asked) -> str:
    if section.listed and request.POST.get("then") != "on":
        return section.address(frame.patient, frame.visit)
    return address_after(section.name, frame.patient, frame.visit)


def _shown(
    request: Asked,
    frame: VisitFrame,
    section: Section,
    forms: list[NounForm],
    typed: Typed | None,
    *,
    problems: list[Problem] | None = None,
    conflict: Comparison | None = None,
    filled: str = "",
    revision: int | None = None,
) -> HttpResponse:
    found = problems or []
    for form in forms:
        own = {one.name for one in form.noun.fields}
        form.problems = [problem for problem in found if problem.field in own]
    loose = [
        ("f-reason" if p.field == REASON else "", "", p.message)
        for p in found
        if not any(p in f.problems for f in forms)
    ]
    draft = frame.draft(section.name)
    context = {
        **frame.context(section.name),
        "section": section,
        "forms": [_with_version(frame, section, form, typed, conflict) for form in forms],
        "wrong": [line for form in forms for line in form.wrong()] + loose,
        "conflict": conflict,
        "draft": draft if request.method != "POST" else None,
        "revision": revision if revision is not None else draft.revision if draft else 0,
        "has_ratings": any(input.shape.endswith("rating.html") for form in forms for input in form.inputs()),
        "filled": filled,
        "reason": request.POST.get(REASON, ""),
        "listed": _listed(frame, section),
    }
    return render(request, "visit/part.html", context, status=422 if found else 409 if conflict else 200)


def _with_version(
    frame: VisitFrame, section: Section, form: NounForm, typed: Typed | None, conflict: Comparison | None
) -> tuple[NounForm, int, str]:
    """(form, version it is based on, key of a new fact)."""
    name = form.noun.name
    fact = None if section.listed else frame.fact(name)
    seen = "".join((typed or {}).get(form.prefix + BASED_ON, []))
    version = int(seen) if seen.isdigit() else (fact.version if fact else 0)
    if conflict and conflict.noun == name:
        version = conflict.version
    sent = "".join((typed or {}).get(form.prefix + NEW, []))
    return form, version, sent or str(uuid4())


def _listed(frame: VisitFrame, section: Section) -> list[tuple[UUID, str, bool]]:
    """(key, words, whether of this visit) of what the list holds already; of medication, all that the patient takes."""
    if not section.listed:
        return []
    name = section.nouns[0]
    facts = frame.course.of_noun(name) if name == "medication" else frame.facts(name)
    return [(fact.uid, phrase(fact, frame.deposit_choices()), fact.visit_id == frame.visit) for fact in reversed(facts)]
