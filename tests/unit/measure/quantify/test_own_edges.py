"""The blur that deposits' own edges show."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from calciscope.measure.blur import Blur
from calciscope.measure.quantify import run
from calciscope.measure.quantify.own_edges import LEAST_CONTRAST, narrowed
from calciscope.terms.series import Acquisition

sys.path.insert(0, str(Path(__file__).parent))
from balls import SPACING_MM, block

PLANE_MM, SLICE_MM = 0.505, 0.666  # of the blocks: their blur and the voxel's own box
WIDE = Blur(slice_mm=0.8, plane_mm=0.75)
THICKNESS_MM = SPACING_MM[0]


def read(contrast_hu: float, assumed: Blur, monkeypatch: pytest.MonkeyPatch, noise_hu: float = 12.0):
    """Blur used, and volume over the truth, of a ball of 5 mm."""
    monkeypatch.setattr(run, "estimate_blur", lambda *_: assumed)
    used = []

    def kept(*given):
        used.append(narrowed(*given))
        return used[-1]

    monkeypatch.setattr(run, "narrowed", kept)
    volume, segmentation, truth = block((24, 30, 30), [((11.3, 11.6, 12.1), 2.5, contrast_hu)], 50.0, noise_hu, seed=7)
    _, quantity = run.quantify(volume, Acquisition(slice_thickness_mm=THICKNESS_MM), segmentation)[1]
    return used[0], quantity.volume_ml / truth[0][1]


def test_a_dense_deposit_narrows_a_blur_taken_too_wide(monkeypatch):
    blur, volume = read(900.0, WIDE, monkeypatch)
    assert blur.plane_mm == pytest.approx(PLANE_MM, rel=0.12)
    assert blur.slice_mm < WIDE.slice_mm
    assert volume == pytest.approx(1.0, abs=0.08)


def test_a_faint_deposit_says_nothing_about_the_blur(monkeypatch):
    assert read(140.0, WIDE, monkeypatch, noise_hu=15.0)[0] == WIDE
    assert LEAST_CONTRAST * 15.0 > 140.0


def test_a_blur_is_never_made_wider(monkeypatch):
    narrow = Blur(slice_mm=0.45, plane_mm=0.36)
    blur, _ = read(900.0, narrow, monkeypatch)
    assert blur.plane_mm <= narrow.plane_mm and blur.slice_mm <= narrow.slice_mm


def test_no_deposit_no_change():
    assert narrowed(WIDE, [], SPACING_MM, THICKNESS_MM) == WIDE


def test_the_same_scan_gives_the_same_blur(monkeypatch):
    assert read(900.0, WIDE, monkeypatch)[0] == read(900.0, WIDE, monkeypatch)[0]
    assert np.isfinite(read(900.0, WIDE, monkeypatch)[1])
