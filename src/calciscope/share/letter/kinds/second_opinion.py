"""Referral or second opinion: the question asked comes first, then the same facts, then pictures."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.share.letter.parts import closing, findings, judged, opening, plan, treatment
from calciscope.share.letter.parts.said import draft_of, free, head
from calciscope.terms.letter import Block, Box, Heading, Letter, Paragraph, Tone
from calciscope.terms.letter_facts import LetterFacts, Typed

TITLE = "Referral for a second opinion"
SUMMARY = "For a specialist: your question, what you would like done, the facts, and pictures."
SENT_TO = ("specialist", "other")
ASKS = ("recipient", "salutation", "question", "wanted", "opening", "closing")
NEEDS = ("recipient", "question", "wanted")
JUDGED = True
PICTURED = True


def greeting(_facts: LetterFacts) -> str:
    """Until a name is typed."""
    return "Dear colleague,"


def compose(facts: LetterFacts, typed: Typed, pictures: Sequence[Block]) -> Letter:
    """The whole letter."""
    asked = tuple(block for block in free(typed.question) if isinstance(block, Paragraph))
    wanted = tuple(block for block in free(typed.wanted) if isinstance(block, Paragraph))
    nothing = (Paragraph(text="Not typed yet.", tone=Tone.QUIET),)
    return Letter(
        kind="second_opinion",
        head=head(facts, typed, TITLE),
        draft=draft_of(facts),
        blocks=(
            Paragraph(text=typed.salutation or greeting(facts)),
            Box(title="Our question", blocks=asked or nothing),
            Box(title="What we would like from you", blocks=wanted or nothing),
            Paragraph(text=opening.sentence(facts), tone=Tone.LEAD),
            *free(typed.opening),
            *judged.red_flags(facts.judged),
            *findings.disease(facts),
            *findings.deposits(facts),
            *findings.scans(facts),
            *_pictures(pictures),
            *findings.state(facts),
            *treatment.now(facts),
            *treatment.before(facts),
            *findings.results(facts),
            *findings.background(facts),
            *judged.support(facts.judged),
            *plan.plan(facts.plan),
            *judged.due(facts.judged),
            *judged.missing(facts.judged, closing.gaps(facts)),
            *closing.regards(facts, typed),
            *judged.evidence(facts.judged),
            *closing.notes(facts),
        ),
    )


def _pictures(pictures: Sequence[Block]) -> list[Block]:
    if not pictures:
        return [
            Heading(text="Pictures"),
            Paragraph(text="None: no deposit was placed and no scan was measured.", tone=Tone.QUIET),
        ]
    return [Heading(text="Pictures"), *pictures]
