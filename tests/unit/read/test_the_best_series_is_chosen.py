"""Which of several series is measured, why, and how it was acquired."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from calciscope.read.identity import DEVELOPMENT_KEY, KEY_VARIABLE
from calciscope.read.kernels import Sharpness, sharpness
from calciscope.read.series import read_series
from calciscope.terms.errors import Refused
from tests.unit.read import dicom_maker as make


def write_pair(folder: Path, other: dict[str, object], *, slices: int = 24) -> Path:
    """A plain series (1) and another one (2)."""
    make.write_series(folder / "1", make.leg(24), series=1, spacing=2.0)
    make.write_series(folder / "2", make.leg(slices), series=2, **({"spacing": 2.0} | other))
    return folder


@pytest.mark.parametrize(
    ("other", "slices"),
    [
        ({"ContrastBolusAgent": "IOHEXOL"}, 24),
        ({"ConvolutionKernel": "B70f"}, 24),
        ({"spacing": 6.0}, 8),
        ({}, 9),
        ({"ImageType": ["DERIVED", "SECONDARY", "MPR"]}, 24),
    ],
    ids=["contrast", "sharp kernel", "thick slices", "part of the body", "derived"],
)
def test_the_better_series_wins(other: dict[str, object], slices: int, tmp_path: Path) -> None:
    series = read_series(write_pair(tmp_path, other, slices=slices))
    assert series.source.series_uid == f"{make.UID_ROOT}1"
    assert "best suited of 2 CT series" in series.source.chosen_because


def test_the_series_asked_for_is_taken(tmp_path: Path) -> None:
    folder = write_pair(tmp_path, {"ContrastBolusAgent": "IOHEXOL"})
    series = read_series(folder, series_uid=f"{make.UID_ROOT}2")
    assert series.source.series_uid == f"{make.UID_ROOT}2"
    assert series.source.chosen_because == "the series asked for"
    with pytest.raises(Refused) as caught:
        read_series(folder, series_uid="1.2.3")
    assert f"{make.UID_ROOT}1" in str(caught.value) and f"{make.UID_ROOT}2" in str(caught.value)


def test_a_series_with_a_hole_gives_way_to_a_whole_one(tmp_path: Path) -> None:
    make.write_series(tmp_path / "1", make.leg(24), series=1, spacing=1.0)
    for index in range(10, 15):
        (tmp_path / "1" / f"s{index:03d}.dcm").unlink()
    make.write_series(tmp_path / "2", make.leg(12), series=2, spacing=2.0)
    assert read_series(tmp_path).source.series_uid == f"{make.UID_ROOT}2"


def test_the_acquisition_is_read(tmp_path: Path) -> None:
    tags = {"CTDIvol": 4.2, "BodyPartExamined": "LEG", "Laterality": "L", "PatientPosition": "FFS", "PatientSex": "F"}
    series = read_series(make.write_series(tmp_path, make.leg(), **tags))
    found = series.acquisition
    assert (found.kvp, found.kernel, found.slice_thickness_mm, found.ctdi_vol_mgy) == (120.0, "B30f", 2.0, 4.2)
    assert (found.body_part, found.laterality, found.patient_position, found.patient_sex) == ("LEG", "L", "FFS", "F")
    assert (found.patient_age_years, found.scan_date) == (12.0, date(2022, 3, 1))
    assert found.dlp_mgy_cm is None and found.contrast_agent is None


@pytest.mark.parametrize(
    ("age", "years"), [("018M", 1.5), ("026W", 0.498), ("010D", 0.027), ("", 12.162), ("abc", 12.162)]
)
def test_age_comes_from_its_string_or_the_birth_date(age: str, years: float, tmp_path: Path) -> None:
    series = read_series(make.write_series(tmp_path, make.leg(4), PatientAge=age))
    assert series.acquisition.patient_age_years == pytest.approx(years, abs=0.001)


def test_missing_values_stay_unknown(tmp_path: Path) -> None:
    gone = {"KVP": None, "ConvolutionKernel": None, "PatientAge": None, "PatientBirthDate": None, "PatientID": None}
    series = read_series(make.write_series(tmp_path, make.leg(4), **gone))
    assert series.acquisition.kvp is None and series.acquisition.kernel is None
    assert series.acquisition.patient_age_years is None and series.source.patient_key is None


def test_the_patient_is_named_by_a_keyed_hash_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make.write_series(tmp_path, make.leg(4))
    identity = "\x1f".join(("TEST", "", "20100101")).encode()
    for key in (DEVELOPMENT_KEY, "a hospital's own"):
        monkeypatch.setenv(KEY_VARIABLE, key)
        assert read_series(folder).source.patient_key == hmac.new(key.encode(), identity, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("kernel", "kind"),
    [
        ("B30f", Sharpness.SOFT),
        ("Br38f 3", Sharpness.SOFT),
        ("I70f", Sharpness.SHARP),
        ("Br64d", Sharpness.SHARP),
        ("STANDARD", Sharpness.SOFT),
        ("BONEPLUS", Sharpness.SHARP),
        ("LUNG", Sharpness.SHARP),
        ("FC08", Sharpness.SOFT),
        ("FC52", Sharpness.SHARP),
        ("B", Sharpness.SOFT),
        ("YC", Sharpness.SHARP),
        ("something", Sharpness.UNKNOWN),
        (None, Sharpness.UNKNOWN),
    ],
)
def test_kernels_are_known_by_their_names(kernel: str | None, kind: Sharpness) -> None:
    assert sharpness(kernel) is kind


def test_progress_ends_at_one(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    read_series(make.write_series(tmp_path, make.leg(6)), progress=lambda step, part: seen.append((step, part)))
    assert seen[-1] == ("Reading the scan", 1.0)
    assert all(0.0 <= part <= 1.0 for _, part in seen)


def test_volumes_are_ready_for_measuring(tmp_path: Path) -> None:
    volume = read_series(make.write_series(tmp_path, make.leg(6))).volume
    assert volume.hu.dtype == np.int16 and volume.hu.flags.c_contiguous and volume.hu.flags.writeable
