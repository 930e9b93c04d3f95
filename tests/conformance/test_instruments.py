"""What every instrument obeys: worked examples come out, missing is never no, ranges hold, and sources are named."""

from __future__ import annotations

import copy
import json
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from calciscope.instruments import blank_answers, instrument, instruments, listed, score
from calciscope.instruments.catalogue import SHIPPED
from calciscope.instruments.definition import Held, HeldIn, ItemType
from calciscope.record.noun import noun, nouns
from calciscope.record.vocabulary import terms
from calciscope.share.score_json import score_document
from calciscope.terms.errors import Refused

IDS = sorted(instruments())
SCORED = [name for name in IDS if not instrument(name).slot]
SLOTS = [name for name in IDS if instrument(name).slot]


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    answers: dict
    expected: dict
    open: tuple[str, ...]  # outputs that cannot be told
    refused: str


def laid_over(below: dict, above: dict) -> dict:
    """``above`` over ``below``, object by object."""
    merged = copy.deepcopy(below)
    for key, value in above.items():
        merged[key] = laid_over(merged[key], value) if isinstance(value, dict) and key in merged else value
    return merged


def without(answers: dict, path: str) -> dict:
    """``answers`` with one path taken out, which must be there."""
    *above, last = path.split(".")
    place = answers
    for step in above:
        place = place[step]
    del place[last]
    return answers


def examples(instrument_id: str) -> list[Example]:
    text = (SHIPPED / instrument_id.replace("-", "_") / "examples.toml").read_text(encoding="utf-8")
    found: dict[str, Example] = {}
    for held in tomllib.loads(text)["examples"]:
        assert set(held) <= {"name", "like", "unset", "answers", "expected", "refused", "open"}, held["name"]
        answers = laid_over(found[held["like"]].answers if "like" in held else {}, held.get("answers", {}))
        for path in held.get("unset", []):
            answers = without(answers, path)
        found[held["name"]] = Example(
            held["name"], answers, held.get("expected", {}), tuple(held.get("open", ())), held.get("refused", "")
        )
    return list(found.values())


EXAMPLES = [(name, example) for name in SCORED for example in examples(name)]
TOLD = [(name, example) for name, example in EXAMPLES if not example.refused]


def case_id(value: object) -> str:
    return value.name if isinstance(value, Example) else str(value)


def document(instrument_id: str, answers: dict) -> dict:
    found = score_document(score(instrument(instrument_id), answers), version="0")
    return json.loads(json.dumps(found, allow_nan=False))


def part_of(expected: object, found: object) -> bool:
    """Every key of an expected object is there with that value; numbers agree to nine digits."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(key in found and part_of(expected[key], found[key]) for key in expected)
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(part_of, expected, found))
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        return expected == found and isinstance(expected, bool) == isinstance(found, bool)
    return found == pytest.approx(expected, rel=1e-9) and not isinstance(found, bool)


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=case_id)
def test_worked_example(name: str, example: Example) -> None:
    if example.refused:
        with pytest.raises(Refused, match=r"[.?]$") as refusal:
            score(instrument(name), example.answers)
        assert example.refused in str(refusal.value)
        return
    found = document(name, example.answers)
    found["readings"] = [reading["says"] for reading in found["readings"]]
    assert example.expected or example.open, "an example must expect something"
    assert [key for key in example.expected if not part_of(example.expected[key], found.get(key, "absent"))] == [], (
        found
    )
    assert [key for key in example.open if found[key] is not None] == []


@pytest.mark.parametrize("name", SCORED)
def test_examples_cover_complete_missing_and_refused_answers(name: str) -> None:
    found = [document(name, example.answers)["missing"] for one, example in TOLD if one == name]
    assert any(not missing for missing in found)
    assert any(missing for missing in found)
    assert any(example.refused for one, example in EXAMPLES if one == name)


@pytest.mark.parametrize(("name", "example"), TOLD, ids=case_id)
def test_document_fits_its_schema_and_names_what_it_rests_on(name: str, example: Example) -> None:
    schema = json.loads(resources.files("calciscope.share").joinpath("schemas/score.schema.json").read_bytes())
    found = document(name, example.answers)
    jsonschema.validate(found, schema)
    described = {output.name for output in instrument(name).outputs}
    assert described <= set(found)
    assert set(found) - set(schema["required"]) <= described | {f"{one}_range" for one in described}
    assert set(found["verification_of"]) == described


@pytest.mark.parametrize(("name", "example"), TOLD, ids=case_id)
def test_null_is_the_same_as_a_missing_key(name: str, example: Example) -> None:
    nulls = laid_over(blank_answers(instrument(name)), example.answers)
    assert document(name, nulls) == document(name, example.answers)


@pytest.mark.parametrize(("name", "example"), TOLD, ids=case_id)
def test_a_value_lies_in_its_range_and_its_range_in_that_of_the_output(name: str, example: Example) -> None:
    found = document(name, example.answers)
    for output in instrument(name).outputs:
        low, high = found.get(f"{output.name}_range") or (None, None)
        if not isinstance(low, int | float):
            continue
        assert low <= high
        assert found[output.name] is None or low <= found[output.name] <= high
        if output.low is not None and output.high is not None:
            assert float(output.low) <= low
            assert high <= float(output.high)


@pytest.mark.parametrize("name", SCORED)
def test_nothing_assessed_tells_nothing_and_lists_everything(name: str) -> None:
    found = document(name, {})
    assert found["missing"]
    assert found["answers"] == {}
    asked = {item.key for item in instrument(name).items if not item.optional}
    named = {path.partition(".")[0] for path in found["missing"]}
    assert asked - {"cmas"} <= named | {"population"}


@pytest.mark.parametrize("name", SCORED)
def test_each_number_beyond_its_limits_is_refused_in_one_sentence(name: str) -> None:
    example = next(example for one, example in TOLD if one == name)
    for path, item in instrument(name).leaves().items():
        if item.type not in {ItemType.WHOLE, ItemType.NUMBER}:
            continue
        for beyond in (float(item.low) - 1, float(item.high) + 1, float("nan"), float("inf")):
            answers = laid_over(example.answers, nested(path, beyond))
            with pytest.raises(Refused) as refusal:
                score(instrument(name), answers)
            assert path in str(refusal.value)
            assert "\n" not in str(refusal.value)


def nested(path: str, value: object) -> dict:
    for step in reversed(path.split(".")):
        value = {step: value}
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("wrong", [[], {}, "", "3", True, 10**400, 1e308], ids=repr)
def test_any_wrong_type_is_refused_or_understood_never_a_crash(name: str, wrong: object) -> None:
    for path in instrument(name).leaves():
        try:
            score(instrument(name), nested(path, wrong))
        except Refused as refusal:
            assert path.partition(".")[0] in str(refusal)


@pytest.mark.parametrize("name", SLOTS)
def test_a_slot_says_why_it_cannot_be_scored(name: str) -> None:
    with pytest.raises(Refused, match="not found in print"):
        score(instrument(name), {})
    assert listed(instrument(name))["verification"] is None


@pytest.mark.parametrize("name", IDS)
def test_rights_and_sources_are_told(name: str) -> None:
    told = listed(instrument(name))
    assert told["rights"]["note"]
    assert all(source["cite"] and source["read"] for source in told["sources"])
    for value in told["values"]:
        assert value["verification"] != "memory" or value["note"] or instrument(name).cautions


def _has(held: Held) -> bool:
    """Whether the record can have what a definition looks for there."""
    match held.where:
        case HeldIn.AGE:
            return True
        case HeldIn.FACT:
            return held.name in nouns() and noun(held.name).field(held.field) is not None
        case HeldIn.SCORE:
            return held.field in {output.name for output in instrument(held.name).outputs}
        case _:
            return held.name in terms("laboratory_tests")


@pytest.mark.parametrize("name", IDS)
def test_places_of_the_record_that_it_names_are_there(name: str) -> None:
    places = [(path, held) for path, item in instrument(name).leaves().items() for held in item.record]
    assert [(path, held) for path, held in places if not _has(held)] == []


def test_no_list_of_instruments_is_kept_elsewhere() -> None:
    """One more instrument is one more folder: no module names two of them."""
    folders = {name.replace("-", "_") for name in IDS}
    lists = []
    for module in sorted(SHIPPED.parent.rglob("*.py")):
        own = {part for part in module.parts if part in folders}
        text = module.read_text(encoding="utf-8")
        named = {name for name in IDS if f'"{name}"' in text} | {name for name in folders - own if f".{name}" in text}
        if len(named) > 1:
            lists.append(module.name)
    assert lists == []


def test_definitions_and_examples_come_with_the_package() -> None:
    assert {path.parent.name for path in SHIPPED.glob("*/definition.toml")} == {n.replace("-", "_") for n in IDS}
    patterns = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert "**/*.toml" in patterns["package-data"]["calciscope"]
