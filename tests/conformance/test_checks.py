"""What every acquisition check must obey, run on all that the folder holds: it speaks where it should, and is silent elsewhere."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest

from calciscope.read import checks
from calciscope.read.checks import run_checks
from calciscope.terms.checks import Check, Voids
from calciscope.terms.geometry import Grid, Int16, Volume
from calciscope.terms.series import Acquisition, LeftOut, Series, Source
from tests.rooms.source import PACKAGE

IDS = sorted(path.stem for path in (PACKAGE / "read" / "checks").glob("*.py") if not path.stem.startswith("_"))
MM = 2.5


def hu(*, noise_hu: float = 10.0, slices: int = 24) -> Int16:
    """A limb of fat and muscle along the body that ends inside the scan, in air, with noise."""
    y, x = np.mgrid[-40:40, -40:40] * MM
    plane = np.select([np.hypot(x, y) < 45, np.hypot(x, y) < 60], [50.0, -100.0], -1000.0)
    image = np.repeat(plane[None], slices, axis=0)
    image[:6] = -1000.0
    rng = np.random.default_rng(7)
    return np.asarray(image + rng.normal(0.0, noise_hu, image.shape), dtype=np.int16)


def series(image: Int16 | None = None, *, slice_mm: float = 2.5, **recorded: object) -> Series:
    """A scan with nothing to complain of, but for what is given."""
    image = hu() if image is None else image
    grid = Grid(shape=image.shape, affine=np.diag([MM, MM, slice_mm, 1.0]))
    whole = {"kvp": 120.0, "kernel": "B30f", "slice_thickness_mm": slice_mm} | recorded
    acquisition = Acquisition(**whole)  # type: ignore[arg-type]
    return Series(volume=Volume(hu=image, grid=grid), acquisition=acquisition, source=Source(kind="dicom"))


def outcome(name: str, scan: Series) -> Check:
    check: Check = importlib.import_module(f"{checks.__name__}.{name}").check(scan)
    return check


def dense_corner() -> Int16:
    image = hu()
    image[10:14, 38:42, 38:42] = 3000
    return image


def cut_off() -> Int16:
    return np.ascontiguousarray(hu()[:, 30:50, 30:50])


def on_both_ends() -> Int16:
    return np.ascontiguousarray(hu()[8:])


def with_source(**changes: object) -> Series:
    scan = series()
    return replace(scan, source=replace(scan.source, **changes))


COMPLAINTS = {
    "clipping": lambda: replace(series(), volume=replace(series().volume, ceiling_hu=3071.0)),
    "contrast_given": lambda: series(contrast_agent="IODINE"),
    "field_of_view": lambda: series(cut_off()),
    "hu_plausible": lambda: series(np.asarray(hu() + 200, dtype=np.int16)),
    "kernel": lambda: series(kernel="B70f"),
    "kvp_known": lambda: series(kvp=None),
    "lossy_compression": lambda: series(lossy="01"),
    "metal": lambda: series(dense_corner()),
    "noise": lambda: series(hu(noise_hu=80.0)),
    "one_patient": lambda: with_source(left_out=(LeftOut(what="CT slices", why="another patient", count=8),)),
    "partial_limb": lambda: series(on_both_ends()),
    "slice_gap": lambda: series(slice_mm=5.0, slice_thickness_mm=1.0),
    "slice_thickness": lambda: series(slice_mm=8.0),
    "slices_filled": lambda: with_source(slices_filled=(3,), left_out=(LeftOut(what="slice 4", why="corrupt"),)),
}


def test_all_are_run_in_order_of_their_names() -> None:
    assert [check.id for check in run_checks(series())] == IDS


@pytest.mark.parametrize("name", IDS)
def test_silent_on_a_scan_with_nothing_to_complain_of(name: str) -> None:
    found = outcome(name, series())
    assert found.passed, found.message
    assert found.voids == ()


@pytest.mark.parametrize("name", IDS)
def test_complains_where_it_should(name: str) -> None:
    assert not outcome(name, COMPLAINTS[name]()).passed


@pytest.mark.parametrize("name", IDS)
def test_says_one_plain_sentence_and_carries_its_own_name(name: str) -> None:
    for scan in (series(), COMPLAINTS[name]()):
        found = outcome(name, scan)
        assert found.id == name
        assert found.message.endswith(".")
        assert found.message[0].isupper() or found.message[0].isdigit()
        assert "\n" not in found.message
        assert all(isinstance(void, Voids) for void in found.voids)


@pytest.mark.parametrize("name", IDS)
def test_leaves_the_scan_as_it_is_and_says_the_same_twice(name: str) -> None:
    scan = COMPLAINTS[name]()
    before = scan.volume.hu.copy()
    assert outcome(name, scan) == outcome(name, scan)
    np.testing.assert_array_equal(scan.volume.hu, before)


@pytest.mark.parametrize(
    ("name", "voided"),
    [
        ("contrast_given", {Voids.MASS}),
        ("slice_thickness", {Voids.LAYER}),
        ("field_of_view", {Voids.DEPTH, Voids.LAYER}),
        ("kvp_known", set()),
        ("clipping", set()),
    ],
)
def test_voids_only_what_is_spoiled(name: str, voided: set[Voids]) -> None:
    assert set(outcome(name, COMPLAINTS[name]()).voids) == voided
