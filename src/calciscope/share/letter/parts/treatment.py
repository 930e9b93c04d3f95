"""Treatment now and before."""

from __future__ import annotations

from calciscope.share.letter.parts.said import NOT_RECORDED, or_missing
from calciscope.terms.letter import Block, Heading, Paragraph, Table, Tone
from calciscope.terms.letter_facts import LetterFacts, ToldDrug


def now(facts: LetterFacts) -> list[Block]:
    """Drugs that are taken."""
    blocks: list[Block] = [Heading(text="Present treatment")]
    if not facts.drugs:
        ended = "Every drug that is recorded has been stopped." if facts.past_drugs else f"Drugs: {NOT_RECORDED}."
        return [*blocks, Paragraph(text=ended, tone=Tone.QUIET)]
    rows = tuple(
        (one.name, _dose(one), or_missing(one.since), or_missing(one.response), or_missing(one.side_effects))
        for one in facts.drugs
    )
    return [
        *blocks,
        Table(
            title="",
            columns=("Drug", "Dose, route, purpose", "Since", "Calcinosis", "Side effects"),
            rows=rows,
            widths=(1.6, 2.4, 1.0, 1.1, 1.4),
        ),
    ]


def before(facts: LetterFacts) -> list[Block]:
    """Drugs that were stopped, with what they did and why."""
    blocks: list[Block] = [Heading(text="Earlier treatment")]
    if not facts.past_drugs:
        return [*blocks, Paragraph(text=f"Drugs that were stopped: {NOT_RECORDED}.", tone=Tone.QUIET)]
    rows = tuple(
        (
            one.name,
            _dose(one),
            f"{or_missing(one.since)} to {or_missing(one.until)}",
            or_missing(one.why_stopped),
            or_missing(one.response) + (f"; side effects: {one.side_effects}" if one.side_effects else ""),
        )
        for one in facts.past_drugs
    )
    return [
        *blocks,
        Table(
            title="",
            columns=("Drug", "Dose, route, purpose", "From, to", "Stopped for", "Calcinosis, side effects"),
            rows=rows,
            widths=(1.6, 1.8, 1.4, 1.2, 1.5),
        ),
    ]


def _dose(one: ToldDrug) -> str:
    return ", ".join(part for part in (one.dose or f"dose {NOT_RECORDED}", one.route, one.indication) if part)
