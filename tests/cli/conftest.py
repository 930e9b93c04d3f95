"""A small made-up scan, and one measurement of it for all tests of the command."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest

from calciscope.cli.main import main

SHAPE = (24, 110, 220)
SPACING_MM = (2.0, 1.2, 1.2)
BALLS = (((12, 55, 25), 2.7), ((8, 30, 160), 3.6))  # centre (slice, row, column), radius in mm


def legs_with_two_balls() -> np.ndarray:
    """Two legs of fat, muscle and bone, and two balls of mineral in the soft tissue, HU."""
    slices, rows, columns = SHAPE
    row, column = np.linspace(-1, 1, rows)[:, None], np.linspace(-1, 1, columns)[None, :]
    picture = np.full((rows, columns), -1000.0)
    for middle in (-0.5, 0.5):
        radius = np.hypot((column - middle) / 0.4, row / 0.75)
        for limit, value in ((1.0, -95.0), (0.78, 55.0), (0.3, 900.0), (0.2, 120.0)):
            picture[radius < limit] = value
    random = np.random.default_rng(5)
    hu = np.repeat(picture[None], slices, axis=0)
    hu += np.where(hu > -500, random.normal(0, 12, SHAPE), 0)
    index = np.stack(np.meshgrid(*(np.arange(side) for side in SHAPE), indexing="ij"), axis=-1)
    for centre, radius_mm in BALLS:
        hu[(((index - centre) * SPACING_MM) ** 2).sum(axis=-1) <= radius_mm**2] += 450
    return np.round(hu).astype(np.int16)


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scan as NIfTI."""
    path = tmp_path_factory.mktemp("scan") / "legs.nii.gz"
    affine = np.diag([-SPACING_MM[2], -SPACING_MM[1], SPACING_MM[0], 1.0])
    nibabel.save(nibabel.Nifti1Image(legs_with_two_balls().transpose(2, 1, 0), affine), path)
    return path


@pytest.fixture(scope="session")
def measured(scan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `calciscope measure` made of it."""
    out = tmp_path_factory.mktemp("measured") / "out"
    assert main(["measure", str(scan), "--out", str(out), "--quiet", "--debug"]) == 0
    return out
