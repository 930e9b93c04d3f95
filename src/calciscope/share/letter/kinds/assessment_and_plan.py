"""Assessment and plan, for the doctor who referred the patient."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.share.letter.parts import closing, findings, judged, opening, plan, treatment
from calciscope.share.letter.parts.said import draft_of, free, head
from calciscope.terms.letter import Block, Letter, Paragraph, Tone
from calciscope.terms.letter_facts import LetterFacts, Typed

TITLE = "Assessment and plan"
SUMMARY = "For the doctor who referred the patient: what was found, what was agreed, and what is due."
SENT_TO = ("referring_doctor", "general_practitioner", "specialist", "other")
ASKS = ("recipient", "salutation", "opening", "closing")
NEEDS = ("recipient",)
JUDGED = True
PICTURED = False


def greeting(_facts: LetterFacts) -> str:
    """Until a name is typed."""
    return "Dear colleague,"


def compose(facts: LetterFacts, typed: Typed, _pictures: Sequence[Block]) -> Letter:
    """The whole letter."""
    return Letter(
        kind="assessment_and_plan",
        head=head(facts, typed, TITLE),
        draft=draft_of(facts),
        blocks=(
            Paragraph(text=typed.salutation or greeting(facts)),
            Paragraph(text=opening.sentence(facts), tone=Tone.LEAD),
            *free(typed.opening),
            *judged.red_flags(facts.judged),
            *findings.disease(facts),
            *judged.support(facts.judged),
            *findings.deposits(facts),
            *findings.scans(facts),
            *findings.state(facts),
            *treatment.now(facts),
            *plan.plan(facts.plan),
            *judged.due(facts.judged),
            *judged.missing(facts.judged, closing.gaps(facts)),
            *closing.regards(facts, typed),
            *treatment.before(facts),
            *findings.results(facts),
            *findings.background(facts),
            *judged.evidence(facts.judged),
            *closing.notes(facts),
        ),
    )
