"""Files of diagnoses, steps, investigations, causes and trials become their types."""

from __future__ import annotations

from collections.abc import Mapping

from calciscope.knowledge.load_condition import condition
from calciscope.knowledge.load_upkeep import seen_on
from calciscope.knowledge.model import Cause, Condition, Diagnosis, FactWord, Investigation, Speaks, Step, Trial
from calciscope.knowledge.toml_table import Table
from calciscope.terms.scores import Verification

Facts = Mapping[str, FactWord]
LEAST_BURDEN, MOST_BURDEN = 1, 5


def diagnosis(table: Table, diagnosis_id: str, facts: Facts) -> Diagnosis:
    """A subtype or a differential diagnosis with what speaks for and against it."""
    found = Diagnosis(
        id=diagnosis_id,
        title=table.text("title"),
        subtype=table.flag("subtype", default=False),
        urgent=table.flag("urgent", default=False),
        speaks=tuple(_speaks(one, facts) for one in table.tables("findings")),
    )
    if not found.speaks:
        table.refuse("a diagnosis needs at least one finding that speaks for or against it", "findings")
    table.done()
    return found


def step(table: Table, step_id: str, facts: Facts) -> Step:
    """A diagnostic step."""
    order = table.count("order")
    if order is None:
        table.refuse("order must be there, as a whole number", "order")
    found = Step(id=step_id, title=table.text("title"), order=order, facts=table.texts("facts", facts))
    table.done()
    return found


def investigation(table: Table, investigation_id: str, facts: Facts) -> Investigation:
    """A test that can be made."""
    burden = table.count("burden")
    if burden is None or not LEAST_BURDEN <= burden <= MOST_BURDEN:
        table.refuse(f"burden must be a whole number from {LEAST_BURDEN} to {MOST_BURDEN}", "burden")
    found = Investigation(
        id=investigation_id,
        title=table.text("title"),
        answers=table.texts("answers", facts),
        burden=burden,
        because=table.text("because"),
        when=_when(table, facts),
        source=table.text("source"),
        verification=table.word("verification", Verification),
    )
    table.done()
    return found


def cause(table: Table, cause_id: str, facts: Facts) -> Cause:
    """A cause or risk factor."""
    found = Cause(
        id=cause_id,
        title=table.text("title"),
        group=table.text("group"),
        when=_when(table, facts),
        effect=table.text("effect"),
        n=table.count("n"),
        population=table.text("population"),
        watch=table.text("watch"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
    )
    table.done()
    return found


def trial(table: Table, trial_id: str, facts: Facts) -> Trial:
    """A trial's record."""
    found = Trial(
        id=trial_id,
        title=table.text("title"),
        therapy=table.text("therapy", ""),
        design=table.text("design"),
        population=table.text("population"),
        n=table.count("n"),
        status=table.text("status"),
        seen_on=table.text("seen_on"),
        open=table.flag("open", default=False),
        result=table.text("result"),
        when=_when(table, facts),
        source=table.text("source"),
        verification=table.word("verification", Verification),
    )
    if seen_on(found.seen_on) is None:
        table.refuse(
            f"seen_on is {found.seen_on!r}; it must be a month and a year, such as Nov 2026, or a year", "seen_on"
        )
    table.done()
    return found


def _speaks(table: Table, facts: Facts) -> Speaks:
    found = Speaks(
        for_it=table.flag("for", default=True),
        when=_when(table, facts),
        because=table.text("because"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
    )
    if not found.when:
        table.refuse("a finding says when it is there", "when")
    table.done()
    return found


def _when(table: Table, facts: Facts) -> tuple[Condition, ...]:
    return tuple(condition(one, facts) for one in table.tables("when"))
