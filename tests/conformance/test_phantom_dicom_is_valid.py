"""A phantom's files are a valid CT series: no error by dciodvfy, and the product reads back what was made."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from calciscope.phantom import Body, Kernel, Phantom, PhantomSpec, make_phantom, write
from calciscope.read.series import read_series

SPECS = {
    "leg": PhantomSpec(kind=Body.LEG, slices=10, rows=64, columns=72, spacing_mm=2.4, deposits="nodules-fat", count=2),
    "legs tilted": PhantomSpec(kind=Body.LEGS, slices=6, rows=64, columns=64, spacing_mm=6.0 / 1.3, tilt_deg=-14.0, deposits="none"),
    "arm with metal": PhantomSpec(kind=Body.ARM, slices=40, rows=64, columns=64, spacing_mm=2.0, centre_mm=90.0, metal=True,
                                  deposits="none", kernel=Kernel.SHARP),
    "trunk with contrast": PhantomSpec(kind=Body.TRUNK, slices=5, rows=64, columns=64, spacing_mm=5.0, slice_mm=3.0, contrast=True,
                                       deposits="none", juvenile=True),
}  # fmt: skip


@pytest.fixture(scope="module", params=SPECS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Phantom, Path]:
    """A phantom in memory and on disk."""
    phantom = make_phantom(SPECS[request.param])
    return phantom, write(phantom, tmp_path_factory.mktemp("phantom"))


def test_dciodvfy_finds_no_error(made: tuple[Phantom, Path]) -> None:
    tool = shutil.which("dciodvfy")
    if tool is None:
        pytest.skip("dciodvfy (Debian dicom3tools) is not installed")
    files = sorted(made[1].glob("*.dcm"))
    for file in (files[0], files[-1]):
        said = subprocess.run([tool, "-new", str(file)], capture_output=True, text=True, timeout=60)
        errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
        assert errors == []


def test_reading_gives_the_same_voxels_places_and_scan(made: tuple[Phantom, Path]) -> None:
    phantom, folder = made
    series = read_series(folder)
    assert np.array_equal(series.volume.hu, phantom.series.volume.hu)
    assert series.volume.grid.affine == pytest.approx(phantom.series.volume.grid.affine, abs=1e-5)
    assert series.volume.grid.frame_uid == phantom.series.volume.grid.frame_uid
    assert series.source.series_uid == phantom.truth["series_uid"]
    for name in (
        "kvp",
        "kernel",
        "slice_thickness_mm",
        "body_part",
        "patient_position",
        "patient_age_years",
        "scan_date",
    ):
        assert getattr(series.acquisition, name) == getattr(phantom.series.acquisition, name), name


def test_uids_are_unique_and_well_formed(made: tuple[Phantom, Path]) -> None:
    headers = [pydicom.dcmread(file, stop_before_pixels=True) for file in sorted(made[1].glob("*.dcm"))]
    assert len({header.SOPInstanceUID for header in headers}) == len(headers)
    for name in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
        (uid,) = {getattr(header, name) for header in headers}
        assert uid.is_valid


def test_same_spec_gives_the_same_bytes(tmp_path: Path) -> None:
    spec = replace(SPECS["leg"], slices=4, count=1)
    first, again = (write(make_phantom(spec), tmp_path / name) for name in ("first", "again"))
    names = sorted(file.name for file in first.iterdir())
    assert names == ["IM0001.dcm", "IM0002.dcm", "IM0003.dcm", "IM0004.dcm", "truth.json"]
    for name in names:
        assert (first / name).read_bytes() == (again / name).read_bytes()
    json.loads((first / "truth.json").read_text())
