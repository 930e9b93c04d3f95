"""Scores of a visit: which there are, what they said before, and one of them filled in on the visit's day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.score_patient import scorable
from calciscope.record.actions.entries import Saying
from calciscope.record.permissions import Permission
from calciscope.web.design.days import written
from calciscope.web.design.patient_banner import child
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.scores.presenter import KeptScore, kept_scores
from calciscope.web.scores.sheet import sheet
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.saving import save
from calciscope.web.visit.sections import address_after

SECTION = "scores"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One instrument; ``before`` and ``now`` in words, empty where it was not scored."""

    id: str
    title: str
    measures: str
    before: str
    now: str


@screen(permission=Permission.RECORD)
def visit_scores(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """Those that this patient was scored with before come first."""
    frame = VisitFrame.of(request.actor, patient, visit)
    here = {fact.uid for fact in frame.facts("instrument_score")}
    kept = kept_scores(frame.course)
    young = child(frame.page.banner.born_on, frame.held.held_on)
    rows = [
        _row(
            one.id,
            one.title,
            one.measures,
            [score for score in kept if score.instrument == one.id],
            here,
            frame.held.held_on,
        )
        for one in scorable().values()
        if not one.slot and (young or not one.children_only)
    ]
    once = {one.id for one in scorable().values() if one.once}
    known = [row for row in rows if row.before or row.now]
    rest = [row for row in rows if row not in known]
    groups = [
        ("Scored before", known),
        ("Other instruments" if known else "Instruments", [row for row in rest if row.id not in once]),
        ("Once, for the diagnosis", [row for row in rest if row.id in once]),
    ]
    context = {**frame.context(SECTION), "groups": groups, "next": address_after(SECTION, patient, visit)}
    return render(request, "visit/scores.html", context)


@screen(permission=Permission.RECORD)
def visit_score(request: Asked, patient: UUID, visit: UUID, instrument: str) -> HttpResponse:
    """One instrument at a visit; in a signed one an amendment with its reason."""
    frame = VisitFrame.of(request.actor, patient, visit)
    asked = scorable().get(instrument)
    if asked is None or asked.slot:
        raise Http404

    def keep(said: Saying) -> None:
        save(request.actor, frame, [said], reason=request.POST.get("reason", ""), form=f"score-{instrument}")

    filled = sheet(request, asked, frame.page, on=frame.held.held_on.isoformat(), keep=keep)
    if filled.kept:
        messages.success(request, f"{asked.title}: kept.")
        return redirect("visit_scores", patient=patient, visit=visit)
    return render(request, "visit/score.html", {**frame.context(SECTION), **filled.context}, status=filled.status)


def _row(key: str, title: str, measures: str, kept: Sequence[KeptScore], here: set[UUID], day: date) -> ScoreRow:
    """``kept`` from the newest."""
    now = next((score for score in kept if score.uid in here), None)
    before = next((score for score in kept if score.uid not in here and score.on <= day), None)
    told = f"{_words(before)}, {written(before.on.isoformat())}" if before else ""
    return ScoreRow(id=key, title=title, measures=measures, before=told, now=_words(now) if now else "")


def _words(score: KeptScore) -> str:
    return "; ".join(f"{name}: {value}" for name, value in score.outputs)
