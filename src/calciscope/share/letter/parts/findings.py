"""What was found: the disease, deposits, scans, activity, scores and results."""

from __future__ import annotations

from calciscope.share.letter.parts.said import NOT_RECORDED, or_missing, pairs
from calciscope.terms.letter import Block, Bullets, Heading, Paragraph, Table, Tone
from calciscope.terms.letter_facts import LetterFacts, ToldDeposit

NOBODY_LOOKED = "None is recorded. That is not the same as examined and none found."
IN_RANGE = {True: "no, outside", False: "yes", None: "not known"}


def disease(facts: LetterFacts) -> list[Block]:
    """Diagnosis, its dates, antibodies, and the patient's own particulars."""
    antibodies = "; ".join(facts.antibodies)
    return [Heading(text="Diagnosis"), pairs([*facts.disease, ("Antibodies", antibodies), *facts.person])]


def deposits(facts: LetterFacts) -> list[Block]:
    """A table by site, then those that are gone; what was examined last stands above."""
    there = [one for one in facts.deposits if not one.ended]
    gone = [one for one in facts.deposits if one.ended]
    blocks: list[Block] = [
        Heading(text="Deposits"),
        Paragraph(text=f"Last examined: {facts.examined or NOT_RECORDED}", tone=Tone.QUIET),
    ]
    if not facts.deposits:
        return [*blocks, Paragraph(text=NOBODY_LOOKED)]
    if there:
        blocks.append(
            Table(
                title="",
                columns=("No.", "Site", "What it is like", "Size", "State", "CT mass (95 %)"),
                rows=tuple(_row(one) for one in sorted(there, key=lambda one: (one.place, one.label))),
                widths=(0.55, 1.1, 2.0, 1.5, 1.5, 1.5),
            )
        )
    if gone:
        blocks += [Paragraph(text="No longer followed as present:"), Bullets(items=tuple(_gone(one) for one in gone))]
    return blocks


def scans(facts: LetterFacts) -> list[Block]:
    """Burden of each measured scan with its interval."""
    if not facts.scans:
        return [
            Heading(text="Measured scans"),
            Paragraph(text="No scan has been measured.", tone=Tone.QUIET),
        ]
    rows = tuple(
        (one.on, or_missing(one.parts), one.mass, one.deposits, one.change or "first, or not compared")
        for one in facts.scans
    )
    doubts = [f"Scan of {one.on}, not passed: {one.doubts}" for one in facts.scans if one.doubts]
    return [
        Heading(text="Measured scans"),
        Table(
            title="Calcium burden on CT, mg hydroxyapatite",
            columns=("Date", "Parts", "Mass (95 % interval)", "Deposits", "Since the scan before"),
            rows=rows,
            widths=(1.1, 1.3, 1.6, 1.2, 2.2),
        ),
        *(Paragraph(text=one, tone=Tone.QUIET) for one in doubts),
    ]


def state(facts: LetterFacts) -> list[Block]:
    """Activity, effects, symptoms, movement and scores."""
    blocks: list[Block] = [Heading(text="Activity and scores")]
    blocks.append(
        pairs(facts.activity) if facts.activity else Paragraph(text=f"Activity of the disease: {NOT_RECORDED}.")
    )
    told: list[tuple[str, ...]] = [*facts.effects, *facts.scores]
    if told:
        blocks.append(
            Table(
                title="",
                columns=("What", "Date", "Result"),
                rows=tuple(told),
                widths=(1.6, 0.9, 4.5),
            )
        )
    if not facts.scores:
        blocks.append(Paragraph(text=f"Scores: {NOT_RECORDED}.", tone=Tone.QUIET))
    if facts.movements:
        blocks.append(Paragraph(text="Movement of joints: " + "; ".join(facts.movements) + "."))
    return blocks


def results(facts: LetterFacts) -> list[Block]:
    """The newest result of each test, beside the laboratory's own range."""
    if not facts.results:
        return [Heading(text="Laboratory"), Paragraph(text=f"Results: {NOT_RECORDED}.", tone=Tone.QUIET)]
    rows = tuple(
        (one.test, one.value, one.limits or NOT_RECORDED, IN_RANGE[one.outside], one.on) for one in facts.results
    )
    beyond = sum(one.outside is True for one in facts.results)
    return [
        Heading(text="Laboratory"),
        Paragraph(
            text=f"The newest result of each test; outside the laboratory's own range: {beyond}.", tone=Tone.QUIET
        ),
        Table(
            title="",
            columns=("Test", "Result", "Range", "In range", "Date"),
            rows=rows,
            widths=(2.2, 1.4, 1.2, 1.1, 1.0),
        ),
    ]


def background(facts: LetterFacts) -> list[Block]:
    """Conditions, allergies, organ screening, history and procedures."""
    told = (
        ("Other conditions", "; ".join(facts.conditions)),
        ("Allergies", "; ".join(facts.allergies)),
        ("Organs looked at", "; ".join(facts.screening)),
        ("History", "; ".join(facts.history)),
        ("Procedures", "\n".join(facts.procedures)),
    )
    return [Heading(text="Background"), pairs(told)]


def _gone(one: ToldDeposit) -> str:
    last = ", ".join(part for part in (one.likeness, one.size, one.remark, one.mass) if part)
    return f"{one.label} {or_missing(one.place)}: {one.state}, {or_missing(one.state_on)}; last {last}"


def _row(one: ToldDeposit) -> tuple[str, ...]:
    mass = f"{one.mass}\n{one.mass_on}" if one.mass else "not on a measured scan"
    size = one.size + (f"\n{one.seen_on}" if one.seen_on and "measured" not in one.size else "")
    state = one.state + (f"\n{one.state_on}" if one.state_on else "")
    likeness = "; ".join(part for part in (one.likeness, one.remark) if part)
    return (one.label, or_missing(one.place), or_missing(likeness), size, state, mass)
