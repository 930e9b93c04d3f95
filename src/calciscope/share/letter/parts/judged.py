"""What the knowledge base says: red flags, support, what is due, what is missing, evidence; each with its mark."""

from __future__ import annotations

from collections.abc import Iterable

from calciscope.share.letter.parts.said import NOT_RECORDED, day_words, listed
from calciscope.terms.advice import Card, EvidenceRow
from calciscope.terms.assessment import Assessment, Due, Point, Standing, Support, Weighed
from calciscope.terms.letter import Block, Box, Bullets, Heading, Paragraph, Table, Tone
from calciscope.terms.letter_facts import Judged, ToldEvidence

OFF = "Advice is off at this site: no red flag, support of the diagnosis, monitoring or evidence was looked for."
NO_FLAG = "No red flag follows from what is recorded. What is not recorded could not be looked at."
SUPPORTS = {Support.WELL: "well supported", Support.PARTLY: "partly supported", Support.DOUBTFUL: "doubtful"}
STANDINGS = {
    Standing.SUPPORTED: "speaks for it",
    Standing.MIXED: "for and against",
    Standing.AGAINST: "speaks against it",
}
MARKS = (
    "Marks: seen = read in the source itself; secondary = read in another text about it; memory = known and not looked up "
    "again; judgement = of this project. Findings and options are to be discussed, not orders."
)


def red_flags(judged: Judged | None) -> list[Block]:
    """What cannot wait; first in the letter."""
    if judged is None:
        return []
    if not judged.red_flags:
        return [Paragraph(text=NO_FLAG, tone=Tone.QUIET)]
    items = tuple(_card(one) for one in judged.red_flags)
    return [Box(title="Red flags", blocks=(Bullets(items=items),), tone=Tone.WARNING)]


def support(judged: Judged | None) -> list[Block]:
    """How well the diagnosis is supported, with findings for and against."""
    if judged is None:
        return [Heading(text="How well the diagnosis is supported"), Paragraph(text=OFF, tone=Tone.QUIET)]
    found = judged.assessment
    reasons = "; ".join(found.support_because)
    told = f"Calcinosis cutis in dermatomyositis is {SUPPORTS[found.support]} by what is recorded"
    return [
        Heading(text="How well the diagnosis is supported"),
        Paragraph(text=f"{told}: {reasons}." if reasons else f"{told}."),
        *([Paragraph(text=judged.classified)] if judged.classified else []),
        *_weighed("Subtype", found.subtypes),
        *_weighed("What else it could be", found.differential),
        *_steps(found),
    ]


def due(judged: Judged | None) -> list[Block]:
    """Monitoring of the drugs that are taken."""
    if judged is None:
        return []
    if not judged.due:
        none = Paragraph(text="Nothing follows from the drugs that are recorded as taken.", tone=Tone.QUIET)
        return [Heading(text="Monitoring due"), none]
    rows = tuple(
        (one.what, judged.names.get(one.therapy, one.therapy.replace("_", " ")), *_days(one)) for one in judged.due
    )
    columns = ("What", "For", "Last recorded", "Due")
    return [
        Heading(text="Monitoring due"),
        Table(title="", columns=columns, rows=rows, widths=(3.4, 1.4, 1.2, 1.4)),
    ]


def missing(judged: Judged | None, not_recorded: Iterable[str]) -> list[Block]:
    """What is not known: first the facts that would settle most."""
    lines = [f"Not recorded: {', '.join(names)}."] if (names := list(not_recorded)) else []
    if judged is None:
        return listed("What is missing", lines, none="Nothing that this letter asks for.")
    further = [one.partition(":")[0] for one in judged.missing if one not in judged.unlocks]
    lines += [f"Would settle most: {one}" for one in judged.unlocks]
    lines += [f"Not known either: {', '.join(further)}."] if further else []
    tests = [
        f"Next most useful test to discuss: {one.title}. {one.because} [{one.verification}]"
        for one in judged.assessment.next_tests[:1]
    ]
    return listed("What is missing", [*tests, *lines], none="Nothing that this letter asks for.")


def evidence(judged: Judged | None) -> list[Block]:
    """Rows for the options chosen, with n, design and population beside each outcome."""
    told = judged.evidence if judged else ()
    blocks: list[Block] = []
    for one in told:
        if one.rows:
            columns = ("Design, n", "Population", "What was found", "Level", "Source [mark]")
            rows = tuple(_evidence(row) for row in one.rows)
            blocks.append(Table(title=_of(one), columns=columns, rows=rows, widths=(1.1, 1.5, 2.7, 0.9, 2.0)))
        else:
            blocks.append(Paragraph(text=f"{one.title}: no study is in the knowledge base."))
    return [Heading(text="Evidence for the options chosen"), *blocks] if blocks else []


def marks(judged: Judged | None) -> list[Paragraph]:
    """What the marks mean, and by which knowledge."""
    if judged is None:
        return []
    return [Paragraph(text=f"{MARKS} Knowledge base {judged.knowledge_version}.", tone=Tone.QUIET)]


def _card(one: Card) -> str:
    facts = f" ({'; '.join(one.inputs)})" if one.inputs else ""
    return f"{one.because}{facts} [{one.verification}: {one.source}]"


def _weighed(title: str, all_of: Iterable[Weighed]) -> list[Block]:
    known = list(all_of)
    rows = tuple(
        (f"{one.title}: {STANDINGS[one.standing]}", _points(one.speaks_for), _points(one.speaks_against))
        for one in known
        if one.standing in STANDINGS
    )
    undecided = [one.title for one in known if one.standing not in STANDINGS]
    blocks: list[Block] = []
    if rows:
        columns = (title, "Speaks for it", "Speaks against it")
        blocks.append(Table(title="", columns=columns, rows=rows, widths=(1.6, 2.6, 2.6)))
    if undecided:
        text = f"{title}, nothing recorded decides: {', '.join(undecided)}."
        blocks.append(Paragraph(text=text, tone=Tone.QUIET))
    return blocks


def _points(points: Iterable[Point]) -> str:
    return "\n".join(f"{one.because} [{one.verification}]" for one in points) or "nothing recorded"


def _steps(found: Assessment) -> list[Block]:
    told = [f"{one.title}: {one.done}" for one in found.steps]
    return [Paragraph(text=f"Diagnostic steps. {'; '.join(told)}.", tone=Tone.QUIET)] if told else []


def _days(one: Due) -> tuple[str, str]:
    last = day_words(one.last) if one.last else NOT_RECORDED
    if one.due is None:
        return last, "not complete"
    return last, f"{day_words(one.due)}{', overdue' if one.overdue else ''}"


def _of(one: ToldEvidence) -> str:
    return f"{one.title} (last checked {one.checked}, clinically reviewed by: {one.reviewed_by})"


def _evidence(row: EvidenceRow) -> tuple[str, ...]:
    n = "n not stated" if row.n is None else f"n = {row.n}"
    population = f"{row.population}; {row.mismatch}" if row.mismatch else row.population
    return (f"{row.design}, {n}", population, row.outcome, row.level, f"{row.source} [{row.verification}]")
