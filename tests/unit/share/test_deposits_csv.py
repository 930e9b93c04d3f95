"""deposits.csv: exact columns, empty cells for what is not evaluable, the same numbers as the JSON."""

from __future__ import annotations

import csv
import io
import json

from calciscope.share.deposits_csv import deposits_csv
from calciscope.share.measurement_json import measurement_json

PROMISED = (
    "deposit_id,kind,confidence,reason,volume_ml,volume_130hu_ml,mass_mg,mass_lower_mg,mass_upper_mg,excess_hu_ml,"
    "peak_hu,mean_hu,background_hu,agatston,longest_diameter_mm,x_mm,y_mm,z_mm,skin_depth_mm,layer,layer_also,"
    "shape,region,side"
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_header_is_exactly_as_promised_even_without_deposits() -> None:
    assert deposits_csv(()) == PROMISED + "\n"


def test_one_row_a_candidate_in_order(make_measurement) -> None:
    measurement = make_measurement(deposits=9)
    found = rows(deposits_csv(measurement.deposits))
    assert [int(row["deposit_id"]) for row in found] == list(range(1, 10))
    assert {row["kind"] for row in found} > {"calcinosis"}  # set-aside ones too


def test_not_evaluable_is_an_empty_cell(make_measurement) -> None:
    found = rows(deposits_csv(make_measurement(voided=True).deposits))
    assert {row["mass_mg"] for row in found} == {""}
    assert found[4]["skin_depth_mm"] == ""
    assert found[0]["peak_hu"] == "512.0"


def test_lists_are_joined_by_semicolons(make_measurement) -> None:
    assert rows(deposits_csv(make_measurement().deposits))[2]["layer_also"] == "cutaneous;fascial"


def test_numbers_are_those_of_the_json(make_measurement) -> None:
    measurement = make_measurement()
    for row, one in zip(
        rows(deposits_csv(measurement.deposits)),
        json.loads(measurement_json(measurement))["deposits"],
        strict=True,
    ):
        assert float(row["mass_mg"]) == one["mass_mg"]
        assert float(row["x_mm"]) == one["x_mm"]
        assert row["reason"] == one["reason"]
