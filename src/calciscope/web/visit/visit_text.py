"""A visit in plain words, to be pasted into the hospital's own record. It says what was not assessed, and invents nothing."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import likeness, place, size
from calciscope.record.in_words.fact_words import lines_of
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.web.design.days import written
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.patient.headline import headline
from calciscope.web.photographs.shots import area_words, pose_words
from calciscope.web.scores.presenter import kept_scores
from calciscope.web.visit.frame import VisitFrame

WHOLE = ("activity", "anchor_questions", "skin_effects", "symptoms", "examination")
LISTED = ("joint_movement", "laboratory_result", "medication", "note")
RESEARCH_USE = "Recorded with Calciscope (research use only: neither CE-marked nor FDA-cleared)."


def visit_text(frame: VisitFrame) -> str:
    """The whole text; lines end with a line feed."""
    return "\n".join(_lines(frame)) + "\n"


def _lines(frame: VisitFrame) -> Iterator[str]:
    banner = patient_banner(frame.page)
    held = frame.held
    yield f"Visit of {written(held.held_on.isoformat())} ({held.kind.replace('_', ' ')})"
    if held.reason:
        yield f"Reason: {held.reason}"
    yield f"Diagnosis: {banner.diagnosis or 'not recorded'}; antibodies: {banner.antibodies or 'none recorded'}"
    yield headline(frame.course)
    yield ""
    for name in WHOLE:
        for fact in frame.facts(name):
            yield f"{noun(name).title}: " + _joined(fact)
    yield ""
    yield "Deposits:"
    yield from _deposits(frame)
    photographs = frame.facts("photograph")
    if photographs:
        yield ""
        yield "Photographs:"
        yield from (f"- {_photograph(fact)}" for fact in photographs)
    for name in LISTED:
        facts = frame.facts(name)
        if facts:
            yield ""
            yield f"{noun(name).title}:"
            yield from (f"- {phrase(fact)}" for fact in facts)
    yield from _scores(frame)
    yield ""
    due = len(frame.sheet.due)
    if due:
        yield f"Not completed at this visit: {due} item{'s' if due != 1 else ''}; not recorded is not the same as normal."
    signed = f"Signed by {frame.sheet.state.closed_by}." if frame.signed else "Not signed yet."
    yield f"{signed} {RESEARCH_USE}"


def _scores(frame: VisitFrame) -> Iterator[str]:
    here = {fact.uid for fact in frame.facts("instrument_score")}
    scored = [score for score in kept_scores(frame.course) if score.uid in here]
    if scored:
        yield ""
        yield "Scores:"
    for score in scored:
        told = "; ".join(f"{name} {value}" for name, value in score.outputs)
        yield f"- {score.title}: {told}" + (f"; {score.missing} not assessed" if score.missing else "")


def _deposits(frame: VisitFrame) -> Iterator[str]:
    told = 0
    for story in frame.stories():
        findings = [fact for fact in story.findings if fact.visit_id == frame.visit]
        events = [fact for fact in story.events if fact.visit_id == frame.visit]
        if not findings and not events:
            continue
        told += 1
        last = findings[-1] if findings else story.newest
        parts = [place(last.data), size(last.data), likeness(last.data)] if last else []
        if findings and findings[-1].data.get("unchanged") is True:
            parts.append("unchanged")
        parts += [str(fact.data["event"]).replace("_", " ") for fact in events]
        yield f"- {story.label}: " + ", ".join(part for part in parts if part)
    if not told:
        yield "- none was looked at"


def _photograph(fact: Fact) -> str:
    area = area_words(fact.data)
    return pose_words(fact.data) + (f"; ulcer {area}, 95 % interval of marking" if area else "")


def _joined(fact: Fact) -> str:
    return "; ".join(f"{label.lower()} {words}" for label, words in lines_of(fact))
