"""Each worked patient gets what its table says; each rule speaks in one of them and is silent in another."""

from __future__ import annotations

import pytest

from calciscope.knowledge import knowledge
from tests.spec.vignettes import Vignette, advised, fired, vignettes

ALL = vignettes()


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_rules_fire_and_stay_silent(one: Vignette) -> None:
    spoke = fired(advised(one.id))
    assert set(one.expect["fires"]) - spoke == set()
    assert set(one.expect["silent"]) & spoke == set()
    known = set(knowledge().rules)
    assert (set(one.expect["fires"]) | set(one.expect["silent"])) - known == set()


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_red_flags_are_exactly_these(one: Vignette) -> None:
    assert {card.rule for card in advised(one.id).red_flags} == set(one.expect["red_flags"])


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_options_stand_where_they_should(one: Vignette) -> None:
    options = {option.therapy: option for option in advised(one.id).options}
    assert {name: str(options[name].line) for name in one.expect.get("lines", {})} == one.expect.get("lines", {})
    assert [name for name in one.expect.get("no_stops", []) if options[name].stops] == []
    for name, ask in one.expect.get("needs", {}).items():
        assert any(ask in text for text in options[name].needs_data), (name, options[name].needs_data)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_the_assessment_is_so(one: Vignette) -> None:
    assessment = advised(one.id).assessment
    if "support" in one.expect:
        assert str(assessment.support) == one.expect["support"]
    if "subtype" in one.expect:
        assert assessment.subtypes[0].diagnosis == one.expect["subtype"]


@pytest.mark.parametrize("one", [one for one in ALL if "due" in one.expect], ids=lambda one: one.id)
def test_monitoring_is_due_or_not(one: Vignette) -> None:
    found = {each.rule: "overdue" if each.overdue else "due" for each in advised(one.id).assessment.due}
    assert {rule: found.get(rule, "not due") for rule in one.expect["due"]} == one.expect["due"]


def test_every_rule_fires_in_one_table_and_is_silent_in_another() -> None:
    rules = set(knowledge().rules)
    expected = {rule for one in ALL for rule in (*one.expect["fires"], *one.expect["red_flags"])}
    assert rules - expected == set()
    silent = {rule for one in ALL for rule in rules - fired(advised(one.id))}
    assert rules - silent == set()


def test_there_are_enough_worked_patients() -> None:
    assert len(ALL) >= 60


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_therapy_appears_once(one: Vignette) -> None:
    advice = advised(one.id)
    listed = [each.therapy for each in (*advice.options, *advice.not_offered)]
    assert sorted(listed) == sorted(knowledge().therapies)
