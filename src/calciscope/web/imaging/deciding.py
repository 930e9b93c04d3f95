"""Decide on what a scan shows: link, new deposit, something else, or nothing; and take a decision back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.candidates import ACCEPT, REJECT, RELABEL, Decision, decide_candidates, undo_decision
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import NotAllowed
from calciscope.web.design.deposit_words import place_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.overview import TO_DECIDE
from calciscope.web.imaging.result import KIND, LINK, NEW, Result, result_page
from calciscope.web.imaging.result import REJECT as REJECTED
from calciscope.web.imaging.words import candidate_words

WHY_UNDONE = ("Linked to the wrong deposit", "It is something else after all", "Decided on the wrong row")
CALCINOSIS = Kind.CALCINOSIS.value


@screen(permission=Permission.DECIDE_IMAGING)
def decide(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """Save what was chosen, or fill the suggestions in without saving anything."""
    result = Result.of(patient_page(by=request.actor, patient=patient), measurement)
    if request.method != "POST":
        return redirect("measured", patient=patient, measurement=measurement)
    chosen, remarks = _typed(request, "c-"), _typed(request, "r-")
    if "fill" in request.POST:
        first = {number: f"{LINK}{said[0].deposit}" for number, said in result.suggested().items() if said}
        shown = {one.number for one in result.read() if str(one.found["kind"]) in TO_DECIDE}
        filled = {number: said for number, said in first.items() if number in shown}
        return result_page(
            request, result, chosen=filled | {k: v for k, v in chosen.items() if v}, remarks=remarks, errors={}
        )
    return _saved(request, result, chosen, remarks)


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


def _saved(request: Asked, result: Result, chosen: Mapping[int, str], remarks: Mapping[int, str]) -> HttpResponse:
    patient, measurement = result.page.banner.id, result.fact.uid
    versions = _typed(request, "v-")
    errors: dict[int, str] = {}
    decisions = []
    for number, said in chosen.items():
        if said:
            one = _decision(number, said, remarks.get(number, ""), versions.get(number, ""))
            if one is None:
                errors[number] = "This is not one of the choices."
            else:
                decisions.append(one)
    linked = [one.deposit for one in decisions if one.deposit]
    for one in decisions:
        if one.deposit and linked.count(one.deposit) > 1 and not one.reason:
            errors[one.candidate] = (
                "Two are linked to the same deposit; say in the remark of each that it has parts, or choose another."
            )
    if not decisions and not errors:
        return result_page(request, result, chosen=chosen, remarks=remarks, errors={}, wrong="Nothing was chosen yet.")
    if errors:
        return result_page(request, result, chosen=chosen, remarks=remarks, errors=errors)
    try:
        decide_candidates(by=request.actor, patient=patient, measurement=measurement, decisions=decisions)
    except Conflict as conflict:
        said = f"{conflict.theirs.by} has decided on one of these since you opened the page. Nothing was saved; look at it again."
        fresh = Result.of(patient_page(by=request.actor, patient=patient), measurement)
        return result_page(request, fresh, chosen=chosen, remarks=remarks, errors={}, wrong=said)
    except Invalid as invalid:
        said = " ".join(problem.message for problem in invalid.problems)
        return result_page(request, result, chosen=chosen, remarks=remarks, errors={}, wrong=said)
    count = len(decisions)
    messages.success(
        request, f"{count} decision{'s are' if count != 1 else ' is'} recorded beside the automatic result."
    )
    return redirect("measured", patient=patient, measurement=measurement)


def _decision(number: int, said: str, remark: str, version: str) -> Decision | None:
    based_on = int(version) if version.isdigit() else 0
    if said == REJECTED:
        return Decision(candidate=number, decision=REJECT, reason=remark, based_on=based_on)
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
