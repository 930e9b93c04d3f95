"""A child's slender arteries and unfused centres of bone are no deposits; in thick slices the steps of bone are doubtful."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from calciscope.measure.segment.kinds import bone, uncertain
from calciscope.measure.segment.run import segment
from calciscope.measure.segment.solid import Build
from calciscope.terms.deposits import Kind, Region
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition, Series

MM = 0.8
LUMEN_MM, SLEEVE_MM = 1.7, 3.8


def muscle_with_line(*, vessel: bool) -> Series:
    """A limb with a calcified line along it: in the wall of a child's artery in its sleeve of fat, or in plain muscle."""
    z, y, x = np.meshgrid(np.arange(-30, 30), np.arange(-40, 40) * MM, np.arange(-40, 40) * MM, indexing="ij")
    hu = np.where(np.hypot(x, y) < 29.0, np.where(np.hypot(x, y) < 17.0, 55.0, -100.0), -1000.0)
    away = np.hypot(x - 6.0, y)
    if vessel:
        hu[(away < SLEEVE_MM) & (away > LUMEN_MM)] = -100.0
    hu[(away > LUMEN_MM - 0.9) & (away < LUMEN_MM) & (np.abs(z) < 12) & (np.abs(y) > 0.5)] = 900.0
    noise = gaussian_filter(np.random.default_rng(3).normal(0.0, 1.0, hu.shape), 0.6)
    hu = gaussian_filter(hu, [0.45, 0.45 / MM, 0.45 / MM]) + 10.0 * noise / noise.std()
    grid = Grid(shape=hu.shape, affine=np.diag([MM, MM, 1.0, 1.0]))
    return Series(volume=Volume(hu=np.round(hu).astype(np.int16), grid=grid), acquisition=Acquisition(kvp=120.0))


@pytest.mark.parametrize(("vessel", "kind"), [(True, Kind.VASCULAR), (False, Kind.CALCINOSIS)])
def test_a_calcified_length_of_a_childs_artery_is_vascular(vessel: bool, kind: Kind) -> None:
    found = segment(muscle_with_line(vessel=vessel)).candidates
    assert [candidate.kind for candidate in found] == [kind], [candidate.reason for candidate in found]


@pytest.mark.parametrize(("core_hu", "thickness_mm", "built"), [
    (360.0, 5.0, True), (480.0, 5.0, False), (360.0, 3.0, False), (None, 5.0, False),
])  # fmt: skip
def test_what_is_seated_on_bone_is_bone_where_its_shell_is_denser_than_its_core(
    core_hu: float | None, thickness_mm: float, built: bool
) -> None:
    build = Build(thickness_mm=thickness_mm, shell_hu=500.0, core_hu=core_hu, hollow=0.0, heart_hu=core_hu or 0.0)
    assert bone._built_as_bone(SimpleNamespace(build=build)) is built  # type: ignore[arg-type]


@pytest.mark.parametrize(("slice_mm", "contact", "around", "doubtful"), [
    (5.0, 1.2, 0.1, True), (5.0, 0.0, 0.3, True), (5.0, 0.0, 0.1, False), (3.0, 1.2, 0.3, False),
])  # fmt: skip
def test_a_body_on_bone_is_doubtful_in_thick_slices_unless_it_hardly_touches(
    slice_mm: float, contact: float, around: float, doubtful: bool
) -> None:
    view = SimpleNamespace(
        build=Build(thickness_mm=5.0, shell_hu=500.0, core_hu=490.0, hollow=0.0, heart_hu=490.0), region=Region.KNEE,
        knob_contact=contact, scan=SimpleNamespace(skin_hu=0.0, labels=np.zeros((40, 2, 2))),
        spacing_mm=(slice_mm, 0.8, 0.8), bone_around=lambda reach_mm: around, piece=SimpleNamespace(volume_ml=1.0, box=(slice(9, 11),)),
        near=lambda reach_mm: np.zeros((2, 2, 2), bool), hu=np.zeros((2, 2, 2)), tissue=np.zeros((2, 2, 2)),
    )  # fmt: skip
    reason = uncertain._part_of_bone(view)  # type: ignore[arg-type]
    assert (reason is not None and "thick slices" in reason) is doubtful
