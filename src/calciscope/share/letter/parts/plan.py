"""The plan: goals, options chosen and set aside, who does what, when it is looked at again, and who signed it."""

from __future__ import annotations

from calciscope.share.letter.parts.said import NOT_RECORDED, or_missing, pairs
from calciscope.terms.letter import Block, Box, Bullets, Heading, Paragraph, Table, Tone
from calciscope.terms.letter_facts import PlanState, ToldOption, ToldPlan

TITLES = {
    PlanState.IN_FORCE: "The plan in force",
    PlanState.DRAFT: "The plan: a draft, not in force",
    PlanState.PRESENTED: "The plan: presented to the team, not in force",
}


def plan(told: ToldPlan) -> list[Block]:
    """All of it; where there is none, that is said."""
    if told.state is PlanState.NONE:
        return [Heading(text="The plan"), Paragraph(text="No plan has been written.")]
    if told.state is PlanState.ENDED:
        return [Heading(text="The plan"), Paragraph(text=f"No plan is in force. {told.ended}")]
    blocks: list[Block] = [Heading(text=TITLES[told.state])]
    if told.lacks:
        blocks.append(
            Box(title="Before it can be put in force", blocks=(Bullets(items=told.lacks),), tone=Tone.WARNING)
        )
    if told.later:
        blocks.append(Paragraph(text=told.later))
    blocks.append(Paragraph(text="Goals, in the patient's own words:", tone=Tone.QUIET))
    blocks.append(
        Paragraph(text=told.goals, tone=Tone.QUOTE) if told.goals else Paragraph(text=f"Goals: {NOT_RECORDED}.")
    )
    blocks += _overridden(told)
    blocks += _chosen(told) + _set_aside(told)
    blocks.append(
        pairs(
            [
                ("Next steps", told.next_steps),
                ("Who does what", told.who_does_what),
                ("When to stop or change", told.stop_rule),
                ("Agreed on", f"{told.agreed_on}, version {told.version}"),
                *((("In force since", told.in_force_on),) if told.in_force_on else ()),
                ("Looked at again on", told.review_on),
                *((("Other opinions", told.other_opinions),) if told.other_opinions else ()),
                ("Stops were looked for by", told.weighed_by),
            ]
        )
    )
    return blocks + _words(told)


def _overridden(told: ToldPlan) -> list[Block]:
    items = [
        f"{one.title}: {stop} In spite of it because: {or_missing(one.override)}"
        for one in told.chosen
        for stop in one.stops
    ]
    if not items:
        return []
    return [Box(title="Stops that this plan overrides", blocks=(Bullets(items=tuple(items)),), tone=Tone.WARNING)]


def _chosen(told: ToldPlan) -> list[Block]:
    if not told.chosen:
        return [Paragraph(text="Options chosen: none.")]
    rows = tuple(
        (_titled(one), or_missing(one.reason), or_missing(one.dose), or_missing(one.stop_rule), or_missing(one.who))
        for one in told.chosen
    )
    columns = ("Option chosen", "Because", "Dose agreed", "Stop or change when", "Who does it")
    return [Table(title="", columns=columns, rows=rows, widths=(1.5, 1.9, 1.4, 1.5, 1.1))]


def _set_aside(told: ToldPlan) -> list[Block]:
    if not told.set_aside:
        return [Paragraph(text="Options set aside: none.")]
    rows = tuple((_titled(one), or_missing(one.reason)) for one in told.set_aside)
    return [Table(title="", columns=("Option set aside", "Because"), rows=rows, widths=(1.5, 4.0))]


def _titled(one: ToldOption) -> str:
    return f"{one.title} ({one.standing})" if one.standing else one.title


def _words(told: ToldPlan) -> list[Block]:
    if not told.words:
        return [Paragraph(text="Nobody has signed this version.")]
    rows = tuple(
        ("signs" if one.agrees else "dissents", f"{one.by}, {one.role}", one.on, one.words) for one in told.words
    )
    columns = ("Word", "Who, in which role", "Date", "In words")
    return [Table(title="The team's word on this version", columns=columns, rows=rows, widths=(0.8, 2.0, 1.0, 3.0))]
