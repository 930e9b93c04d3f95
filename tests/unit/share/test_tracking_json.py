"""tracking.json keeps its schema, its order and the example that the documentation shows."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from calciscope.measure.track.run import track
from calciscope.share.tracking_json import document, tracking_json
from calciscope.terms.tracking import Event, Tracking
from tests.unit.measure.track.toy import FACTS, Ball, Place, of_a_later_day, scan

EXAMPLE = Path(__file__).parents[3] / "docs/reference/examples/tracking.json"
STILL = (Ball(at=(40.0, 5.0, 60.0)), Ball(at=(-38.0, 20.0, 30.0)), Ball(at=(10.0, 44.0, -50.0)))
SPOT = (36.0, -20.0, -80.0)


@pytest.fixture(scope="module")
def tracking() -> Tracking:
    """A knee with a deposit that grew, one that came and one that went."""
    gone, grown = Ball(at=SPOT), Ball(at=(-10.0, 45.0, 90.0), mass_mg=160.0, radius_mm=4.7)
    first = scan((*STILL, gone, replace(grown, mass_mg=100.0, radius_mm=4.0)))
    later = scan((*STILL, grown, Ball(at=(-40.0, -5.0, -90.0))), Place(turn=np.eye(3), shift_mm=(6.0, -9.0, 33.0), bend_deg=6.0))
    return track([first, of_a_later_day(later)])


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.files("calciscope.share").joinpath("schemas/tracking.schema.json").read_bytes())
    return found


def keys(value: object) -> object:
    """Names within names, in order; a list by its first entry."""
    if isinstance(value, dict):
        return {name: keys(part) for name, part in value.items() if name not in ("settings", "software")}
    return [keys(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


def test_document_keeps_its_schema(tracking: Tracking, schema: dict[str, Any]) -> None:
    jsonschema.validate(json.loads(tracking_json(tracking)), schema)
    assert tracking_json(tracking) == tracking_json(tracking)


def test_the_example_is_a_document_of_today(tracking: Tracking, schema: dict[str, Any]) -> None:
    example = json.loads(EXAMPLE.read_bytes())
    jsonschema.validate(example, schema)
    written = json.loads(tracking_json(tracking))
    assert json.dumps(keys(example)) == json.dumps(keys(written)), "names and their order"
    assert [one["event"] for one in example["comparisons"][0]["families"]] == [
        one["event"] for one in written["comparisons"][0]["families"]
    ]


def test_schema_lists_every_event(schema: dict[str, Any]) -> None:
    assert all(f'"{event.value}"' in json.dumps(schema) for event in Event)


def test_a_scan_is_told_by_its_facts(tracking: Tracking) -> None:
    first = document(tracking)["scans"][0]  # type: ignore[index]
    assert first["date"] == "2025-03-07" and first["kvp"] == FACTS.kvp
