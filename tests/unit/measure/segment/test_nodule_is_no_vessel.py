"""A nodule in a slender muscle amid fat is calcinosis, however much the muscle looks like a vessel cut across."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from calciscope.measure.segment.run import segment
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition, Series

MM = 0.8
MUSCLE_RADIUS_MM = 6.5
BLUR_MM = 0.45


def slender_muscle(*, nodule_mm: float) -> Series:
    """A limb of fat with one slender muscle along it, and a nodule at the muscle's edge in the middle slice."""
    z, y, x = np.meshgrid(np.arange(-24, 24), np.arange(-64, 64) * MM, np.arange(-64, 64) * MM, indexing="ij")
    hu = np.where(np.hypot(x, y) < 45.0, -100.0, -1000.0)
    hu[np.hypot(x - 5.0, y) < MUSCLE_RADIUS_MM] = 55.0
    hu[np.sqrt((x - 5.0 - 0.7 * MUSCLE_RADIUS_MM) ** 2 + y**2 + z**2) < nodule_mm / 2] = 900.0
    noise = gaussian_filter(np.random.default_rng(3).normal(0.0, 1.0, hu.shape), 0.6)
    hu = gaussian_filter(hu, [BLUR_MM, BLUR_MM / MM, BLUR_MM / MM]) + 12.0 * noise / noise.std()
    grid = Grid(shape=hu.shape, affine=np.diag([MM, MM, 1.0, 1.0]))
    return Series(volume=Volume(hu=np.round(hu).astype(np.int16), grid=grid), acquisition=Acquisition(kvp=120.0))


@pytest.mark.parametrize("nodule_mm", [5.0, 7.0, 9.0])
def test_nodule_at_the_edge_of_a_slender_muscle_is_calcinosis(nodule_mm: float) -> None:
    found = segment(slender_muscle(nodule_mm=nodule_mm)).candidates
    assert [candidate.kind for candidate in found] == [Kind.CALCINOSIS], [candidate.reason for candidate in found]


def sheet_around_muscle() -> Series:
    """The same limb with a curved sheet on the muscle's surface that leaves it in the slices above and below."""
    z, y, x = np.meshgrid(np.arange(-24, 24), np.arange(-64, 64) * MM, np.arange(-64, 64) * MM, indexing="ij")
    hu = np.where(np.hypot(x, y) < 45.0, -100.0, -1000.0)
    hu[np.hypot(x - 5.0, y) < MUSCLE_RADIUS_MM] = 55.0
    away = MUSCLE_RADIUS_MM + 0.45 * np.abs(z)
    sheet = (np.abs(np.hypot(x - 5.0, y) - away) < 0.9) & (np.abs(np.arctan2(y, x - 5.0)) < 0.9 - 0.05 * np.abs(z))
    hu[sheet & (np.abs(z) < 10)] = 900.0
    noise = gaussian_filter(np.random.default_rng(3).normal(0.0, 1.0, hu.shape), 0.6)
    hu = gaussian_filter(hu, [BLUR_MM, BLUR_MM / MM, BLUR_MM / MM]) + 12.0 * noise / noise.std()
    grid = Grid(shape=hu.shape, affine=np.diag([MM, MM, 1.0, 1.0]))
    return Series(volume=Volume(hu=np.round(hu).astype(np.int16), grid=grid), acquisition=Acquisition(kvp=120.0))


def test_a_sheet_that_leaves_the_round_edge_of_a_muscle_is_calcinosis() -> None:
    found = segment(sheet_around_muscle()).candidates
    assert [candidate.kind for candidate in found] == [Kind.CALCINOSIS], [candidate.reason for candidate in found]
