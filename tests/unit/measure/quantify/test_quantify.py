"""Excess and corrected volume of balls of known content."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calciscope.measure.blur import Blur
from calciscope.measure.quantify import run
from calciscope.measure.quantify.run import quantify
from calciscope.terms.series import Acquisition
from calciscope.terms.tissue import Tissue

sys.path.insert(0, str(Path(__file__).parent))
from balls import SIGMA_MM, block

MIDDLE = (14.2, 14.6, 14.9)


@pytest.fixture(autouse=True)
def known_blur(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare block has no skin to read the blur from."""
    monkeypatch.setattr(run, "estimate_blur", lambda *_: Blur(slice_mm=SIGMA_MM[0], plane_mm=SIGMA_MM[1]))


@pytest.mark.parametrize(("background_hu", "radius_mm", "contrast_hu"), [(-90.0, 3.0, 600.0), (50.0, 4.0, 300.0)])
def test_excess_and_volume_of_a_ball(background_hu: float, radius_mm: float, contrast_hu: float) -> None:
    volume, segmentation, truth = block((30, 37, 37), [(MIDDLE, radius_mm, contrast_hu)], background_hu, 15.0, seed=1)
    _, quantity = quantify(volume, Acquisition(), segmentation)[1]
    assert quantity.excess_hu_ml == pytest.approx(truth[0][0], rel=0.06)
    assert quantity.volume_ml == pytest.approx(truth[0][1], rel=0.10)
    assert quantity.background_hu == pytest.approx(background_hu, abs=15.0)
    assert abs(quantity.excess_hu_ml - truth[0][0]) < 3.0 * quantity.excess_sd_hu_ml


def test_a_neighbour_is_not_counted_twice() -> None:
    apart = [((14.0, 14.0, 10.4), 2.6, 800.0), ((14.0, 14.0, 18.2), 2.6, 500.0)]
    volume, segmentation, truth = block((30, 37, 37), apart, 40.0, 10.0, seed=2)
    found = quantify(volume, Acquisition(), segmentation)
    total = sum(quantity.excess_hu_ml for _, quantity in found.values())
    assert len(found) == 2
    assert total == pytest.approx(truth[0][0] + truth[1][0], rel=0.07)


def test_air_beside_a_deposit_is_not_background() -> None:
    volume, segmentation, truth = block((30, 37, 37), [(MIDDLE, 3.0, 600.0)], -90.0, 10.0, seed=3)
    hu, tissue = volume.hu.copy(), segmentation.tissue.copy()
    hu[:, :, 25:], tissue[:, :, 25:] = -1000, Tissue.OUTSIDE
    near_skin = quantify(replace(volume, hu=hu), Acquisition(), replace(segmentation, tissue=tissue))[1][1]
    assert near_skin.excess_hu_ml == pytest.approx(truth[0][0], rel=0.10)
    assert near_skin.background_hu > -150.0


def test_clipped_voxels_are_said() -> None:
    volume, segmentation, _ = block((30, 37, 37), [(MIDDLE, 4.0, 3600.0)], 50.0, 10.0, seed=4)
    assert quantify(volume, Acquisition(), segmentation)[1][1].clipped


def test_same_input_same_numbers() -> None:
    volume, segmentation, _ = block((30, 37, 37), [(MIDDLE, 3.0, 600.0)], -90.0, 15.0, seed=5)
    first, second = (quantify(volume, Acquisition(), segmentation)[1][1] for _ in range(2))
    assert first.excess_hu_ml == second.excess_hu_ml
    assert np.array_equal(first.contrast_hu, second.contrast_hu)


def test_no_candidates_no_quantities() -> None:
    volume, segmentation, _ = block((12, 12, 12), [], 50.0, 10.0, seed=6)
    assert quantify(volume, Acquisition(), segmentation) == {}
