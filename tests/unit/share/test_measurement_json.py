"""measurement.json keeps its schema, its order and its bytes."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from calciscope.share.deposit_rows import COLUMNS
from calciscope.share.measurement_json import measurement_json, plain
from calciscope.terms.deposits import Deposit, Kind, Layer, Region, Shape, Side

EXAMPLE = Path(__file__).parents[3] / "docs/reference/examples/measurement.json"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(resources.files("calciscope.share").joinpath("schemas/measurement.schema.json").read_bytes())


@pytest.mark.parametrize("options", [{}, {"deposits": 0}, {"voided": True}, {"deposits": 40}])
def test_document_keeps_its_schema(make_measurement, schema, options) -> None:
    jsonschema.validate(json.loads(measurement_json(make_measurement(**options))), schema)


def test_schema_itself_is_sound_and_strict(schema) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": "calciscope.measurement"}, schema)


def test_schema_refuses_a_kind_that_is_not_in_the_vocabulary(make_measurement, schema) -> None:
    document = json.loads(measurement_json(make_measurement()))
    document["deposits"][0]["kind"] = "stardust"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


@pytest.mark.parametrize(
    ("column", "words"), [("kind", Kind), ("layer", Layer), ("shape", Shape), ("region", Region), ("side", Side)]
)
def test_schema_lists_each_vocabulary_in_full(schema, column, words) -> None:
    listed = schema["properties"]["deposits"]["items"]["properties"][column]["enum"]
    assert set(listed) == {str(word) for word in words}


def test_columns_are_the_deposit_s_own_fields() -> None:
    assert {field.name for field in fields(Deposit)} == set(COLUMNS)


def test_same_measurement_gives_same_text(make_measurement) -> None:
    assert measurement_json(make_measurement()) == measurement_json(make_measurement())


def test_burden_is_the_sum_of_the_counted_deposits(make_measurement) -> None:
    document = json.loads(measurement_json(make_measurement(deposits=30)))
    counted = [one["mass_mg"] for one in document["deposits"] if one["kind"] == "calcinosis"]
    assert document["burden"]["mass_mg"] == pytest.approx(sum(counted), rel=1e-5)


def test_not_evaluable_is_null_never_zero(make_measurement) -> None:
    document = json.loads(measurement_json(make_measurement(voided=True)))
    assert document["burden"]["mass_mg"] is None
    assert all(one["mass_mg"] is None for one in document["deposits"])


def test_settings_of_any_plain_type_are_written_in_order() -> None:
    import numpy as np

    value = {"b": (1, 2.5), "a": np.float32(0.5), "c": np.array([1, 2]), "d": True, "e": None, "f": Kind.BONE}
    assert json.dumps(plain(value)) == '{"a": 0.5, "b": [1, 2.5], "c": [1, 2], "d": true, "e": null, "f": "bone"}'


def test_no_free_text_that_may_name_the_patient_is_written(make_measurement) -> None:
    text = measurement_json(make_measurement())
    assert "description" not in text


def test_example_in_the_docs_is_current(make_measurement) -> None:
    shown = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    made = json.loads(measurement_json(make_measurement(shape=(4, 24, 48), deposits=4)))
    shown.pop("software")
    made.pop("software")
    assert shown == made
