"""Skin whose edge a sharp kernel lifts is doubtful; what exceeds the skin beside it is not."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import ndimage

from calciscope.measure.segment.kinds import uncertain
from calciscope.measure.segment.view import Scan, _skin_over_fat
from calciscope.terms.deposits import Region
from calciscope.terms.tissue import Tissue


def view_of(piece_hu: float, skin_hu: float, depth_mm: float, anywhere_hu: float | None = None) -> SimpleNamespace:
    """Three slices of skin, 2 mm deep, over fat; a piece of 10 pixels in the middle one."""
    depth = np.broadcast_to(np.arange(1.0, 21.0)[None, :, None], (3, 20, 60)).copy()
    hu = np.where(depth <= 2.0, skin_hu, -100.0)
    core = np.zeros(hu.shape, bool)
    row = int(depth_mm) - 1
    core[1, row : row + 2, 25:30] = True
    hu[core] = piece_hu
    return SimpleNamespace(
        core=core,
        hu=hu,
        scan=SimpleNamespace(skin_hu=anywhere_hu),
        inside_body_mm=depth,
        near=lambda reach_mm: ~core,
        piece=SimpleNamespace(mean_hu=piece_hu),
    )


@pytest.mark.parametrize(("piece_hu", "skin_hu", "depth_mm", "like"), [
    (165.0, 160.0, 1.0, True), (165.0, 60.0, 1.0, False), (165.0, 160.0, 8.0, False),
])  # fmt: skip
def test_only_what_lies_in_skin_as_bright_is_like_it(
    piece_hu: float, skin_hu: float, depth_mm: float, like: bool
) -> None:
    assert uncertain._like_skin_beside(view_of(piece_hu, skin_hu, depth_mm)) is like  # type: ignore[arg-type]


@pytest.mark.parametrize(("anywhere_hu", "like"), [(150.0, True), (30.0, False), (None, False)])
def test_skin_elsewhere_tells_where_the_skin_beside_is_all_of_the_same_piece(
    anywhere_hu: float | None, like: bool
) -> None:
    view = view_of(165.0, 60.0, 1.0, anywhere_hu)
    assert uncertain._like_skin_beside(view) is like  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "sharp"), [(0.0, False), (1.5, True)])
def test_a_kernel_that_lifts_edges_is_told_by_the_skin(share: float, sharp: bool) -> None:
    y, x = np.indices((90, 90))
    away = np.hypot(y - 45, x - 45)
    plane = np.where(away < 40, np.where(away > 38, 60.0, -100.0), -1000.0)
    plane = ndimage.gaussian_filter(plane, 0.7)
    plane += share * (plane - ndimage.gaussian_filter(plane, 1.0))
    hu = np.broadcast_to(np.clip(plane, -1024, 3071), (6, 90, 90)).astype(np.int16)
    tissue = np.where(away < 40, int(Tissue.FAT), int(Tissue.OUTSIDE)) + np.zeros((6, 1, 1), int)
    grid = SimpleNamespace(shape=hu.shape, spacing_mm=(3.0, 1.0, 1.0))
    scan = SimpleNamespace(series=SimpleNamespace(volume=SimpleNamespace(hu=hu, grid=grid)), tissue=tissue)
    skin_hu = Scan.skin_hu.func(scan)  # type: ignore[attr-defined]
    assert skin_hu is not None and (skin_hu > uncertain.SHARP_HU) is sharp


def body_on_bone(first_slice: int, skin_hu: float) -> SimpleNamespace:
    """A small body seated on a bone of thick cortex."""
    box = (slice(first_slice, first_slice + 2), slice(0, 2), slice(0, 2))
    return SimpleNamespace(
        build=None, region=Region.THIGH, knob_contact=0.2, spacing_mm=(3.0, 0.8, 0.8), bone_around=lambda reach_mm: 0.1,
        piece=SimpleNamespace(volume_ml=0.1, box=box), scan=SimpleNamespace(skin_hu=skin_hu, labels=np.zeros((40, 2, 2))),
        near=lambda reach_mm: np.zeros((2, 2, 2), bool), hu=np.zeros((2, 2, 2)), tissue=np.zeros((2, 2, 2)),
    )  # fmt: skip


def test_small_bodies_on_bone_are_doubtful_under_sharp_kernels_and_at_the_scans_end() -> None:
    assert uncertain._part_of_bone(body_on_bone(10, 20.0)) is None  # type: ignore[arg-type]
    assert "sharpens" in (uncertain._part_of_bone(body_on_bone(10, 90.0)) or "")  # type: ignore[arg-type]
    assert "end" in (uncertain._part_of_bone(body_on_bone(1, 20.0)) or "")  # type: ignore[arg-type]


def test_muscle_that_the_field_of_view_cuts_is_no_skin() -> None:
    inside = np.zeros((60, 60), bool)
    inside[10:50, 10:50] = True
    assert _skin_over_fat(np.full((60, 60), 55, np.int16), inside, (1.0, 1.0)).size == 0
