"""Segmentation sorts what a scan holds: bodies, bone, deposits, metal, noise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.neighbourhood import Segmentation
from calciscope.measure.segment.body import find_bodies
from calciscope.measure.segment.coarse import coarsen
from calciscope.measure.segment.run import segment
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition, Series
from calciscope.terms.tissue import Tissue

SPACING_MM = (2.0, 1.0, 1.0)
SHAPE = (40, 110, 110)
MIDDLE_MM = (40.0, 55.0, 55.0)

Float = NDArray[np.float32]


def coordinates(shape: tuple[int, int, int] = SHAPE) -> tuple[Float, Float, Float]:
    """(z, y, x) in mm of every voxel."""
    z, y, x = np.meshgrid(*(np.arange(n) * s for n, s in zip(shape, SPACING_MM, strict=True)), indexing="ij")
    return z, y, x


def limb(shape: tuple[int, int, int] = SHAPE, *, radius_mm: float = 42.0, bone: bool = True) -> Float:
    """A limb along z, slightly conical: skin, fat, muscle, and a shaft with marrow, HU."""
    z, y, x = coordinates(shape)
    r = np.hypot(y - MIDDLE_MM[1], x - MIDDLE_MM[2]) * (1.0 + 0.002 * (z - MIDDLE_MM[0]))
    hu = np.full(shape, -1000.0, np.float32)
    hu[r < radius_mm] = 30.0
    hu[r < radius_mm - 2] = -100.0
    hu[r < radius_mm - 12] = 55.0
    if bone:
        b = np.hypot(y - MIDDLE_MM[1], x - MIDDLE_MM[2])
        hu[b < 12] = 1300.0
        hu[b < 8] = -40.0
    return hu


def ball(hu: Float, centre_mm: tuple[float, float, float], radius_mm: float, value_hu: float) -> None:
    """Set a ball, in place."""
    z, y, x = coordinates(hu.shape)
    inside = (z - centre_mm[0]) ** 2 + (y - centre_mm[1]) ** 2 + (x - centre_mm[2]) ** 2 <= radius_mm**2
    hu[inside] = value_hu


def series(hu: Float, *, noise_hu: float = 8.0, seed: int = 1, blur_mm: float = 0.6) -> Series:
    """Blur, add noise, round, and wrap as a series."""
    blurred = ndimage.gaussian_filter(hu, [blur_mm / s for s in SPACING_MM])
    noisy = blurred + np.random.default_rng(seed).normal(0.0, noise_hu, hu.shape)
    affine = np.diag([SPACING_MM[2], SPACING_MM[1], SPACING_MM[0], 1.0])
    values = np.clip(np.rint(noisy), -1024, 3071).astype(np.int16)
    return Series(
        volume=Volume(hu=values, grid=Grid(shape=hu.shape, affine=affine)), acquisition=Acquisition(kvp=120.0)
    )


def kinds(segmentation: Segmentation) -> list[Kind]:
    """Kinds of all candidates but noise."""
    return [c.kind for c in segmentation.candidates if c.kind is not Kind.ARTEFACT]


def at(segmentation: Segmentation, centre_mm: tuple[float, float, float]) -> Kind | None:
    """Kind of the candidate at a place; None where there is none."""
    index = tuple(round(c / s) for c, s in zip(centre_mm, SPACING_MM, strict=True))
    label = int(segmentation.labels[index])
    return segmentation.candidates[label - 1].kind if label else None


@pytest.mark.parametrize("place_mm", [(40.0, 55.0, 80.0), (40.0, 55.0, 90.0)], ids=["muscle", "fat"])
@pytest.mark.parametrize("radius_mm", [2.5, 5.0])
def test_a_nodule_is_found_in_muscle_and_in_fat(place_mm: tuple[float, float, float], radius_mm: float) -> None:
    hu = limb()
    ball(hu, place_mm, radius_mm, 450.0)
    found = segment(series(hu))
    assert at(found, place_mm) is Kind.CALCINOSIS
    assert kinds(found) == [Kind.CALCINOSIS]


def test_a_limb_without_deposits_has_none() -> None:
    assert kinds(segment(series(limb(), noise_hu=20.0))) == []


def test_bone_and_its_marrow_are_bone_and_tissues_are_told_apart() -> None:
    tissue = segment(series(limb())).tissue
    k, j, i = 20, 55, 55
    assert tissue[k, j, i] == Tissue.BONE
    assert tissue[k, j, i + 10] == Tissue.BONE
    assert tissue[k, j, i + 20] == Tissue.MUSCLE
    assert tissue[k, j, i + 35] == Tissue.FAT
    assert tissue[k, j, i + 50] == Tissue.OUTSIDE


def test_a_nodule_seated_on_bone_is_split_off() -> None:
    hu = limb()
    centre = (40.0, 55.0, 55.0 + 12.0 + 4.8)
    ball(hu, centre, 5.0, 900.0)
    found = segment(series(hu))
    assert at(found, centre) is Kind.CALCINOSIS
    assert found.tissue[20, 55, 55 + 10] == Tissue.BONE


def test_dense_mineral_is_not_metal_even_where_it_is_clipped() -> None:
    hu = limb()
    ball(hu, (40.0, 55.0, 84.0), 4.0, 4200.0)
    assert at(segment(series(hu)), (40.0, 55.0, 84.0)) is Kind.CALCINOSIS


def test_a_dense_body_with_streaks_is_metal() -> None:
    hu = limb()
    z, y, x = coordinates()
    centre = (40.0, 55.0, 82.0)
    near = (np.abs(z - centre[0]) < 5) & (np.abs(y - centre[1]) < 14) & (np.abs(x - centre[2]) < 14) & (hu > -500)
    streaks = np.where(np.sin(np.arctan2(y - centre[1], x - centre[2]) * 4) > 0, 260.0, -420.0)
    hu[near] += streaks[near].astype(np.float32)
    ball(hu, centre, 3.0, 9000.0)
    assert at(segment(series(hu)), centre) is Kind.METAL


def test_what_lies_beside_the_body_is_outside_it() -> None:
    hu = limb()
    ball(hu, (40.0, 55.0, 103.0), 3.0, 1500.0)
    assert at(segment(series(hu)), (40.0, 55.0, 103.0)) is Kind.OUTSIDE_BODY


def test_two_legs_are_two_bodies_and_the_table_is_none() -> None:
    shape = (30, 110, 240)
    z, y, x = coordinates(shape)
    hu = np.full(shape, -1000.0, np.float32)
    for middle in (60.0, 175.0):
        hu[np.hypot(y - 50, x - middle) < 40] = 40.0
    hu[np.abs(y - 98) < 2.0] = 120.0
    body = find_bodies(coarsen(series(hu).volume))
    assert body.max() == 2
    assert not body[:, 33:, :].any()


def test_a_lone_short_straight_limb_is_a_body() -> None:
    assert find_bodies(coarsen(series(limb((20, 110, 110))).volume)).max() == 1


def test_a_given_bone_mask_is_used_as_bone() -> None:
    hu = limb()
    ball(hu, (40.0, 55.0, 80.0), 4.0, 600.0)
    mask = np.zeros(hu.shape, bool)
    mask[15:26, 48:63, 73:88] = True
    found = segment(series(hu), bone_mask=mask)
    assert at(found, (40.0, 55.0, 80.0)) is None
    assert found.tissue[20, 55, 80] == Tissue.BONE


def test_a_scan_of_air_is_refused() -> None:
    with pytest.raises(Refused, match="No part of a body"):
        segment(series(np.full((20, 64, 64), -1000.0, np.float32)))


def test_the_same_scan_gives_the_same_labels() -> None:
    hu = limb()
    ball(hu, (30.0, 55.0, 84.0), 3.0, 500.0)
    ball(hu, MIDDLE_MM[:1] + (30.0, 40.0), 3.0, 300.0)
    first, second = segment(series(hu)), segment(series(hu))
    assert (first.labels == second.labels).all()
    assert first.candidates == second.candidates
