"""Strands thinner than the blur are mineral in fat at densities at which thicker things are not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from calciscope.measure.segment.coarse import coarsen
from calciscope.measure.segment.dense import SEED, Tissuefield
from calciscope.measure.segment.strands import flag_strands
from calciscope.terms.geometry import Grid, Volume

FINE, SIZE_MM = 4, 48  # fine voxels a millimetre while shapes are drawn


def rods(lean_hu: float, radius_mm: float) -> np.ndarray:
    """Two crossing rods of this density in fat, drawn finely, blurred and pooled to voxels of 1 mm, HU."""
    y, x = np.meshgrid(*(np.arange(SIZE_MM * FINE) / FINE - SIZE_MM / 2,) * 2, indexing="ij")
    hu = np.full((12, SIZE_MM, SIZE_MM), -95.0)
    for k in range(12):
        inside = np.zeros(y.shape, bool)
        if abs(k - 6) <= radius_mm:
            inside |= (np.abs(y) <= radius_mm) & (np.abs(x) < 12)
            inside |= (np.abs(x) <= radius_mm) & (np.abs(y) < 12)
        plane = ndimage.gaussian_filter(np.where(inside, lean_hu, -95.0), 0.45 * FINE)
        hu[k] = plane.reshape(SIZE_MM, FINE, SIZE_MM, FINE).mean(axis=(1, 3))
    return hu


def flagged(hu: np.ndarray, noise_hu: float = 8.0) -> np.ndarray:
    """Flags that strands add to an empty scan."""
    noisy = hu + np.random.default_rng(3).normal(0.0, noise_hu, hu.shape)
    volume = Volume(hu=np.rint(noisy).astype(np.int16), grid=Grid(shape=hu.shape, affine=np.eye(4)))
    coarse = coarsen(volume)
    body = np.ones(coarse.hu.shape, bool)
    field = Tissuefield(
        background_hu=np.full(body.shape, -95.0, np.float32), noise_hu=np.full(body.shape, noise_hu / 2, np.float32)
    )
    flags = np.zeros(hu.shape, np.uint8)
    flag_strands(volume, coarse, body, field, flags)
    return flags


def test_a_thin_cross_of_mineral_is_one_strand() -> None:
    flags = flagged(rods(400.0, 0.5))
    assert (flags == SEED).any()
    assert ndimage.label(flags > 0, structure=np.ones((3, 3, 3)))[1] == 1
    assert (flags[6, 24] > 0).sum() >= 20  # most of a rod of 24 mm
    assert (flags > 0).sum() < 200


@pytest.mark.parametrize("radius_mm", [0.5, 1.0, 4.0], ids=["septum", "vein", "muscle"])
def test_lean_tissue_in_fat_is_no_strand(radius_mm: float) -> None:
    assert not flagged(rods(55.0, radius_mm)).any()


def test_a_thick_rod_is_left_to_the_usual_limits() -> None:
    assert not flagged(rods(300.0, 4.0))[6, 22:27, 22:27].any()


def test_noise_in_fat_is_no_strand() -> None:
    assert not flagged(np.full((12, SIZE_MM, SIZE_MM), -95.0), noise_hu=30.0).any()


def test_short_strands_of_one_net_found_it_together() -> None:
    lines = np.zeros((12, SIZE_MM, SIZE_MM))
    for row, column in ((20, 14), (26, 18), (20, 24)):
        lines[6, row, column : column + 5] = 1200.0
    net = ndimage.gaussian_filter(lines, 0.6)
    lines[:, :, 24:], lines[:, 23:] = 0.0, 0.0
    one = ndimage.gaussian_filter(lines, 0.6)
    assert (flagged(net - 95.0) == SEED).sum() >= 10
    assert one.max() > 0.9 * net.max()
    assert not (flagged(one - 95.0) == SEED).any()
