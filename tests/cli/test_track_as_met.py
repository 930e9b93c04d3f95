"""`calciscope track` as people meet it: scans laid, cut, ordered and labelled in other ways, and pairs that are none."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from calciscope.cli.main import main
from tests.cli.conftest import SHAPE, SPACING_MM, legs_with_two_balls

Float64 = np.ndarray


def saved(place: Path, hu: Float64, *, steps: tuple[float, float, float] = (1.0, 1.0, 1.0), start: Float64 | None = None) -> Path:
    """A scan [slice, row, column] whose axes run with ``steps`` of the usual ones, its first voxel at ``start`` (LPS mm)."""
    lps = np.eye(4)
    for axis, (step, mm) in enumerate(zip(steps, SPACING_MM, strict=True)):
        lps[2 - axis, 2 - axis] = step * mm
    lps[:3, 3] = 0.0 if start is None else start
    noisy = hu + np.random.default_rng(list(place.name.encode())).normal(0, 5, hu.shape) * (hu > -500)
    image = nibabel.Nifti1Image(np.rint(noisy).astype(np.int16).transpose(2, 1, 0), np.diag([-1.0, -1.0, 1.0, 1.0]) @ lps)
    nibabel.save(image, place)
    return place


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("as_met")


@pytest.fixture(scope="module")
def again(places: Path) -> Path:
    """The same legs on another day, measured."""
    scan = saved(places / "again.nii.gz", legs_with_two_balls().astype(float))
    assert main(["measure", str(scan), "--out", str(places / "again"), "--quiet"]) == 0
    return places / "again"


def told(first: Path, *later: Path, out: Path) -> dict[str, Any]:
    """What `track` says of scans that it takes."""
    assert main(["track", str(first), *map(str, later), "--out", str(out), "--quiet"]) == 0
    document: dict[str, Any] = json.loads((out / "tracking.json").read_bytes())
    return document


def events(document: dict[str, Any], followup: int = 0) -> list[str]:
    return [family["event"] for family in document["comparisons"][followup]["families"]]


def relabelled(folder: Path, into: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a measured folder whose headers said something else."""
    shutil.copytree(folder, into)
    document = json.loads((into / "measurement.json").read_bytes())
    change(document)
    (into / "measurement.json").write_text(json.dumps(document), encoding="utf-8")
    return into


def in_series(**said: object) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["series"].update(said)


def shows(region: str) -> Callable[[dict[str, Any]], None]:
    part = {"region": region, "side": "left", "evaluable": True, "why_not": ""}
    return lambda document: document.update(coverage=[part])


def test_slices_stored_from_the_other_end_are_the_same_body(measured: Path, tmp_path: Path) -> None:
    """Head first or feet first, from the back or the front: places of the patient count, not the order of the files."""
    far = np.array([0.0, (SHAPE[1] - 1) * SPACING_MM[1], (SHAPE[0] - 1) * SPACING_MM[0]])
    turned = saved(tmp_path / "turned.nii.gz", legs_with_two_balls()[::-1, ::-1].astype(float), steps=(-1, -1, 1), start=far)
    assert events(told(measured, turned, out=tmp_path / "out")) == ["stable", "stable"]


def test_half_of_the_limbs_is_enough_and_what_is_not_in_view_is_not_judged(measured: Path, tmp_path: Path) -> None:
    part = saved(tmp_path / "part.nii.gz", legs_with_two_balls()[:12].astype(float))
    document = told(measured, part, out=tmp_path / "out")
    assert sorted(events(document)) == ["not_evaluable", "stable"]
    (lost,) = [one for one in document["comparisons"][0]["families"] if one["event"] == "not_evaluable"]
    assert "in view" in lost["note"] and lost["change_mg"] is None


@pytest.mark.parametrize("two_first", [True, False])
def test_two_legs_then_one_and_one_then_two(measured: Path, tmp_path: Path, two_first: bool) -> None:
    half = SHAPE[2] // 2
    one = saved(tmp_path / "one.nii.gz", legs_with_two_balls()[:, :, :half].astype(float))
    document = told(measured, one, out=tmp_path / "out") if two_first else told(one, measured, out=tmp_path / "out")
    found = {one["event"]: one for one in document["comparisons"][0]["families"]}
    assert set(found) == {"stable", "not_evaluable"}


def test_three_scans_are_each_held_against_the_first(measured: Path, again: Path, tmp_path: Path) -> None:
    first = relabelled(measured, tmp_path / "a", in_series(date="2025-01-10"))
    second = relabelled(again, tmp_path / "b", in_series(date="2025-07-10"))
    third = saved(tmp_path / "third.nii.gz", legs_with_two_balls().astype(float))
    assert main(["measure", str(third), "--out", str(tmp_path / "c0"), "--quiet"]) == 0
    last = relabelled(tmp_path / "c0", tmp_path / "c", in_series(date="2026-01-10"))
    document = told(last, first, second, out=tmp_path / "out")
    assert [scan["date"] for scan in document["scans"]] == ["2025-01-10", "2025-07-10", "2026-01-10"]
    assert [one["followup"] for one in document["comparisons"]] == [1, 2]
    assert events(document, 0) == events(document, 1) == ["stable", "stable"]
    with (tmp_path / "out" / "changes.csv").open(newline="", encoding="utf-8") as file:
        assert [row["followup"] for row in csv.DictReader(file)] == ["1", "1", "2", "2"]
    assert any("order of time" in warning for warning in document["warnings"])


def test_slices_three_times_as_thick_widen_the_limit_and_change_nothing(measured: Path, tmp_path: Path) -> None:
    thin = legs_with_two_balls().astype(float)
    thick = thin.reshape(SHAPE[0] // 3, 3, *SHAPE[1:]).mean(axis=1)
    start = np.array([0.0, 0.0, SPACING_MM[0]])
    document = told(measured, saved(tmp_path / "thick.nii.gz", thick, steps=(3.0, 1.0, 1.0), start=start), out=tmp_path / "out")
    assert set(events(document)) <= {"stable", "not_evaluable"} and "stable" in events(document)
    assert any("slices of" in reason for reason in document["comparisons"][0]["limit"]["widened_by"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (in_series(patient_key="somebody else"), "two patients"),
        (shows("hand"), "different parts"),
    ],
)  # fmt: skip
def test_scans_that_belong_to_different_things_are_refused_in_one_sentence(
    measured: Path, again: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Callable[[dict[str, Any]], None], words: str
) -> None:
    named = relabelled(measured, tmp_path / "named", in_series(patient_key="somebody"))
    first = relabelled(named, tmp_path / "a", shows("knee"))
    second = relabelled(again, tmp_path / "b", change)
    assert main(["track", str(first), str(second), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_contrast_is_warned_of_and_compared(measured: Path, again: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = relabelled(again, tmp_path / "b", in_series(contrast_agent="IOHEXOL"))
    assert main(["track", str(measured), str(second), "--out", str(tmp_path / "out")]) == 0
    assert "contrast agent" in capsys.readouterr().out


def test_scans_without_bone_are_refused_by_what_they_lack(
    measured: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soft = legs_with_two_balls().astype(float)
    soft[(soft > 80) & (np.abs(soft - 505) > 150)] = 55.0
    scan = saved(tmp_path / "soft.nii.gz", soft)
    assert main(["track", str(measured), str(scan), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    said = capsys.readouterr().err
    assert "bone" in said and said.count("\n") == 1
