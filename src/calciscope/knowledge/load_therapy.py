"""A therapy's file becomes a `Therapy`: what it is, where it stands in the order of thought, and what studies found."""

from __future__ import annotations

from calciscope.knowledge.model import Dose, Place, Situation, Therapy
from calciscope.knowledge.toml_table import Table
from calciscope.terms.advice import EvidenceRow, Line
from calciscope.terms.scores import Verification


def therapy(table: Table, therapy_id: str) -> Therapy:
    """The therapy of a file."""
    against = table.table("not_offered") if table.has("not_offered") else None
    found = Therapy(
        id=therapy_id,
        title=table.text("title"),
        group=table.text("group"),
        classes=frozenset(table.texts("classes")),
        atc=table.text("atc", ""),
        offered=against is None,
        not_offered_because=against.text("because") if against else "",
        not_offered_source=against.text("source") if against else "",
        not_offered_verification=against.word("verification", Verification) if against else Verification.SEEN,
        label=table.text("label"),
        experimental=table.flag("experimental", default=False),
        places=tuple(_place(one) for one in table.tables("places")),
        doses=tuple(_dose(one) for one in table.tables("doses")),
        evidence=tuple(_evidence(one) for one in table.tables("evidence")),
        time_to_response=table.text("time_to_response"),
        failure=table.text("failure"),
        adverse_effects=table.text("adverse_effects"),
        practical=table.text("practical", ""),
        summary_source=table.text("summary_source"),
        summary_verification=table.word("summary_verification", Verification),
        level=table.text("level"),
        checked=table.day("checked"),
        check_months=table.count("check_months"),
        reviewed_by=table.text("reviewed_by"),
    )
    if against:
        against.done()
    if found.offered != bool(found.places):
        table.refuse("a therapy has places in the order of thought, or says why it is not offered", "places")
    table.done()
    return found


def _place(table: Table) -> Place:
    situations = table.texts("situations", frozenset(Situation))
    if not situations:
        table.refuse("a place names at least one situation", "situations")
    place = Place(
        situations=tuple(Situation(one) for one in situations),
        line=table.word("line", Line),
        why=table.text("why"),
        in_urgency=table.flag("in_urgency", default=False),
        source=table.text("source"),
        verification=table.word("verification", Verification),
    )
    table.done()
    return place


def _dose(table: Table) -> Dose:
    dose = Dose(
        population=table.text("population"),
        text=table.text("text"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
    )
    table.done()
    return dose


def _evidence(table: Table) -> EvidenceRow:
    row = EvidenceRow(
        design=table.text("design"),
        n=table.count("n"),
        population=table.text("population"),
        outcome=table.text("outcome"),
        level=table.text("level"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
        mismatch=table.text("mismatch", ""),
    )
    table.done()
    return row
