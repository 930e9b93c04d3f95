"""`calciscope measure` from scan to folder: what it writes, what it refuses, and that nothing is ever half-written."""

from __future__ import annotations

import csv
import errno
import json
import shutil
from importlib import resources
from pathlib import Path

import jsonschema
import nibabel
import numpy as np
import pytest

from calciscope.cli.main import main

FILES = [
    "anatomy.nii.gz", "coarse_ct.nii.gz", "deposits.csv", "measurement.json", "overview.png", "report.pdf", "segmentation.nii.gz",
]  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_folder_holds_what_is_promised(measured: Path) -> None:
    assert names(measured) == FILES
    schema = json.loads(resources.files("calciscope.share").joinpath("schemas/measurement.schema.json").read_bytes())
    document = json.loads((measured / "measurement.json").read_bytes())
    jsonschema.validate(document, schema)
    with (measured / "deposits.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["deposit_id"]) for row in rows] == [one["deposit_id"] for one in document["deposits"]]


def test_both_balls_are_found_and_lie_where_the_mask_says(measured: Path) -> None:
    document = json.loads((measured / "measurement.json").read_bytes())
    calcinosis = [one for one in document["deposits"] if one["kind"] == "calcinosis"]
    assert document["burden"]["deposits"] == len(calcinosis) == 2
    image = nibabel.load(measured / "segmentation.nii.gz")
    labels = np.asarray(image.dataobj)
    assert set(np.unique(labels)) - {0} == {one["deposit_id"] for one in document["deposits"]}
    for one in calcinosis:
        ras = np.array([-one["x_mm"], -one["y_mm"], one["z_mm"], 1.0])
        place = np.round(np.linalg.inv(image.affine) @ ras).astype(int)[:3]
        assert labels[tuple(place)] == one["deposit_id"]


def test_nothing_names_the_place_or_the_time(measured: Path, scan: Path) -> None:
    for name in ("measurement.json", "deposits.csv", "report.pdf"):
        held = (measured / name).read_bytes()
        assert str(scan.parent).encode() not in held
        assert str(measured).encode() not in held
        assert scan.name.encode() not in held


def test_same_scan_gives_the_same_bytes_and_json_prints_the_file(
    measured: Path, scan: Path, tmp_path: Path, capsysbinary
) -> None:
    assert main(["measure", str(scan), "--out", str(tmp_path / "again"), "--json", "--jobs", "1"]) == 0
    printed = capsysbinary.readouterr().out
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (measured / name).read_bytes(), name
    assert printed == (tmp_path / "again" / "measurement.json").read_bytes()


def test_quiet_prints_nothing_and_overwrite_replaces(measured: Path, scan: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    shutil.copytree(measured, out)
    (out / "report.pdf").unlink()
    assert main(["measure", str(scan), "--out", str(out)]) == 3
    assert "--overwrite" in capsys.readouterr().err
    assert not (out / "report.pdf").exists()
    assert main(["measure", str(scan), "--out", str(out), "--overwrite", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert names(out) == FILES
    assert names(tmp_path) == ["out"]


def test_folder_of_others_is_never_replaced(scan: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "measurement.json").write_text('{"schema": "of another program"}')
    assert main(["measure", str(scan), "--out", str(out), "--overwrite"]) == 3
    assert "left as it is" in capsys.readouterr().err
    assert names(out) == ["measurement.json"]


@pytest.mark.parametrize("option", ["SCAN", "--bone-mask"])
def test_path_that_is_not_there_is_wrong_usage(option: str, scan: Path, tmp_path: Path, capsys) -> None:
    missing = str(tmp_path / "nowhere.nii.gz")
    call = [missing] if option == "SCAN" else [str(scan), "--bone-mask", missing]
    assert main(["measure", *call, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert f"{option} {missing} is not there" in said
    assert said.count("\n") == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize("content", [None, b"", b"Dear diary", b"\x00" * 5000], ids=["empty", "zero", "text", "zeros"])
def test_what_is_no_scan_is_refused_in_one_sentence(content: bytes | None, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    if content is not None:
        (folder / "file.dcm").write_bytes(content)
    assert main(["measure", str(folder), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    assert names(tmp_path) == ["in"]


@pytest.mark.parametrize("writer", ["write_labels", "draw"])
def test_full_disk_leaves_nothing(writer: str, scan: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"calciscope.share.measured_folder.{writer}", full)
    assert main(["measure", str(scan), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    said = capsys.readouterr().err
    assert "disk is full" in said
    assert said.count("\n") == 1
    assert names(tmp_path) == []


def test_mask_of_bone_from_elsewhere_is_taken(scan: Path, tmp_path: Path) -> None:
    image = nibabel.load(scan)
    bone = (np.asarray(image.dataobj) > 650).astype(np.uint8)
    nibabel.save(nibabel.Nifti1Image(bone, image.affine), tmp_path / "bone.nii.gz")
    call = ["measure", str(scan), "--out", str(tmp_path / "out"), "--bone-mask", str(tmp_path / "bone.nii.gz")]
    assert main([*call, "--quiet", "--matrix", "background", "--calibration", "1.5"]) == 0
    recipe = json.loads((tmp_path / "out" / "measurement.json").read_bytes())["recipe"]
    assert recipe["matrix"]["name"] == "background"
    assert (recipe["calibration"]["hu_per_mg_ml"], recipe["calibration"]["source"]) == (1.5, "given")
