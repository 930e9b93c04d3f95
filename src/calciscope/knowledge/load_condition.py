"""A condition in a knowledge file: a fact against a limit, or alternatives of them."""

from __future__ import annotations

from collections.abc import Mapping

from calciscope.knowledge.model import Comparison, Condition, Criterion, FactKind, FactWord
from calciscope.knowledge.toml_table import Table


def condition(table: Table, facts: Mapping[str, FactWord]) -> Condition:
    """One condition: a criterion, or `any` of several; an alternative is a criterion, or `all` of several."""
    if table.has("any"):
        alternatives = tuple(_alternative(one, facts) for one in table.tables("any"))
        table.done()
        return Condition(alternatives=alternatives)
    return Condition(alternatives=(_alternative(table, facts),))


def _alternative(table: Table, facts: Mapping[str, FactWord]) -> tuple[Criterion, ...]:
    if table.has("all"):
        criteria = tuple(_criterion(one, facts) for one in table.tables("all"))
        table.done()
        return criteria
    return (_criterion(table, facts),)


def _criterion(table: Table, facts: Mapping[str, FactWord]) -> Criterion:
    fact = table.text("fact")
    if fact not in facts:
        table.refuse(f"there is no fact {fact!r}", "fact")
    given = [one for one in Comparison if table.has(one)]
    if len(given) > 1:
        table.refuse(f"the fact {fact} is held against more than one limit", "fact")
    comparison = given[0] if given else Comparison.IS
    if facts[fact].kind is FactKind.YES_NO:
        if comparison is not Comparison.IS:
            table.refuse(f"the fact {fact} is yes or no, and has no limit", "fact")
        limit = float(table.flag("is", default=True))
    elif comparison in {Comparison.BELOW_RANGE, Comparison.ABOVE_RANGE}:
        limit = float(table.flag(comparison, default=True))
    else:
        number = table.number(comparison) if given and comparison is not Comparison.IS else None
        if number is None:
            table.refuse(f"the fact {fact} is a number, and needs a limit", "fact")
        limit = number
    table.done()
    return Criterion(fact=fact, comparison=comparison, limit=limit)
