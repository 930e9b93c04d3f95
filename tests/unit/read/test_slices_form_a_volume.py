"""Order, orientation, tilt, missing, duplicate, uneven and corrupt slices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calciscope.read.checks import run_checks
from calciscope.read.series import read_series
from calciscope.terms.errors import Refused
from calciscope.terms.series import Series
from tests.unit.read import dicom_maker as make


def failed(series: Series) -> dict[str, str]:
    """Messages of the checks that did not pass."""
    return {check.id: check.message for check in run_checks(series) if not check.passed}


def write(folder: Path, hu: np.ndarray, keep: list[int], **tags: object) -> Path:
    """A series of some of the slices only."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in keep:
        data = make.to_bytes(make.slice_dataset(hu[index], index, **tags))
        (folder / f"{(index * 7) % 100:03d}_{index}.dcm").write_bytes(data)
    return folder


def test_slices_are_ordered_by_position_not_by_name(tmp_path: Path) -> None:
    hu = make.leg(20)
    series = read_series(write(tmp_path, hu, list(range(20))))
    assert np.array_equal(series.volume.hu, hu)
    assert series.volume.grid.to_lps(np.array([3.0, 2.0, 1.0])) == pytest.approx([-18.75, -27.0, 106.0])
    assert [round(instance.position_mm[2]) for instance in series.source.instances] == list(range(100, 140, 2))


@pytest.mark.parametrize(
    "orientation",
    [[1, 0, 0, 0, 1, 0], [-1, 0, 0, 0, -1, 0], [-1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, -1], [0, 1, 0, 0, 0, -1]],
    ids=["head first", "prone", "feet first", "coronal", "sagittal"],
)
def test_any_orientation_lies_right_in_the_patient(orientation: list[int], tmp_path: Path) -> None:
    hu = make.leg(8)
    normal = np.cross(orientation[:3], orientation[3:])
    for index in range(8):
        place = [float(v) for v in np.array([5.0, 6.0, 7.0]) - 2.0 * index * normal]
        file = make.slice_dataset(hu[index], index, ImageOrientationPatient=orientation, ImagePositionPatient=place)
        (tmp_path / f"{index}.dcm").write_bytes(make.to_bytes(file))
    volume = read_series(tmp_path).volume
    for index, row, column in ((0, 3, 4), (7, 20, 11)):
        lps = np.array([5.0, 6.0, 7.0]) - 2.0 * index * normal
        lps = lps + np.array(orientation[:3]) * 1.25 * column + np.array(orientation[3:]) * 1.5 * row
        found = volume.grid.to_index(lps)
        assert found == pytest.approx(np.rint(found), abs=1e-6)
        assert volume.hu[tuple(np.rint(found).astype(int))] == hu[index, row, column]


def test_gantry_tilt_shears_the_grid(tmp_path: Path) -> None:
    hu, angle = make.leg(8), np.deg2rad(20.0)
    tilted = [1, 0, 0, 0, float(np.cos(angle)), float(-np.sin(angle))]
    grid = read_series(write(tmp_path, hu, list(range(8)), ImageOrientationPatient=tilted)).volume.grid
    assert grid.spacing_mm == pytest.approx((2.0 * np.cos(angle), 1.5, 1.25), abs=1e-6)
    assert grid.affine[:3, 2] == pytest.approx([0.0, 0.0, 2.0], abs=1e-6)


def test_rounded_positions_are_regular(tmp_path: Path) -> None:
    hu = make.leg(10)
    for index in range(10):
        file = make.slice_dataset(hu[index], index, ImagePositionPatient=[0, 0, round(0.625 * index, 1)])
        (tmp_path / f"{index}.dcm").write_bytes(make.to_bytes(file))
    series = read_series(tmp_path)
    assert series.volume.hu.shape[0] == 10
    assert series.volume.grid.spacing_mm[0] == pytest.approx(0.625, abs=0.02)


def test_a_missing_slice_is_interpolated_and_named(tmp_path: Path) -> None:
    hu = make.leg(40)
    series = read_series(write(tmp_path, hu, [n for n in range(40) if n != 17]))
    assert series.source.slices_filled == (17,)
    assert len(series.source.instances) == 39
    assert np.abs(series.volume.hu[17] - (hu[16].astype(int) + hu[18]) / 2).max() <= 0.5
    assert "slice 18 of 40: missing" in failed(series)["slices_filled"]


@pytest.mark.parametrize("gone", [{18, 19, 20}, {5, 12, 19, 26}], ids=["three in a row", "more than 5 %"])
def test_too_many_missing_slices_are_refused(gone: set[int], tmp_path: Path) -> None:
    folder = write(tmp_path, make.leg(40), [n for n in range(40) if n not in gone])
    with pytest.raises(Refused, match="missing"):
        read_series(folder)


def test_a_few_slices_beyond_a_wide_gap_are_left_out_and_said(tmp_path: Path) -> None:
    hu = make.leg(40)
    series = read_series(write(tmp_path, hu, [0, 1, 2, *range(10, 40)]))
    assert np.array_equal(series.volume.hu, hu[10:])
    assert "3 slices beyond it" in failed(series)["slice_gap"]


@pytest.mark.parametrize("kind", ["noise", "blank", "elsewhere", "upside down", "shifted scale", "half"])
def test_a_slice_that_does_not_fit_is_interpolated_and_named(kind: str, tmp_path: Path) -> None:
    hu = make.leg(40, 48)
    bad, rng = hu.copy(), np.random.default_rng(3)
    bad[:, 30:, 20:30] = hu[:, 30:, 20:30] = -1000  # so that up and down differ
    bad[21] = {
        "noise": rng.integers(-1024, 3000, (48, 48)),
        "blank": np.zeros((48, 48)),
        "elsewhere": np.roll(hu[0], 12, axis=1),
        "upside down": bad[21, ::-1],
        "shifted scale": np.clip(bad[21].astype(int) + 1024, -1024, 3071),
        "half": np.where(np.arange(48)[:, None] > 24, -1024, bad[21]),
    }[kind]
    series = read_series(write(tmp_path, bad, list(range(40))))
    assert series.source.slices_filled == (21,)
    assert np.abs(series.volume.hu[21] - hu[21].astype(int)).mean() < 30
    assert "slice 22 of 40" in failed(series)["slices_filled"]


def test_a_corrupt_last_slice_is_cut_off(tmp_path: Path) -> None:
    hu = make.leg(40)
    hu[39] = np.random.default_rng(3).integers(-1024, 3000, hu[39].shape)
    series = read_series(write(tmp_path, hu, list(range(40))))
    assert np.array_equal(series.volume.hu, hu[:39])
    assert "slice 40 of 40" in failed(series)["slices_filled"]


def test_three_corrupt_slices_in_a_row_are_refused(tmp_path: Path) -> None:
    hu = make.leg(80)
    hu[30:33] = np.random.default_rng(3).integers(-1024, 3000, hu[30:33].shape)
    with pytest.raises(Refused, match="corrupt"):
        read_series(write(tmp_path, hu, list(range(80))))


def test_a_truncated_slice_is_interpolated(tmp_path: Path) -> None:
    hu = make.leg(40)
    folder = write(tmp_path, hu, list(range(40)))
    cut = next(folder.glob("*_20.dcm"))
    cut.write_bytes(cut.read_bytes()[:-900])
    series = read_series(folder)
    assert series.source.slices_filled == (20,)
    assert any("cut short" in left.why for left in series.source.left_out)


def test_ends_of_the_body_and_motion_are_no_corruption(tmp_path: Path) -> None:
    hu = make.leg(40)
    hu[35:] = -1000 + make.leg(40)[35:] // 100  # the limb ends
    hu[20:35] = np.roll(hu[20:35], 3, axis=2)  # the patient moved, and stayed there
    series = read_series(write(tmp_path, hu, list(range(40))))
    assert series.source.slices_filled == () and np.array_equal(series.volume.hu, hu)


def test_identical_duplicates_are_dropped(tmp_path: Path) -> None:
    hu = make.leg(12)
    write(tmp_path / "a", hu, list(range(12)))
    write(tmp_path / "b", hu, [3, 4])
    series = read_series(tmp_path)
    assert np.array_equal(series.volume.hu, hu)
    assert any(left.why == "identical copy" and left.count == 2 for left in series.source.left_out)


def test_of_conflicting_duplicates_the_fitting_one_is_kept(tmp_path: Path) -> None:
    hu = make.leg(12)
    write(tmp_path / "b", hu, list(range(12)))
    write(tmp_path / "a", np.roll(hu, 9, axis=2), [5], SOPInstanceUID="1.2.3")
    series = read_series(tmp_path)
    assert np.array_equal(series.volume.hu, hu)


def test_uneven_slices_are_resampled_and_sums_are_kept(tmp_path: Path) -> None:
    hu = make.leg(24, seed=1)
    places = np.concatenate([np.arange(12) * 2.0, 22.0 + 3.0 * np.arange(1, 13)])
    for index, place in enumerate(places):
        file = make.slice_dataset(hu[index], index, ImagePositionPatient=[0.0, 0.0, float(place)])
        (tmp_path / f"{index}.dcm").write_bytes(make.to_bytes(file))
    series = read_series(tmp_path)
    assert round(series.volume.grid.spacing_mm[0], 6) in (2.0, 3.0)
    assert "resampled" in failed(series)["slice_gap"]
    before = np.trapezoid(hu.mean(axis=(1, 2)), places)
    after = np.trapezoid(series.volume.hu.mean(axis=(1, 2)), dx=series.volume.grid.spacing_mm[0])
    assert after == pytest.approx(before, rel=0.05)


def test_wildly_uneven_slices_are_refused(tmp_path: Path) -> None:
    hu = make.leg(12)
    for index in range(12):
        file = make.slice_dataset(hu[index], index, ImagePositionPatient=[0.0, 0.0, 1.3**index * 2.2])
        (tmp_path / f"{index}.dcm").write_bytes(make.to_bytes(file))
    with pytest.raises(Refused, match="uneven|missing"):
        read_series(tmp_path)


def test_phases_in_one_series_are_told_apart(tmp_path: Path) -> None:
    hu = make.leg(10)
    for phase in (1, 2):
        for index in range(10):
            file = make.slice_dataset(hu[index] + 5 * phase, index, AcquisitionNumber=phase)
            (tmp_path / f"{phase}_{index}.dcm").write_bytes(make.to_bytes(file))
    series = read_series(tmp_path)
    assert np.array_equal(series.volume.hu, hu + 5)
    assert sum(left.count for left in series.source.left_out) == 10


def test_phases_without_any_tag_are_told_apart_by_instance_number(tmp_path: Path) -> None:
    hu = make.leg(10)
    for phase in (0, 1):
        for index in range(10):
            file = make.slice_dataset(hu[index] + 50 * phase, index, InstanceNumber=1 + index + 10 * phase)
            (tmp_path / f"{phase}_{index}.dcm").write_bytes(make.to_bytes(file))
    assert np.array_equal(read_series(tmp_path).volume.hu, hu)
