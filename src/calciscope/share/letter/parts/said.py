"""Small things that every letter says in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from calciscope.share.report.words import MONTHS
from calciscope.terms.letter import Block, Bullets, Head, Heading, Pairs, Paragraph, Tone
from calciscope.terms.letter_facts import LetterFacts, PlanState, Typed

NOT_RECORDED = "not recorded"
RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."
NOT_SIGNED = {
    PlanState.DRAFT: "The plan in this letter is a draft and is not in force.",
    PlanState.PRESENTED: "The plan in this letter was presented to the team and is not in force.",
}


def or_missing(text: str) -> str:
    """The text, or that it was not recorded."""
    return text or NOT_RECORDED


def day_words(day: date) -> str:
    """07 Mar 2026."""
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"


def name_of(facts: LetterFacts) -> str:
    """Given name first, as in a letter."""
    return f"{facts.who.given_name} {facts.who.family_name}".strip()


def head(facts: LetterFacts, typed: Typed, title: str) -> Head:
    """The head of a letter; the footer names the patient on every page."""
    who = facts.who
    footer = ", ".join(part for part in (f"{who.family_name}, {who.given_name}".strip(", "), who.numbers) if part)
    return Head(
        title=title,
        sender=tuple(
            part for part in (facts.sender.site, facts.sender.name, facts.sender.role.replace("_", " ")) if part
        ),
        recipient=typed.recipient,
        day=facts.day,
        subject=(
            ("Patient", name_of(facts)),
            ("Born", f"{or_missing(who.born)}" + (f" ({who.age})" if who.age else "")),
            ("Number", or_missing(who.numbers)),
            *((("Note", "invented patient of a demonstration"),) if who.synthetic else ()),
        ),
        footer=f"{footer} · {facts.day}",
    )


def draft_of(facts: LetterFacts) -> str:
    """Why a letter bears DRAFT; empty where the plan is in force, or where there is none."""
    unsigned = NOT_SIGNED.get(facts.plan.state, "")
    return f"{unsigned} {' '.join(facts.plan.lacks)}".strip() if unsigned else ""


def listed(title: str, items: Sequence[str], *, none: str) -> list[Block]:
    """A section that is a list; ``none`` is said where it is empty."""
    return [Heading(text=title), Bullets(items=tuple(items)) if items else Paragraph(text=none, tone=Tone.QUIET)]


def pairs(rows: Iterable[tuple[str, str]]) -> Pairs:
    """Labels with words, or that they were not recorded."""
    return Pairs(rows=tuple((label, or_missing(words)) for label, words in rows))


def counted(number: int, one: str, many: str = "") -> str:
    """Such as "1 deposit" or "3 deposits"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def free(text: str) -> list[Block]:
    """What the clinician typed, as paragraphs."""
    return [Paragraph(text=part.strip()) for part in text.split("\n\n") if part.strip()]
