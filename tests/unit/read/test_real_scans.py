"""The real scans for development: each is read as what it is, or refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_files

from calciscope.read.checks import run_checks
from calciscope.read.series import read_series
from calciscope.terms.errors import Refused


def test_every_limb_is_read_whole(shared_data: Path) -> None:
    for path in sorted((shared_data / "limbs").glob("*.zip")):
        series = read_series(path)
        assert series.source.slices_filled == (), path.name
        assert not [left for left in series.source.left_out if left.what.startswith("slice ")], path.name
        assert 3.2 < series.volume.grid.spacing_mm[0] < 3.4


@pytest.mark.parametrize(
    ("name", "shape", "spacing_mm"),
    [
        ("trunk/chest_shoulders_1mm.zip", (60, 512, 512), (1.0, 0.781, 0.781)),
        ("trunk/upper_abdomen_arms_j2k.zip", (20, 512, 512), (2.0, 0.977, 0.977)),
        ("trunk/abdomen_pelvis_3mm.nii.gz", (112, 101, 122), (3.0, 3.0, 3.0)),
        ("odd/phantom_head_tilt.zip", (26, 512, 512), (2.371, 0.482, 0.482)),
        ("odd/head_tilt_uneven.zip", (37, 512, 512), (4.002, 0.488, 0.488)),
        ("odd/mixed_ct_pet_mr.zip", (68, 176, 173), (3.27, 0.977, 0.977)),
    ],
)
def test_scans_lie_as_their_headers_say(
    shared_data: Path, name: str, shape: tuple[int, ...], spacing_mm: tuple[float, ...]
) -> None:
    series = read_series(shared_data / name)
    assert series.volume.hu.shape == shape
    assert series.volume.grid.spacing_mm == pytest.approx(spacing_mm, abs=2e-3)
    assert series.source.slices_filled == ()
    assert len(run_checks(series)) >= 13


def test_a_tilted_gantry_is_a_sheared_grid(shared_data: Path) -> None:
    affine = read_series(shared_data / "odd" / "phantom_head_tilt.zip").volume.grid.affine
    tilt = np.degrees(np.arctan2(affine[2, 1], affine[1, 1]))
    assert tilt == pytest.approx(-18.5, abs=0.01)
    assert affine[:3, 2] == pytest.approx([0.0, 0.0, 2.5], abs=1e-6)


@pytest.mark.parametrize("name", ["odd/ct_screen_captures.zip", "odd/not_ct_pet.zip", "ultrasound", "fhir"])
def test_what_is_no_ct_is_refused(shared_data: Path, name: str) -> None:
    with pytest.raises(Refused):
        read_series(shared_data / name)


def test_pydicoms_odd_files_are_read_or_refused() -> None:
    files = [Path(name) for name in get_testdata_files()]
    answers = []
    for path in sorted(file for file in files if file.is_file()):
        try:
            answers.append(read_series(path).volume.hu.shape)
        except Refused as error:
            assert "\n" not in str(error) and str(error).endswith(".")
    assert not answers or all(shape[0] > 1 for shape in answers)


def test_pydicoms_test_folder_as_a_whole_gives_one_of_its_series() -> None:
    folders = {Path(name).parent for name in get_testdata_files("*CT_small.dcm")}
    for folder in sorted(folders):
        try:
            series = read_series(folder)
        except Refused as error:
            assert str(error).endswith(".")
        else:
            assert series.source.left_out
