"""More than 2,000 damaged files: each is read or refused in one sentence; no other exception, no crash, no long wait.

Each case damages one file of a small series, an enhanced file, a zip or a NIfTI file; the seed is fixed.
CALCISCOPE_FUZZ multiplies the number of cases for a longer run.
"""

from __future__ import annotations

import io
import os
import random
import time
import zipfile
import zlib
from pathlib import Path

import nibabel
import numpy as np
import pytest

from calciscope.read.checks import run_checks
from calciscope.read.series import read_series
from calciscope.terms.errors import Refused, WrongUsage
from tests.generative.read.mutate import mutate
from tests.unit.read import dicom_maker as make

TIMES = float(os.environ.get("CALCISCOPE_FUZZ", "1"))
CASES = {"implicit": 180, "explicit": 330, "big endian": 90, "deflated": 120, "RLE": 120, "JPEG-LS": 160}
CASES |= {"J2K": 160, "J2K lossy": 100, "HTJ2K": 160, "JPEG lossless": 160, "JPEG extended": 100, "JPEG-LS lossy": 100}
SYNTAXES = {
    "implicit": make.IMPLICIT,
    "explicit": make.EXPLICIT,
    "big endian": make.BIG,
    "deflated": make.DEFLATED,
    "RLE": make.RLE,
    "JPEG-LS": make.JPEG_LS,
    "JPEG-LS lossy": make.JPEG_LS_LOSSY,
    "J2K": make.J2K_LOSSLESS,
    "J2K lossy": make.J2K,
    "HTJ2K": make.HTJ2K_LOSSLESS,
    "JPEG lossless": make.JPEG_LOSSLESS,
    "JPEG extended": make.JPEG_EXTENDED,
}
SLOWEST_S = 60.0  # on a busy machine; bounded by the time limit of one frame, since a broken slice ends a short scan


def series_files(syntax: str) -> list[bytes]:
    """Five slices in a transfer syntax."""
    size = 16 if syntax == make.HTJ2K_LOSSLESS else 32
    return [make.to_bytes(make.slice_dataset(part, k), syntax) for k, part in enumerate(make.leg(5, size))]


def read_or_refuse(path: Path) -> bool:
    """Whether it was read; every other answer than a refusal in one sentence fails the test."""
    start = time.monotonic()
    try:
        series = read_series(path)
        run_checks(series)
        return True
    except (Refused, WrongUsage) as error:
        text = str(error)
        assert "\n" not in text and text.endswith(".") and len(text) < 600
        return False
    finally:
        assert time.monotonic() - start < SLOWEST_S


@pytest.mark.parametrize("name", CASES)
def test_damaged_slices(name: str, tmp_path: Path) -> None:
    rng = random.Random(zlib.crc32(name.encode()))
    files = series_files(SYNTAXES[name])
    answers = set()
    for _ in range(int(CASES[name] * TIMES)):
        hit = rng.randrange(len(files)) if rng.random() < 0.6 else None
        for index, data in enumerate(files):
            damaged = mutate(data, rng) if hit in (index, None) else data
            (tmp_path / f"{index}.dcm").write_bytes(damaged)
        answers.add(read_or_refuse(tmp_path))
    assert answers == {True, False}


def test_damaged_enhanced_files(tmp_path: Path) -> None:
    rng = random.Random(1)
    data = make.to_bytes(make.enhanced_dataset(make.leg(4, 16)))
    for _ in range(int(150 * TIMES)):
        file = tmp_path / "enhanced.dcm"
        file.write_bytes(mutate(data, rng))
        read_or_refuse(file)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_damaged_zips(method: int, tmp_path: Path) -> None:
    rng = random.Random(2)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for index, data in enumerate(series_files(make.EXPLICIT)):
            archive.writestr(f"scan/{index}.dcm", data)
    for _ in range(int(150 * TIMES)):
        file = tmp_path / "scan.zip"
        file.write_bytes(mutate(out.getvalue(), rng))
        read_or_refuse(file)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_damaged_nifti(ending: str, tmp_path: Path) -> None:
    rng = random.Random(3)
    whole = tmp_path / f"whole{ending}"
    nibabel.save(nibabel.Nifti1Image(make.leg(5, 16).transpose(2, 1, 0), np.diag([1.0, 1.0, 2.0, 1.0])), whole)
    data = whole.read_bytes()
    for _ in range(int(150 * TIMES)):
        file = tmp_path / f"damaged{ending}"
        file.write_bytes(mutate(data, rng))
        read_or_refuse(file)
