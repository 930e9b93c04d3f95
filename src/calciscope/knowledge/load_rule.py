"""A rule's file becomes a `Rule`: who it is about, when it holds, what follows, and on whose word."""

from __future__ import annotations

from collections.abc import Mapping

from calciscope.knowledge.load_condition import condition
from calciscope.knowledge.model import (
    ABOUT_THE_PATIENT,
    FactWord,
    Level,
    Partner,
    Rule,
)
from calciscope.knowledge.toml_table import Table
from calciscope.terms.picture import Screening
from calciscope.terms.scores import Verification


def rule(table: Table, rule_id: str, *, drugs: Mapping[str, frozenset[str]], facts: Mapping[str, FactWord]) -> Rule:
    """The rule; ``drugs`` maps every drug and class of drugs to the drugs it stands for."""
    level = table.word("level", Level)
    named = table.texts("therapies", drugs)
    own_allergy = table.flag("own_allergy", default=False)
    if bool(named) == (level in ABOUT_THE_PATIENT or own_allergy):
        table.refuse(f"a rule of level {level} names {'no therapy' if named else 'therapies'}", "therapies")
    found = Rule(
        id=rule_id,
        therapies=frozenset().union(*(drugs[one] for one in named)),
        level=level,
        when=tuple(condition(one, facts) for one in table.tables("when")),
        unless=tuple(condition(one, facts) for one in table.tables("unless")),
        partner=_partner(table.table("partner"), drugs) if table.has("partner") else None,
        own_allergy=own_allergy,
        because=table.text("because"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
        jurisdiction=table.text("jurisdiction", ""),
        checked=table.day("checked"),
        check_months=table.count("check_months"),
        urgent=table.flag("urgent", default=False),
        every_weeks=table.number("every_weeks"),
        once=table.flag("once", default=False),
        measures=table.texts("measures", facts),
        screens=tuple(Screening(one) for one in table.texts("screens", frozenset(Screening))),
        fires=_example(table, "fires", facts),
        silent=_example(table, "silent", facts),
    )
    table.done()
    if found.once and found.every_weeks is not None:
        table.refuse("what is done once is not done every so many weeks", "once")
    if (found.once or found.measures or found.screens) and level is not Level.MONITORING:
        table.refuse("only a rule of level monitoring says what is measured, screened or done once", "level")
    if not (found.when or found.partner or own_allergy or level in {Level.MONITORING, Level.INFORMATION}):
        table.refuse("a rule that always holds can only monitor or inform; say when it holds", "when")
    if found.when and not (found.fires and found.silent):
        table.refuse("a rule needs an example in which it fires and one in which it is silent", "fires")
    return found


def _partner(table: Table, drugs: Mapping[str, frozenset[str]]) -> Partner:
    named = table.texts("therapies", drugs)
    if not named:
        table.refuse("a partner names at least one drug or class", "therapies")
    partner = Partner(
        therapies=frozenset().union(*(drugs[one] for one in named)),
        indication=table.text("indication", ""),
        indication_not=table.text("indication_not", ""),
        dose_above=table.number("dose_above"),
        route_not=table.text("route_not", ""),
    )
    table.done()
    return partner


def _example(table: Table, key: str, facts: Mapping[str, FactWord]) -> dict[str, bool | float | str]:
    found = table.plain(key)
    for fact in found:
        if fact not in facts and fact.removesuffix("_low").removesuffix("_high") not in facts:
            table.refuse(f"the example names {fact!r}, which is no fact", key)
    return found
