"""What rules ask for can be recorded, and what is recorded is known to the rules."""

from __future__ import annotations

import re

from calciscope.knowledge import knowledge
from calciscope.record.nouns.medication import NOUN as MEDICATION
from calciscope.record.vocabulary import terms
from calciscope.web.design.drugs import ONCE_RECORDED_AS, OTHER, drugs

KNOWN = knowledge()
RECORDED = set(terms("conditions")) - {"other"}


def asked_for() -> set[str]:
    """Conditions that a rule asks for."""
    return {
        criterion.fact
        for rule in KNOWN.rules.values()
        for condition in (*rule.when, *rule.unless)
        for alternative in condition.alternatives
        for criterion in alternative
    } & set(KNOWN.vocabulary.conditions)


def test_every_condition_that_a_rule_asks_for_can_be_recorded() -> None:
    assert asked_for() - RECORDED == set()


def test_every_condition_of_the_record_is_known_to_the_rules() -> None:
    assert RECORDED - set(KNOWN.vocabulary.conditions) == set()


def test_every_drug_that_a_rule_names_can_be_chosen() -> None:
    named = {drug for rule in KNOWN.rules.values() if rule.partner for drug in rule.partner.therapies}
    offered = {code for code, _ in drugs()}
    assert named - offered == set()
    known = set(KNOWN.therapies) | set(KNOWN.vocabulary.comedications)
    assert offered - known - {code for code, _ in (*ONCE_RECORDED_AS, OTHER)} == set()
    assert len(offered) == len(drugs())


def test_every_drug_fits_the_field_that_keeps_it() -> None:
    field = next(field for field in MEDICATION.fields if field.name == "therapy")
    assert [code for code, _ in drugs() if not re.fullmatch(field.pattern, code)] == []
