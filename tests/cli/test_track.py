"""`calciscope track` from two scans to one folder: what it writes, what it refuses, and that nothing measured is changed."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from importlib import resources
from pathlib import Path

import jsonschema
import nibabel
import numpy as np
import pytest

from calciscope.cli.main import main
from tests.cli.conftest import BALLS, SHAPE, SPACING_MM, legs_with_two_balls

SHIFT_MM = (9.0, -14.0, 120.0)  # another table height, another start of the scan


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same legs elsewhere on the table, the smaller ball grown."""
    hu = legs_with_two_balls()
    index = np.stack(np.meshgrid(*(np.arange(side) for side in SHAPE), indexing="ij"), axis=-1)
    centre, radius_mm = BALLS[0]
    away = np.sqrt((((index - centre) * SPACING_MM) ** 2).sum(axis=-1))
    hu[(away <= radius_mm + 2.0) & (away > radius_mm)] += 450
    hu = hu + np.random.default_rng(8).normal(0, 8, SHAPE) * (hu > -500)
    affine = np.diag([-SPACING_MM[2], -SPACING_MM[1], SPACING_MM[0], 1.0])
    affine[:3, 3] = SHIFT_MM
    path = tmp_path_factory.mktemp("later") / "legs.nii.gz"
    nibabel.save(nibabel.Nifti1Image(np.rint(hu).astype(np.int16).transpose(2, 1, 0), affine), path)
    return path


@pytest.fixture(scope="module")
def tracked(measured: Path, later: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tracked") / "out"
    assert main(["track", str(measured), str(later), "--out", str(out), "--quiet", "--debug"]) == 0
    return out


def test_folder_holds_what_is_promised(tracked: Path) -> None:
    names = sorted(path.name for path in tracked.iterdir())
    assert names == ["changes.csv", "changes.png", "difference.png", "map", "measured_2", "report.pdf", "tracking.json"]
    schema = json.loads(resources.files("calciscope.share").joinpath("schemas/tracking.schema.json").read_bytes())
    jsonschema.validate(json.loads((tracked / "tracking.json").read_bytes()), schema)


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "changes.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_growth_is_told_from_rest_across_another_table_position(tracked: Path) -> None:
    found = {row["event"]: row for row in rows(tracked)}
    assert set(found) == {"grown", "stable"}
    assert found["grown"]["significant"] == "true"
    assert float(found["grown"]["change_mg"]) > float(found["grown"]["limit_mg"]) > 0
    assert abs(float(found["stable"]["change_mg"])) < float(found["stable"]["limit_mg"])
    assert {row["cause"] for row in rows(tracked)} == {"unknown"}


def test_limbs_are_put_where_they_went(tracked: Path) -> None:
    document = json.loads((tracked / "tracking.json").read_bytes())
    segments = document["comparisons"][0]["segments"]
    assert len(segments) == 2
    for segment in segments:
        centre = np.array([*segment["centre_mm"], 1.0])
        moved = (np.array(segment["to_followup"]) @ centre)[:3] - centre[:3]
        lps = np.array([-SHIFT_MM[0], -SHIFT_MM[1], SHIFT_MM[2]])
        assert np.abs(moved - lps)[:2].max() < 1.0


def test_a_measurement_is_read_and_never_changed(measured: Path, tracked: Path, later: Path, tmp_path: Path) -> None:
    before = hashes(measured)
    assert main(["track", str(measured), str(later), "--out", str(tmp_path / "again"), "--quiet"]) == 0
    assert hashes(measured) == before
    assert (tracked / "measured_2" / "measurement.json").is_file()
    assert not (tracked / "measured_1").exists()
    for name in ("tracking.json", "changes.csv", "changes.png", "difference.png", "report.pdf"):
        assert (tmp_path / "again" / name).read_bytes() == (tracked / name).read_bytes(), name


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["MEASURED"], 2, "Only one SCAN"),
        (["MEASURED", "MEASURED"], 3, "same scan"),
        (["MEASURED", "MISSING"], 2, "not there"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(
    measured: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, word: str
) -> None:
    places = {"MEASURED": str(measured), "MISSING": str(tmp_path / "none")}
    out = tmp_path / "out"
    assert main(["track", *(places[one] for one in arguments), "--out", str(out)]) == code
    said = capsys.readouterr().err
    assert word in said and said.count("\n") == 1
    assert not out.exists()


def test_a_damaged_measurement_is_refused(measured: Path, later: Path, tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in measured.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    (broken / "segmentation.nii.gz").write_bytes((measured / "segmentation.nii.gz").read_bytes()[:400])
    assert main(["track", str(broken), str(later), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    assert "damaged" in capsys.readouterr().err


def test_a_measurement_whose_numbers_are_none_is_refused(
    measured: Path, later: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(measured, broken)
    held = json.loads((broken / "measurement.json").read_bytes())
    held["deposits"][0]["mass_mg"] = "much"
    (broken / "measurement.json").write_text(json.dumps(held))
    assert main(["track", str(broken), str(later), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    assert "damaged measurement.json" in capsys.readouterr().err
