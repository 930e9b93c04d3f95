"""Decide on what a scan shows: link, new deposit, something else, or nothing; and take a decision back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.candidates import ACCEPT, REJECT, RELABEL, Decision, decide_candidates, undo_decision
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import NotAllowed
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.overview import TO_DECIDE
from calciscope.web.imaging.result import ACCEPTED, KIND, LINK, NEW, Result, Typed, result_page
from calciscope.web.imaging.result import REJECT as REJECTED
from calciscope.web.imaging.words import candidate_words

WHY_UNDONE = ("Linked to the wrong deposit", "It is something else after all", "Decided on the wrong row")
CALCINOSIS = Kind.CALCINOSIS.value
TWO_PARTS = "Two are linked to the same deposit; say in the remark of each that it has parts, or choose another."
FASTER = "{} has decided on one of these since you opened the page. Nothing was saved; look at it again."


@screen(permission=Permission.DECIDE_IMAGING)
def decide(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """Save what was chosen, or fill the suggestions in without saving anything."""
    result = Result.of(patient_page(by=request.actor, patient=patient), measurement)
    if request.method != "POST":
        return redirect("measured", patient=patient, measurement=measurement)
    typed = Typed(chosen=_typed(request, "c-"), remarks=_typed(request, "r-"))
    return (
        result_page(request, result, _filled(request, result, typed))
        if "fill" in request.POST
        else _saved(request, result, typed)
    )


@screen(permission=Permission.DECIDE_IMAGING)
def undo(request: Asked, patient: UUID, measurement: UUID, candidate: int) -> HttpResponse:
    """Take back what was decided on one candidate."""
    result = Result.of(patient_page(by=request.actor, patient=patient), measurement)
    one = next((found for found in result.read() if found.number == candidate), None)
    if one is None:
        raise NotAllowed("There is no such candidate.")
    wrong: list[tuple[str, str, str]] = []
    if request.method == "POST":
        reason = request.POST.get("other", "").strip() or request.POST.get("reason", "")
        seen = request.POST.get("based_on", "")
        try:
            undo_decision(
                by=request.actor,
                patient=patient,
                measurement=measurement,
                candidate=candidate,
                based_on=int(seen) if seen.isdigit() else one.version,
                reason=reason,
            )
            messages.success(request, f"Number {candidate}: the decision is taken back.")
            return redirect("measured", patient=patient, measurement=measurement)
        except Invalid as invalid:
            wrong = [("f-other", "Another reason", problem.message) for problem in invalid.problems]
        except Conflict:
            wrong = [("", "", "Somebody has decided anew since you opened this; look at it again before you undo it.")]
    names = {str(story.id): f"{story.label} {place_of(story)}" for story in result.course.stories}
    context = {
        "way": "patients",
        "banner": patient_banner(result.page),
        "measurement": measurement,
        "one": one,
        "words": candidate_words(one.found),
        "linked": names.get(one.deposit, ""),
        "reasons": WHY_UNDONE,
        "other": request.POST.get("other", ""),
        "wrong": wrong,
    }
    return render(request, "imaging/undo.html", context, status=422 if wrong else 200)


def _filled(request: Asked, result: Result, typed: Typed) -> Typed:
    """The first suggestions and what is wanted of the rest, where nothing was chosen yet."""
    suggested = result.suggested()
    rest = request.POST.get("rest", "")
    chosen = {number: said for number, said in typed.chosen.items() if said}
    for one in result.read():
        if one.decision or one.number in chosen or str(one.found["kind"]) not in TO_DECIDE:
            continue
        if suggested.get(one.number):
            chosen[one.number] = suggested[one.number][0].choice
        elif rest in (ACCEPTED, NEW) and one.found["kind"] == CALCINOSIS:
            chosen[one.number] = rest
    return replace(typed, chosen=chosen)


def _saved(request: Asked, result: Result, typed: Typed) -> HttpResponse:
    patient, measurement = result.page.banner.id, result.fact.uid
    decisions, errors = _decisions(request, typed)
    if errors:
        return result_page(request, result, replace(typed, errors=errors))
    if not decisions:
        return result_page(request, result, replace(typed, wrong="Nothing was chosen yet."))
    try:
        decide_candidates(by=request.actor, patient=patient, measurement=measurement, decisions=decisions)
    except Conflict as conflict:
        fresh = Result.of(patient_page(by=request.actor, patient=patient), measurement)
        return result_page(request, fresh, replace(typed, wrong=FASTER.format(conflict.theirs.by)))
    except Invalid as invalid:
        said = " ".join(problem.message for problem in invalid.problems)
        return result_page(request, result, replace(typed, wrong=said))
    count = len(decisions)
    messages.success(
        request, f"{count} decision{'s are' if count != 1 else ' is'} recorded beside the automatic result."
    )
    return redirect("measured", patient=patient, measurement=measurement)


def _decisions(request: Asked, typed: Typed) -> tuple[list[Decision], dict[int, str]]:
    """What was chosen, and what cannot be taken so."""
    versions = _typed(request, "v-")
    decisions: list[Decision] = []
    errors: dict[int, str] = {}
    for number, said in typed.chosen.items():
        one = _decision(number, said, typed.remarks.get(number, ""), versions.get(number, "")) if said else None
        if one:
            decisions.append(one)
        elif said:
            errors[number] = "This is not one of the choices."
    linked = [one.deposit for one in decisions if one.deposit]
    for one in decisions:
        if one.deposit and linked.count(one.deposit) > 1 and not one.reason:
            errors[one.candidate] = TWO_PARTS
    return decisions, errors


def _decision(number: int, said: str, remark: str, version: str) -> Decision | None:
    based_on = int(version) if version.isdigit() else 0
    if said == REJECTED:
        return Decision(candidate=number, decision=REJECT, reason=remark, based_on=based_on)
    if said == ACCEPTED:
        return Decision(candidate=number, decision=ACCEPT, reason=remark, based_on=based_on)
    if said.startswith(KIND):
        kind = said.removeprefix(KIND)
        known = kind in {one.value for one in Kind}
        return (
            Decision(candidate=number, decision=RELABEL, kind=kind, reason=remark, based_on=based_on) if known else None
        )
    if said.startswith(NEW):
        return _as_deposit(number, None, said, remark, based_on)
    try:
        deposit = UUID(said.removeprefix(LINK).partition(" ")[0])
    except ValueError:
        return None
    return _as_deposit(number, deposit, said, remark, based_on)


def _as_deposit(number: int, deposit: UUID | None, said: str, remark: str, based_on: int) -> Decision:
    """A deposit of calcinosis; what was set aside by the measuring becomes calcinosis by the clinician's word."""
    relabel = said.endswith(f" {CALCINOSIS}")
    return Decision(
        candidate=number,
        decision=RELABEL if relabel else ACCEPT,
        kind=CALCINOSIS if relabel else "",
        deposit=deposit,
        new=deposit is None,
        reason=remark,
        based_on=based_on,
    )


def _typed(request: Asked, prefix: str) -> dict[int, str]:
    """Number -> text of the inputs whose names begin so."""
    return {
        int(name.removeprefix(prefix)): text.strip()
        for name, text in request.POST.items()
        if name.startswith(prefix) and name.removeprefix(prefix).isdigit() and isinstance(text, str)
    }
