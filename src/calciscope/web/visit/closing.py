"""Look over a visit, sign it, cancel it, and take its text into the hospital's own record."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.visits import cancel_visit, sign_visit
from calciscope.record.completeness import Due
from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import likeness, place, size
from calciscope.record.in_words.fact_words import Names, lines_of
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Invalid
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.scores.presenter import outputs_in_words
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.sections import SECTIONS, section_of
from calciscope.web.visit.visit_text import visit_text

ONE_LINE = frozenset({"laboratory_result", "joint_movement", "medication", "note"})
OF_ONE_DEPOSIT = frozenset({"deposit_finding", "deposit_event"})


@screen(permission=Permission.SEE_PATIENT)
def review(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """All that the visit holds, what it lacks, and the way to sign."""
    return _review(request, VisitFrame.of(request.actor, patient, visit))


@screen(permission=Permission.SIGN)
def sign(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """Sign and lock."""
    if request.method != "POST":
        raise Http404
    sign_visit(by=request.actor, patient=patient, visit=visit)
    messages.success(request, "The visit is signed and locked.")
    return redirect("visit_text", patient=patient, visit=visit)


@screen(permission=Permission.SIGN)
def cancel(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """Close a visit that did not take place, saying why."""
    if request.method != "POST":
        raise Http404
    try:
        cancel_visit(by=request.actor, patient=patient, visit=visit, reason=request.POST.get("reason", ""))
    except Invalid as invalid:
        return _review(request, VisitFrame.of(request.actor, patient, visit), invalid=invalid)
    messages.success(request, "The visit is cancelled; what was recorded stays readable.")
    return redirect("patient", patient=patient)


@screen(permission=Permission.SEE_PATIENT)
def text(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """The visit in words, to be copied."""
    frame = VisitFrame.of(request.actor, patient, visit)
    return render(request, "visit/text.html", {**frame.context("text"), "text": visit_text(frame)})


def _review(request: Asked, frame: VisitFrame, invalid: Invalid | None = None) -> HttpResponse:
    names = frame.deposit_choices()
    labels = {story.id: story.label for story in frame.stories()}
    parts = []
    for section in SECTIONS:
        facts = [fact for fact in frame.sheet.facts if fact.noun in section.nouns and fact.holds]
        told = [(_heading(fact, labels), fact, _lines(fact, names)) for fact in facts]
        parts.append((section.title, section.address(frame.patient, frame.visit), told))
    context = {
        **frame.context("review"),
        "parts": parts,
        "due": _due(frame),
        "due_count": len(frame.sheet.due),
        "drafts": frame.sheet.drafts,
        "wrong": [("f-cancel", "Cancel", p.message) for p in invalid.problems] if invalid else [],
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "visit/review.html", context, status=422 if invalid else 200)


def _lines(fact: Fact, names: Names) -> list[tuple[str, str]]:
    """Label and words; what is read as one line has no labels."""
    if fact.noun == "instrument_score":
        return [("", f"{fact.data['result'].get('title', '')}: {outputs_in_words(fact)}")]
    if fact.noun in ONE_LINE:
        return [("", phrase(fact, names))]
    if fact.noun == "deposit_finding":
        return [("", ", ".join(part for part in (place(fact.data), size(fact.data), likeness(fact.data)) if part))]
    if fact.noun == "deposit_event":
        return [("", ", ".join(words for _, words in lines_of(fact, names)))]
    return lines_of(fact, names)


def _heading(fact: Fact, labels: Mapping[UUID, str]) -> str:
    """What was seen at a deposit and what became of it stand under its label alone."""
    label = _label(labels, fact)
    return label if label and fact.noun in OF_ONE_DEPOSIT else _title(fact.noun, label)


def _label(labels: Mapping[UUID, str], fact: Fact) -> str | None:
    return labels.get(fact.deposit_id) if fact.deposit_id else None


def _title(name: str, label: str | None) -> str:
    return f"{label}: {noun(name).title.lower()}" if label else noun(name).title


def _due(frame: VisitFrame) -> list[tuple[str, str]]:
    """(words, where it is recorded); deposits that nobody looked at stand in one line."""
    unseen = [one.of for one in frame.sheet.due if one.noun == "deposit_finding" and not one.fields]
    found = []
    for due in frame.sheet.due:
        section = section_of(due.noun)
        address = section.address(frame.patient, frame.visit) if section else ""
        if due.of in unseen and not due.fields:
            if due.of == unseen[0]:
                found.append((f"Deposits not looked at: {', '.join(unseen)}", address))
        else:
            found.append((_due_words(due), address))
    return found


def _due_words(due: Due) -> str:
    kind = noun(due.noun)
    fields = [field.label.lower() for name in due.fields if (field := kind.field(name))]
    title = _title(due.noun, due.of or None)
    return f"{title}: {', '.join(fields)}" if fields else title
