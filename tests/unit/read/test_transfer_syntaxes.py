"""Every transfer syntax gives the same HU; lossy ones are flagged and close."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calciscope.read.series import read_series
from tests.unit.read import dicom_maker as make

LOSSLESS = {
    "implicit": make.IMPLICIT,
    "explicit": make.EXPLICIT,
    "big endian": make.BIG,
    "deflated": make.DEFLATED,
    "RLE": make.RLE,
    "JPEG-LS": make.JPEG_LS,
    "JPEG 2000 lossless": make.J2K_LOSSLESS,
    "JPEG lossless": make.JPEG_LOSSLESS,
    "JPEG lossless SV1": make.JPEG_LOSSLESS_SV1,
}
LOSSY = {"JPEG-LS near-lossless": make.JPEG_LS_LOSSY, "JPEG 2000": make.J2K, "JPEG extended": make.JPEG_EXTENDED}


@pytest.mark.parametrize("syntax", LOSSLESS.values(), ids=LOSSLESS.keys())
def test_lossless_syntaxes_give_the_very_hu(syntax: str, tmp_path: Path) -> None:
    hu = make.leg(4, 48)
    series = read_series(make.write_series(tmp_path / "scan", hu, syntax=syntax))
    assert np.array_equal(series.volume.hu, hu)
    assert series.acquisition.lossy is None
    assert series.volume.grid.spacing_mm == pytest.approx((2.0, 1.5, 1.25))


@pytest.mark.parametrize(
    "syntax", [make.IMPLICIT, make.BIG, make.RLE, make.JPEG_LOSSLESS_SV1, make.J2K_LOSSLESS, make.JPEG_LS]
)
def test_signed_values_keep_their_sign(syntax: str, tmp_path: Path) -> None:
    hu = make.leg(4, 48)
    series = read_series(make.write_series(tmp_path / "scan", hu, syntax=syntax, signed=True, intercept=0.0))
    assert np.array_equal(series.volume.hu, hu)


@pytest.mark.parametrize("syntax", LOSSY.values(), ids=LOSSY.keys())
def test_lossy_syntaxes_are_close_and_flagged(syntax: str, tmp_path: Path) -> None:
    hu = make.leg(4, 48)
    series = read_series(make.write_series(tmp_path / "scan", hu, syntax=syntax))
    assert np.abs(series.volume.hu.astype(int) - hu).mean() < 30
    assert series.acquisition.lossy


def test_jpeg_baseline_holds_eight_bits_and_is_flagged(tmp_path: Path) -> None:
    hu = make.leg(4, 48)
    for index, part in enumerate(hu):
        file = make.slice_dataset(part, index, slope=16.0)
        file.PixelData = np.frombuffer(file.PixelData, "<u2").astype("u1").tobytes()
        file.BitsAllocated, file.BitsStored, file.HighBit = 8, 8, 7
        (tmp_path / f"{index}.dcm").write_bytes(make.to_bytes(file, make.JPEG_BASELINE))
    series = read_series(tmp_path)
    assert np.abs(series.volume.hu.astype(int) - hu).mean() < 60
    assert series.acquisition.lossy == "JPEG baseline"


def test_high_throughput_jpeg_2000_is_decoded(tmp_path: Path) -> None:
    hu = make.leg(1, 16)
    series = read_series(make.write_series(tmp_path / "scan", np.repeat(hu, 3, 0), syntax=make.HTJ2K_LOSSLESS))
    assert np.array_equal(series.volume.hu, np.repeat(hu, 3, 0))
    assert series.acquisition.lossy is None


@pytest.mark.parametrize("syntax", [make.EXPLICIT, make.DEFLATED, make.J2K_LOSSLESS])
def test_files_without_preamble_are_read_too(syntax: str, tmp_path: Path) -> None:
    hu = make.leg(4, 48)
    folder = make.write_series(tmp_path / "scan", hu, syntax=syntax)
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[132:])
    assert np.array_equal(read_series(folder).volume.hu, hu)


def test_a_data_set_without_file_meta_information_is_read(tmp_path: Path) -> None:
    hu = make.leg(4, 48)
    folder = make.write_series(tmp_path / "scan", hu, syntax=make.IMPLICIT)
    for file in folder.iterdir():
        data = file.read_bytes()
        file.write_bytes(data[data.index(b"\x08\x00\x08\x00", 200) :])
    assert np.array_equal(read_series(folder).volume.hu, hu)
