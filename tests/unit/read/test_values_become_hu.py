"""Rescale, sign, depth, padding, clipping: stored values to HU."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from calciscope.read.series import read_series
from tests.unit.read import dicom_maker as make


def test_each_slice_is_scaled_by_its_own_rescale(tmp_path: Path) -> None:
    hu = make.leg(6, 32) // 4 * 4
    for index, part in enumerate(hu):
        slope, intercept = (1.0, -1024.0) if index % 2 else (4.0, -2000.0)
        file = make.slice_dataset(part, index, slope=slope, intercept=intercept)
        (tmp_path / f"{index}.dcm").write_bytes(make.to_bytes(file))
    assert np.array_equal(read_series(tmp_path).volume.hu, hu)


def test_the_fingerprint_is_of_little_endian_hu(tmp_path: Path) -> None:
    series = read_series(make.write_series(tmp_path, make.leg()))
    assert series.source.pixel_sha256 == sha256(make.leg().astype("<i2").tobytes()).hexdigest()


@pytest.mark.parametrize("padding", [-2000, -3024])
def test_padding_outside_the_circle_becomes_air_and_the_field_is_known(padding: int, tmp_path: Path) -> None:
    hu = make.leg(5, 64)
    rows, columns = np.mgrid[:64, :64] - 31.5
    outside = np.hypot(rows, columns) > 31.9
    stored = np.where(outside, padding, hu)
    tags = {"signed": True, "intercept": 0.0}
    series = read_series(make.write_series(tmp_path, stored, PixelPaddingValue=padding, **tags))
    assert np.array_equal(series.volume.hu, np.where(outside, -1024, hu))
    assert series.volume.field is not None and np.array_equal(series.volume.field, ~outside)


def test_a_circle_is_found_without_a_padding_tag(tmp_path: Path) -> None:
    hu = make.leg(5, 64)
    rows, columns = np.mgrid[:64, :64] - 31.5
    outside = np.hypot(rows, columns) > 31.9
    series = read_series(make.write_series(tmp_path, np.where(outside, -3024, hu), signed=True, intercept=0.0))
    assert series.volume.field is not None and np.array_equal(series.volume.field, ~outside)


def test_padding_that_reads_as_air_does_not_make_the_body_the_field(tmp_path: Path) -> None:
    hu = np.where(make.leg(5, 64) < -800, -1024, make.leg(5, 64))
    series = read_series(make.write_series(tmp_path, hu, PixelPaddingValue=0))
    assert series.volume.field is None
    assert np.array_equal(series.volume.hu, hu)


def test_a_padding_value_that_is_tissue_is_not_believed(tmp_path: Path) -> None:
    hu = make.leg(5, 64)
    series = read_series(make.write_series(tmp_path, hu, signed=True, intercept=0.0, PixelPaddingValue=50))
    assert np.array_equal(series.volume.hu, hu)


def test_twelve_bit_clipping_is_told(tmp_path: Path) -> None:
    hu = make.leg(5, 64)
    hu[2, 30:33, 30:33] = 3071
    assert read_series(make.write_series(tmp_path, hu)).volume.ceiling_hu == 3071


def test_clipping_at_3071_is_told_in_sixteen_bit_files_too(tmp_path: Path) -> None:
    hu = make.leg(5, 64)
    hu[2, 30:34, 30:34] = 3071
    assert read_series(make.write_series(tmp_path, hu, signed=True, intercept=0.0)).volume.ceiling_hu == 3071


def test_a_dense_voxel_alone_is_no_clipping(tmp_path: Path) -> None:
    hu = make.leg(5, 64)
    hu[2, 30, 30:34] = (2500, 2600, 2700, 2650)
    assert read_series(make.write_series(tmp_path, hu)).volume.ceiling_hu is None


def test_extended_range_values_pass_and_beyond_int16_are_clipped(tmp_path: Path) -> None:
    hu = make.leg(5, 64).astype(np.int32)
    hu[2, 30, 30], hu[2, 31, 31] = 12000, 32000
    series = read_series(make.write_series(tmp_path, hu, slope=2.0, intercept=-8192.0, bits=16))
    assert series.volume.hu[2, 30, 30] == 12000 and series.volume.hu[2, 31, 31] == 32000
