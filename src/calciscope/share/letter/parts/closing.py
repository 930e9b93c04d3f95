"""How a letter to professionals ends."""

from __future__ import annotations

from calciscope.share.letter.parts import judged
from calciscope.share.letter.parts.said import RESEARCH_USE, free
from calciscope.terms.letter import Block, Box, Paragraph, Tone
from calciscope.terms.letter_facts import LetterFacts, Typed

REVIEWED = "Clinically reviewed by: nobody yet."


def regards(facts: LetterFacts, typed: Typed) -> list[Block]:
    """The end of the letter itself; what follows is enclosed."""
    sender = facts.sender
    role = sender.role.replace("_", " ")
    return [
        *free(typed.closing or "With kind regards"),
        Paragraph(text="\n".join(part for part in (f"{sender.name}, {role}", sender.site) if part)),
    ]


def notes(facts: LetterFacts) -> list[Block]:
    """What was left out, what the marks mean, and that nobody has reviewed it."""
    left_out = "; ".join(facts.left_out)
    missing = "Missing is not normal: what was not recorded is said as such."
    told = [
        *([Paragraph(text=f"In the record and not in this letter: {left_out}.", tone=Tone.QUIET)] if left_out else []),
        *judged.marks(facts.judged),
        Paragraph(text=f"{REVIEWED} {RESEARCH_USE} {missing}", tone=Tone.QUIET),
    ]
    return [Box(title="About this letter", blocks=tuple(told))]


def gaps(facts: LetterFacts) -> list[str]:
    """Names of what a reader of this letter would look for and was not recorded."""
    asked = [
        *((label.lower(), words) for label, words in facts.disease),
        *((label.lower(), words) for label, words in facts.person),
        ("antibodies", facts.antibodies),
        ("activity of the disease", facts.activity),
        ("scores", facts.scores),
        ("examination of the body for deposits", facts.examined),
        ("drugs", (*facts.drugs, *facts.past_drugs)),
        ("laboratory results", facts.results),
        ("conditions", facts.conditions),
        ("allergies", facts.allergies),
        ("screening of organs", facts.screening),
        ("history", facts.history),
    ]
    return [name for name, told in asked if not told]
