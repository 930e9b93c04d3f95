"""The fast engines of the segmentation against slow, obvious references, on random masks."""

from __future__ import annotations

import cc3d
import numpy as np
import pytest
from scipy import ndimage

from calciscope.measure.segment.holes import fill_planes
from calciscope.measure.segment.rolling import closed, grown
from calciscope.measure.segment.runs import label_runs, runs_above

SPACINGS = ((1.0, 1.0, 1.0), (1.25, 0.98, 0.98), (3.27, 1.17, 1.17), (0.7, 1.33, 1.05))
SHARES = (0.0, 0.005, 0.05, 0.3, 0.6, 1.0)


def masks(share: float) -> list[np.ndarray]:
    """A grainy and a clumpy mask of about that share of voxels."""
    rng = np.random.default_rng(7)
    grains = rng.random((17, 31, 26))
    clumps = ndimage.gaussian_filter(grains, 1.5)
    return [grains < share, clumps <= np.quantile(clumps, share) if share else np.zeros(clumps.shape, bool)]


def distance_mm(mask: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """To the nearest voxel of the mask; infinite without one."""
    if not mask.any():
        return np.full(mask.shape, np.inf)
    return ndimage.distance_transform_edt(~mask, sampling=spacing)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("spacing", SPACINGS)
def test_growing_takes_all_within_the_radius(share: float, spacing: tuple[float, float, float]) -> None:
    for mask in masks(share):
        assert np.array_equal(grown(mask, 2.5, spacing), distance_mm(mask, spacing) <= 2.5 + 1e-6)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("spacing", SPACINGS)
def test_closing_is_growing_then_shrinking(share: float, spacing: tuple[float, float, float]) -> None:
    reach = [int(np.ceil(2.5 / mm)) + 1 for mm in spacing]
    for mask in masks(share):
        padded = np.pad(mask, [(r, r) for r in reach], mode="edge")
        larger = distance_mm(padded, spacing) <= 2.5 + 1e-6
        expected = distance_mm(~larger, spacing) > 2.5 + 1e-6
        assert np.array_equal(closed(mask, 2.5, spacing), expected[tuple(slice(r, -r) for r in reach)])


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_holes_are_filled_plane_by_plane(share: float, axis: int) -> None:
    for mask in masks(share):
        planes = [ndimage.binary_fill_holes(plane) for plane in np.moveaxis(mask, axis, 0)]
        assert np.array_equal(fill_planes(mask, axis), np.moveaxis(np.stack(planes), 0, axis))


def test_a_spiral_that_opens_to_the_border_is_no_hole() -> None:
    spiral = np.ones((1, 21, 21), dtype=bool)
    k, j, step, leg = 10, 10, 0, 2
    spiral[0, k, j] = False
    while 0 <= k < 21 and 0 <= j < 21:
        for _ in range(leg):
            k, j = k + (0, 1, 0, -1)[step % 4], j + (1, 0, -1, 0)[step % 4]
            if not (0 <= k < 21 and 0 <= j < 21):
                break
            spiral[0, k, j] = False
        step += 1
        leg += step % 2 == 0
        leg += step % 2 == 0
    assert np.array_equal(fill_planes(spiral)[0], ndimage.binary_fill_holes(spiral[0]))
    assert not fill_planes(spiral)[0, 10, 10]


@pytest.mark.parametrize("corners", [True, False])
@pytest.mark.parametrize("share", SHARES)
def test_runs_are_labelled_as_voxels_are(share: float, corners: bool) -> None:
    for mask in masks(share):
        runs = label_runs(mask.view(np.uint8), corners=corners)
        labels = np.zeros(mask.shape, np.uint32)
        runs.paint(np.arange(1, runs.components + 1), labels)
        expected = cc3d.connected_components(mask, connectivity=26 if corners else 6)
        assert runs.components == expected.max()
        pairs = np.unique(np.stack([labels[mask], expected[mask]]), axis=1)
        assert pairs.shape[1] == runs.components  # one to one
        assert np.array_equal(labels > 0, mask)
        first = [int(np.flatnonzero(labels.ravel() == n)[0]) for n in range(1, runs.components + 1)]
        assert first == sorted(first)


@pytest.mark.parametrize("level", [-50, 0, 60])
def test_runs_above_a_level_are_those_of_the_mask_above_it(level: int) -> None:
    hu = np.random.default_rng(2).normal(0.0, 60.0, (17, 31, 26)).astype(np.int16)
    for mask in masks(0.3):
        above = runs_above(label_runs(mask.view(np.uint8)), hu, level)
        expected = label_runs((mask & (hu > level)).view(np.uint8), corners=False)
        for name in ("row_start", "begin", "end", "component"):
            assert np.array_equal(getattr(above, name), getattr(expected, name))
