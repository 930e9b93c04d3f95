"""A letter on one patient: recorded facts, what the knowledge base says of them where the site has advice on, and texts for families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from calciscope.flows.advise_record import advise_patient_of_record
from calciscope.knowledge import knowledge
from calciscope.knowledge.load_patient_info import PatientInfo
from calciscope.record.actions.letters import keep_letter
from calciscope.record.actor import Actor
from calciscope.record.ledger import software
from calciscope.record.letters.draw import letter_facts, sources
from calciscope.record.permissions import Permission, may
from calciscope.record.picture.relabel import relabelled
from calciscope.record.queries.advice import advice_is_on
from calciscope.record.queries.letters import known_for_letter
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.written_days import written
from calciscope.share.letter.catalogue import Kind, kind_of, kinds
from calciscope.share.letter.typesetting import digest, letter_pdf
from calciscope.terms.letter import Block, Letter
from calciscope.terms.letter_facts import Judged, LetterFacts, PatientText, PlanState, ToldEvidence, ToldPlan, Typed
from calciscope.terms.scores import Score

__all__ = ["Drafted", "Kind", "Request", "draft_letter", "issue_letter", "kind_of", "kinds"]

LONGEST = {
    "recipient": 600,
    "salutation": 200,
    "opening": 4000,
    "question": 2000,
    "wanted": 2000,
    "closing": 1000,
    "phone": 60,
}
"""Characters that may be typed into each field."""
NEEDED = "This is needed for this letter."


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which letter, for whom, and what was typed for it; ``pictures`` are drawn by who asks."""

    kind: str
    sent_to: str
    typed: Typed
    pictures: Sequence[Block] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A letter as it would be issued; ``digest`` stands for all that it says."""

    letter: Letter
    digest: str
    facts: LetterFacts
    sources: Sequence[tuple[str, int]]


def draft_letter(*, by: Actor, patient: UUID, request: Request, on: date) -> Drafted:
    """Raises NotAllowed for a patient out of scope, Refused where the identity was erased."""
    kind = kind_of(request.kind)
    known = known_for_letter(by=by, patient=patient)
    facts = letter_facts(known, on=on)
    judged = _judged(by, patient, facts.plan, on) if kind.judged else None
    facts = replace(facts, judged=judged, texts=_texts(facts) if not kind.judged else ())
    letter = kind.compose(facts, request.typed, request.pictures if kind.pictured else ())
    return Drafted(letter=letter, digest=digest(letter), facts=facts, sources=sources(known.facts))


def issue_letter(*, by: Actor, patient: UUID, request: Request, looked_at: str, on: date) -> UUID | Drafted:
    """Typeset, keep and record it; returns the letter's key.

    Where the letter would say anything else than what was looked at, it comes back as drafted and is not issued.
    Raises Invalid at the field for what is missing or too long.
    """
    kind = kind_of(request.kind)
    _check(kind, request)
    drafted = draft_letter(by=by, patient=patient, request=request, on=on)
    if drafted.digest != looked_at:
        return drafted
    pdf = letter_pdf(drafted.letter)
    plan, judged = drafted.facts.plan, drafted.facts.judged
    said: dict[str, Any] = {
        "kind": kind.id,
        "title": kind.title,
        "sent_to": request.sent_to,
        "issued_on": on.isoformat(),
        "plan": plan.state.value,
        "plan_version": plan.version,
        "sources": [list(pair) for pair in drafted.sources],
        "software": software(),
    }
    said |= {"knowledge": judged.knowledge_version} if judged else {}
    return keep_letter(by=by, patient=patient, pdf=pdf, said=said)


def _check(kind: Kind, request: Request) -> None:
    said: Mapping[str, str] = {name: _text(request.typed, name) for name in LONGEST}
    problems = [Problem(field=name, message=NEEDED) for name in kind.needs if not said[name].strip()]
    problems += [
        Problem(field=name, message=f"At most {longest} characters; this has {len(said[name])}.")
        for name, longest in LONGEST.items()
        if len(said[name]) > longest
    ]
    if request.sent_to not in kind.sent_to:
        problems.append(Problem(field="sent_to", message="Say to whom it goes."))
    if problems:
        raise Invalid(problems)


def _text(typed: Typed, name: str) -> str:
    held = getattr(typed, name)
    return held if isinstance(held, str) else "\n".join(held)


def _judged(by: Actor, patient: UUID, plan: ToldPlan, on: date) -> Judged | None:
    """None where the site has advice off, or the role may not see it."""
    if not may(by.role, Permission.SEE_ADVICE) or not advice_is_on(by=by):
        return None
    found = advise_patient_of_record(by=by, patient=patient, on=on)
    advice = relabelled(found.advice, [one.label for one in found.deposits])
    weighed = {one.therapy: one for one in advice.options}
    evidence = [
        ToldEvidence(
            title=one.title,
            rows=weighed[one.code].evidence,
            checked=written(weighed[one.code].checked.isoformat()),
            reviewed_by=weighed[one.code].reviewed_by,
        )
        for one in plan.chosen
        if one.code in weighed
    ]
    return Judged(
        red_flags=advice.red_flags,
        assessment=advice.assessment,
        classified=_classified(found.classified),
        missing=advice.missing,
        unlocks=advice.unlocks,
        evidence=tuple(evidence),
        due=advice.assessment.due,
        names={one.id: one.title for one in knowledge().therapies.values()},
        knowledge_version=advice.knowledge_version,
    )


def _classified(found: Score) -> str:
    """Such as "By EULAR/ACR 2017 ...: probable, 6.5 points; ..."; open while items are missing."""
    said = found.outputs
    missing = len(found.missing)
    if said.get("class") is not None:
        told = f"{said['class']}, {said['score']} points"
    else:
        told = f"anything from {_ends(said.get('class_range'))}, {_ends(said.get('score_range'))} points"
    asked = f"; {missing} items are not recorded" if missing else ""
    return f"{found.title}: {told}{asked} [{found.verification}]."


def _ends(said: object) -> str:
    return " to ".join(str(one) for one in said) if isinstance(said, list | tuple) else "not known"


def _texts(facts: LetterFacts) -> tuple[PatientText, ...]:
    """Texts for everybody, and those of treatments that a plan in force has chosen."""
    agreed = {one.code for one in facts.plan.chosen} if facts.plan.state is PlanState.IN_FORCE else set()
    known = knowledge()
    wanted = [one for one in known.patient_info.values() if not one.therapies or agreed & set(one.therapies)]
    wanted.sort(key=lambda one: (one.part, one.place, one.id))
    return tuple(_told(one, known.sources[one.source].cite) for one in wanted)


def _told(one: PatientInfo, cite: str) -> PatientText:
    return PatientText(
        id=one.id,
        part=one.part.value,
        title=one.title,
        lines=one.lines,
        therapies=one.therapies,
        source=cite,
        verification=one.verification.value,
        reviewed_by=one.reviewed_by,
    )
