"""Excess of deposits where the tissue or the scanner is not plain: a compartment's border, thick slices, a wrong blur."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from calciscope.measure.blur import Blur
from calciscope.measure.neighbourhood import Candidate, Quantity, Segmentation
from calciscope.measure.quantify import run
from calciscope.measure.quantify.covariance import STRETCHES, choose
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition
from calciscope.terms.tissue import Tissue

Float32 = NDArray[np.float32]
Triple = tuple[float, float, float]

THIN_MM: Triple = (1.0, 0.8, 0.8)
THICK_MM: Triple = (3.3, 1.0, 1.0)
CUTS = 4
CONTRAST_HU = 400.0
NOISE_HU = 10.0
PLANE_MM = 0.6


def sampled(inside: NDArray[np.bool_], spacing_mm: Triple, sigma_mm: Triple) -> Float32:
    """Blurred share of each voxel from a mask cut ``CUTS`` times an axis."""
    smooth = gaussian_filter(
        inside.astype(np.float32), [CUTS * s / d for s, d in zip(sigma_mm, spacing_mm, strict=True)]
    )
    z, y, x = (n // CUTS for n in inside.shape)
    return np.asarray(smooth.reshape(z, CUTS, y, CUTS, x, CUTS).mean(axis=(1, 3, 5)), dtype=np.float32)


def axes_mm(shape: tuple[int, int, int], spacing_mm: Triple) -> list[NDArray[np.float64]]:
    """Fine coordinates from the middle of a block, open grids."""
    cells = [((np.arange(n * CUTS) + 0.5) / CUTS - n / 2) * d for n, d in zip(shape, spacing_mm, strict=True)]
    return list(np.meshgrid(*cells, indexing="ij", sparse=True))


def measured(
    background: Float32,
    share: Float32,
    spacing_mm: Triple,
    assumed: Blur,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    contrast_hu: float = CONTRAST_HU,
) -> tuple[Quantity, float]:
    """One deposit of ``share`` in ``background``, quantified with an assumed blur; its quantity and true excess (HU ml)."""
    monkeypatch.setattr(run, "estimate_blur", lambda *_: assumed)
    grain = gaussian_filter(np.random.default_rng(seed).normal(size=share.shape), (0.0, 0.5, 0.5))
    hu = background + contrast_hu * share + NOISE_HU * grain / grain.std()
    affine = np.diag([spacing_mm[2], spacing_mm[1], spacing_mm[0], 1.0])
    segmentation = Segmentation(
        labels=(share > 0.5 * share.max()).astype(np.uint16),
        tissue=np.full(share.shape, Tissue.MUSCLE, np.uint8),
        candidates=(Candidate(label=1, kind=Kind.CALCINOSIS, confidence=1.0, reason="made for a test"),),
        noise_hu=NOISE_HU,
    )
    volume = Volume(hu=np.rint(hu).astype(np.int16), grid=Grid(shape=share.shape, affine=affine))
    _, quantity = run.quantify(volume, Acquisition(), segmentation)[1]
    return quantity, contrast_hu * float(share.sum()) * float(np.prod(spacing_mm)) / 1000.0


def test_a_sheet_on_the_border_of_fat_and_muscle(monkeypatch: pytest.MonkeyPatch) -> None:
    shape, sigma = (30, 40, 40), (0.6, PLANE_MM, PLANE_MM)
    z, y, x = axes_mm(shape, THIN_MM)
    bend = 0.02 * (y * y)
    plate = (np.abs(x - bend) < 0.9) & (z * z + y * y < 6.0**2)
    muscle = np.broadcast_to(x - bend < 0.0, plate.shape)
    background = -95.0 + 150.0 * sampled(np.asarray(muscle), THIN_MM, sigma)
    share = sampled(plate, THIN_MM, sigma)
    quantity, truth = measured(background, share, THIN_MM, Blur(slice_mm=0.6, plane_mm=PLANE_MM), monkeypatch, 11)
    assert quantity.excess_hu_ml == pytest.approx(truth, rel=0.08)
    assert abs(quantity.excess_hu_ml - truth) < 3.0 * quantity.excess_sd_hu_ml


@pytest.mark.parametrize("wrong", [0.75, 1.0, 1.3])
def test_a_blur_off_by_a_quarter_moves_the_excess_little(wrong: float, monkeypatch: pytest.MonkeyPatch) -> None:
    shape, sigma = (30, 36, 36), (0.6, PLANE_MM, PLANE_MM)
    z, y, x = axes_mm(shape, THIN_MM)
    share = sampled(z * z + y * y + x * x < 3.0**2, THIN_MM, sigma)
    assumed = Blur(slice_mm=0.6 * wrong, plane_mm=PLANE_MM * wrong)
    quantity, truth = measured(np.full(shape, 50.0, np.float32), share, THIN_MM, assumed, monkeypatch, 12)
    assert quantity.excess_hu_ml == pytest.approx(truth, rel=0.05)


def test_what_lies_in_the_next_thick_slices_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    shape, sigma = (12, 30, 30), (1.2, PLANE_MM, PLANE_MM)
    z, y, x = axes_mm(shape, THICK_MM)
    share = sampled((z - 1.65) ** 2 + y * y + x * x < 2.7**2, THICK_MM, sigma)  # 35 % of its peak in each next slice
    assert int((share > 0.5 * share.max()).any(axis=(1, 2)).sum()) == 1
    assumed = Blur(slice_mm=1.2, plane_mm=PLANE_MM)
    quantity, truth = measured(np.full(shape, 50.0, np.float32), share, THICK_MM, assumed, monkeypatch, 13)
    assert quantity.excess_hu_ml == pytest.approx(truth, rel=0.06)


def test_tissue_that_runs_along_the_limb_is_known_as_such() -> None:
    rng = np.random.default_rng(14)
    columns = gaussian_filter(rng.normal(size=(40, 40)), 2.0)
    field = np.broadcast_to(40.0 * columns / columns.std(), (9, 40, 40)) + rng.normal(size=(9, 40, 40))
    at = rng.integers(0, (9, 40, 40), size=(200, 3))
    values = field[at[:, 0], at[:, 1], at[:, 2]]
    long = choose(at * np.array((3.0, 1.0, 1.0)), values, np.ones(200), 1.0)
    assert long.stretch == min(STRETCHES)


def half_ball_of_fat(contrast_hu: float, step_hu: float, monkeypatch: pytest.MonkeyPatch) -> tuple[Quantity, float]:
    """A ball on the border of two tissues that differ by ``step_hu``."""
    shape, sigma = (30, 36, 36), (0.6, PLANE_MM, PLANE_MM)
    z, y, x = axes_mm(shape, THIN_MM)
    share = sampled(z * z + y * y + x * x < 4.0**2, THIN_MM, sigma)
    lean = np.broadcast_to(x + 0.5 * y > 1.0, tuple(n * CUTS for n in shape))
    background = np.float32(-90.0) + np.float32(step_hu) * sampled(np.asarray(lean), THIN_MM, sigma)
    assumed = Blur(slice_mm=0.6, plane_mm=PLANE_MM)
    return measured(background, share, THIN_MM, assumed, monkeypatch, 15, contrast_hu)


def test_a_faint_deposit_at_a_border_of_tissues_is_read_with_more_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    even, _ = half_ball_of_fat(220.0, 0.0, monkeypatch)
    faint, truth = half_ball_of_fat(220.0, 140.0, monkeypatch)
    dense, _ = half_ball_of_fat(900.0, 140.0, monkeypatch)
    doubts = [quantity.excess_sd_hu_ml / quantity.excess_hu_ml for quantity in (even, faint, dense)]
    assert doubts[1] > 2.0 * doubts[0]
    assert doubts[1] > 2.0 * doubts[2]
    assert abs(faint.excess_hu_ml - truth) < 2.5 * faint.excess_sd_hu_ml
