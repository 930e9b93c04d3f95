"""A follow-up acquired feet first or head first, on the back or on the belly, is the same body; a wrong position is told."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileDataset

from calciscope.cli.main import main

SMALL = ["--kind", "leg", "--seed", "31", "--deposits", "nodules", "--count", "8", "--slice-mm", "2", "--slices", "60",
         "--rows", "160", "--columns", "160", "--quiet"]  # fmt: skip


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A leg, measured, and its scan a year later as DICOM."""
    place = tmp_path_factory.mktemp("visits")
    assert main(["phantom", *SMALL, "--out", str(place / "scan")]) == 0
    assert main(["phantom", *SMALL, "--followup", "--out", str(place / "later")]) == 0
    assert main(["measure", str(place / "scan"), "--out", str(place / "then"), "--quiet"]) == 0
    return place


def stored(scan: Path, out: Path, change: Callable[[FileDataset], None]) -> Path:
    """The slices of a scan as another scanner stores them, the last one first."""
    out.mkdir()
    paths = sorted(scan.glob("*.dcm"))
    for number, path in enumerate(paths):
        data = pydicom.dcmread(path)
        data.InstanceNumber = len(paths) - number
        change(data)
        data.save_as(out / f"{data.InstanceNumber:04d}.dcm")
    return out


def mirrored(data: FileDataset, *, columns: bool, rows: bool) -> None:
    """The same places of the patient with the image's columns, or rows, in the other order."""
    pixels = data.pixel_array
    across, down = np.array(data.ImageOrientationPatient[:3], float), np.array(data.ImageOrientationPatient[3:], float)
    corner = np.array(data.ImagePositionPatient, float)
    if columns:
        pixels, corner, across = pixels[:, ::-1], corner + across * (data.Columns - 1) * data.PixelSpacing[1], -across
    if rows:
        pixels, corner, down = pixels[::-1], corner + down * (data.Rows - 1) * data.PixelSpacing[0], -down
    data.PixelData = np.ascontiguousarray(pixels).tobytes()
    data.ImageOrientationPatient = [*across.tolist(), *down.tolist()]
    data.ImagePositionPatient = [round(float(value), 6) for value in corner]


def head_first(data: FileDataset) -> None:
    data.PatientPosition = "HFS"
    mirrored(data, columns=True, rows=False)


def on_the_belly(data: FileDataset) -> None:
    data.PatientPosition = "HFP"
    mirrored(data, columns=True, rows=True)


def wrongly_entered(data: FileDataset) -> None:
    """The console was told head first of a patient who went in feet first: left and right, head and feet change places."""
    mirrored(data, columns=True, rows=False)
    x, y, z = (float(value) for value in data.ImagePositionPatient)
    data.PatientPosition, data.ImageOrientationPatient = "HFS", [1, 0, 0, 0, 1, 0]
    data.ImagePositionPatient = [-x, y, -z]


def changes(visits: Path, followup: Path, out: Path) -> list[dict[str, str]]:
    assert main(["track", str(visits / "then"), str(followup), "--out", str(out), "--quiet"]) == 0
    with (out / "changes.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("way", [head_first, on_the_belly])
def test_the_same_changes_are_found_whichever_way_the_patient_went_in(
    visits: Path, tmp_path: Path, way: Callable[[FileDataset], None]
) -> None:
    plain = changes(visits, visits / "later", tmp_path / "plain")
    other = changes(visits, stored(visits / "later", tmp_path / "other", way), tmp_path / "out")
    assert [row["event"] for row in other] == [row["event"] for row in plain]
    assert len({row["event"] for row in plain}) > 2
    for one, two in zip(plain, other, strict=True):
        if one["change_mg"]:
            assert float(two["change_mg"]) == pytest.approx(float(one["change_mg"]), abs=float(one["limit_mg"]))


def test_a_position_that_was_entered_wrongly_is_told_in_one_sentence(
    visits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = stored(visits / "later", tmp_path / "wrong", wrongly_entered)
    assert main(["track", str(visits / "then"), str(wrong), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    said = capsys.readouterr().err
    assert "head to foot" in said and said.count("\n") == 1
    assert not (tmp_path / "out").exists()
