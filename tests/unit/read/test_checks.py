"""Each check: one scan in which it fails, one in which it stays silent; and what it voids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.read.checks import run_checks
from calciscope.read.dicom_series import ANOTHER_PATIENT
from calciscope.terms.checks import Check, Voids
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition, LeftOut, Series, Source

GOOD = Acquisition(kvp=120.0, kernel="B30f", slice_thickness_mm=2.0)


def leg_series(hu: np.ndarray | None = None, *, slice_mm: float = 2.0, **acquisition: object) -> Series:
    """A leg of 9 cm that ends within the scan, 1 mm pixels, 15 HU noise."""
    if hu is None:
        z, y, x = np.mgrid[:20, :160, :160]
        inside = np.hypot(y - 80, x - 80) < np.where(z < 18, 45, 0)
        hu = np.where(inside, 50, -1000) + np.random.default_rng(0).normal(0, 15, z.shape)
    grid = Grid(shape=hu.shape, affine=np.diag([1.0, 1.0, slice_mm, 1.0]))
    volume = Volume(hu=np.rint(hu).astype(np.int16), grid=grid)
    return Series(volume=volume, acquisition=replace(GOOD, **acquisition))  # type: ignore[arg-type]


def outcome(series: Series, name: str) -> Check:
    """The named check on the series."""
    return next(check for check in run_checks(series) if check.id == name)


def test_a_good_scan_passes_every_check_and_each_says_so() -> None:
    checks = run_checks(leg_series())
    assert [check.id for check in checks if not check.passed] == []
    assert [check.id for check in checks] == sorted(check.id for check in checks)
    assert all(check.message.endswith(".") and not check.voids for check in checks)


@pytest.mark.parametrize(
    ("name", "acquisition", "voids"),
    [
        ("kvp_known", {"kvp": None}, ()),
        ("contrast_given", {"contrast_agent": "IOHEXOL"}, (Voids.MASS,)),
        ("kernel", {"kernel": "B70f"}, ()),
        ("kernel", {"kernel": None}, ()),
        ("lossy_compression", {"lossy": "JPEG baseline"}, ()),
        ("slice_thickness", {"slice_thickness_mm": 4.0}, ()),
        ("slice_thickness", {"slice_thickness_mm": 7.0}, (Voids.LAYER,)),
        ("slice_gap", {"slice_thickness_mm": 1.5}, ()),
        ("slice_gap", {"slice_thickness_mm": 1.0}, (Voids.MASS, Voids.VOLUME, Voids.AGATSTON, Voids.BURDEN)),
    ],
)
def test_what_the_header_says_is_judged(name: str, acquisition: dict[str, object], voids: tuple[Voids, ...]) -> None:
    found = outcome(leg_series(**acquisition), name)
    assert not found.passed and found.voids == voids


def test_noise_is_measured_in_soft_tissue() -> None:
    quiet = leg_series()
    noisy = quiet.volume.hu + np.random.default_rng(1).normal(0, 80, quiet.volume.hu.shape)
    assert not outcome(leg_series(noisy), "noise").passed
    assert "15 HU" in outcome(quiet, "noise").message or "14 HU" in outcome(quiet, "noise").message


def test_a_body_at_the_border_is_cut_and_depth_is_void_when_most_of_it_is() -> None:
    hu = leg_series().volume.hu
    some = outcome(leg_series(np.roll(hu, 45, axis=2)[:, :, :160]), "field_of_view")
    assert not some.passed and some.voids == ()
    inner = outcome(leg_series(hu[:, 55:105, 55:105]), "field_of_view")
    assert not inner.passed and inner.voids == (Voids.DEPTH, Voids.LAYER)


def test_the_scanners_circle_cuts_the_body_too() -> None:
    series = leg_series()
    y, x = np.mgrid[:160, :160]
    field = np.hypot(y - 80, x - 110) < 60
    assert not outcome(replace(series, volume=replace(series.volume, field=field)), "field_of_view").passed


def test_a_body_cut_at_both_ends_is_partial() -> None:
    hu = leg_series().volume.hu[:15]
    assert not outcome(leg_series(hu), "partial_limb").passed


def test_dense_matter_clipping_and_a_shifted_scale_are_told() -> None:
    hu = leg_series().volume.hu.copy()
    hu[5:8, 70:76, 70:76] = 3071
    dense = leg_series(hu)
    assert not outcome(dense, "metal").passed
    clipped = replace(dense, volume=replace(dense.volume, ceiling_hu=3071.0))
    assert "3071 HU" in outcome(clipped, "clipping").message and not outcome(clipped, "clipping").passed
    assert not outcome(leg_series(leg_series().volume.hu + 120), "hu_plausible").passed


def test_filled_slices_are_named() -> None:
    left = LeftOut(what="slice 4 of 20 (1.2.3)", why="missing")
    series = replace(leg_series(), source=Source(kind="dicom", left_out=(left,), slices_filled=(3,)))
    assert "slice 4 of 20 (1.2.3): missing" in outcome(series, "slices_filled").message


def test_another_patients_slices_beside_the_measured_ones_are_told() -> None:
    left = LeftOut(what="CT slices", why=ANOTHER_PATIENT, count=8)
    mixed = replace(leg_series(), source=Source(kind="dicom", left_out=(left, replace(left, why="another series"))))
    assert not outcome(mixed, "one_patient").passed and "8 CT slices" in outcome(mixed, "one_patient").message
    assert outcome(leg_series(), "one_patient").passed
