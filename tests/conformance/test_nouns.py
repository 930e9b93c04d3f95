"""What every noun of the record obeys (calciscope.record.nouns, found by walking)."""

from __future__ import annotations

import re

import pytest

from calciscope.record.fields import NOT_ASSESSED, Choice, Day, Number, Reference, Several, Table, Text, YesNo
from calciscope.record.noun import Of, nouns
from calciscope.record.refusals import Invalid
from calciscope.record.vocabulary import FOLDER, terms
from calciscope.terms.deposits import Region

NOUNS = nouns()
FIELDS = [(name, field) for name, noun in NOUNS.items() for field in noun.fields]
IDS = [f"{name}-{field.name}" for name, field in FIELDS]


@pytest.mark.parametrize("name", NOUNS)
def test_names_are_unique_and_the_date_is_a_field(name) -> None:
    noun = NOUNS[name]
    names = [field.name for field in noun.fields]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", field) for field in names)
    if noun.dated_by:
        assert isinstance(noun.field(noun.dated_by), Day)
    if noun.expected:
        assert noun.of is Of.VISIT


@pytest.mark.parametrize("name", NOUNS)
def test_unknown_fields_and_missing_needed_ones_are_refused_at_the_field(name) -> None:
    with pytest.raises(Invalid) as refused:
        NOUNS[name].validated({"no_such_field": 1})
    needed = {field.name for field in NOUNS[name].fields if field.required}
    assert {problem.field for problem in refused.value.problems} == needed | {"no_such_field"}


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=IDS)
def test_not_assessed_is_an_answer_unless_the_field_says_no(name, field) -> None:
    assert bool(field.problem(NOT_ASSESSED)) is not field.may_be_unassessed


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=IDS)
@pytest.mark.parametrize("value", [None, object(), float("nan"), "\x00", {"a": "b"}, [["x"]], "x" * 30_000, 10**30])
def test_nonsense_is_refused_in_words_that_repeat_no_value(name, field, value) -> None:
    if isinstance(field, Table) and isinstance(value, dict | list):
        return
    said = field.problem(value)
    assert said
    assert str(value) not in said


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=IDS)
def test_what_fits_is_taken(name, field) -> None:
    if isinstance(field, Number):
        assert field.problem(field.low) == field.problem(field.high) == ""
        assert field.problem(field.high + 1) and field.problem(field.low - 1)
        assert field.problem(True)
    elif isinstance(field, Choice):
        assert all(field.problem(code) == "" for code in field.choices)
    elif isinstance(field, Several):
        assert field.problem(list(field.choices)) == field.problem([]) == ""
        assert field.problem([next(iter(field.choices))] * 2)
    elif isinstance(field, YesNo):
        assert field.problem(False) == field.problem(True) == ""
        assert field.read(" Yes ") is True and field.read("0") is False
    elif isinstance(field, Day):
        assert field.problem("2020-02-29") == ""
        assert field.problem("2021-02-29") and field.problem("1850-01-01")
        assert bool(field.problem("2020")) is not field.partial
        assert bool(field.problem("2900-01-01")) is not field.may_lie_ahead
    elif isinstance(field, Text) and not field.pattern:
        assert field.problem("née Ünal\n") == ""
    elif isinstance(field, Reference):
        key = "0b3ed2a4-1c6b-4a0e-9e6e-0a3a4bb0f0a1"
        assert field.problem([key] if field.several else key) == ""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_vocabularies_have_words_and_well_formed_codes(path) -> None:
    for said in terms(path.stem).values():
        assert said["words"]
        for key, code in said.items():
            if key.startswith("loinc") and key != "loinc_status":
                assert loinc_digit_holds(code), code


def loinc_digit_holds(code: str) -> bool:
    """The check digit of a LOINC code: Luhn's (modulo 10)."""
    number, _, check = code.partition("-")
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number))]
    total = sum(value // 10 + value % 10 for value in doubled)
    return (10 - total % 10) % 10 == int(check)


def test_regions_are_those_that_scans_are_measured_in() -> None:
    assert set(terms("body_sites")) == {region.value for region in Region}
