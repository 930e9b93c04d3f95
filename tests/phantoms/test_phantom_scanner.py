"""The simulated scanner: slice profile, kernel, noise, clipping, tilt, and that a seed always gives the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.phantom import Body, Kernel, PhantomSpec, make_phantom
from calciscope.phantom.lattice import image_grid
from calciscope.phantom.scanner import blur_filter, noise_filter, slice_profile, transfer
from calciscope.terms.errors import WrongUsage

SMALL = PhantomSpec(kind=Body.ARM, slices=30, rows=110, columns=110, spacing_mm=1.0, deposits="none", seed=2)


@pytest.mark.parametrize(("slice_mm", "step_mm"), [(1.0, 1.0), (3.0, 3.0), (3.0, 1.5), (2.0, 5.0)])
def test_slice_profile_has_the_width_asked(slice_mm: float, step_mm: float) -> None:
    spec = replace(SMALL, slice_mm=slice_mm, increment_mm=step_mm)
    profile = slice_profile(spec, 10)
    z = (np.arange(len(profile.weights)) - (len(profile.weights) - 1) / 2) * step_mm / 10
    assert profile.weights.sum() == pytest.approx(1)
    sigma = np.sqrt((profile.weights * z**2).sum())
    assert sigma == pytest.approx(np.sqrt(slice_mm**2 / 12 + (0.6 / 2.3548) ** 2), rel=0.05)


def test_neighbouring_slices_share_every_point_fully() -> None:
    profile = slice_profile(SMALL, 4)
    shares = [profile.weights[n::4].sum() for n in range(4)]
    assert shares == pytest.approx([0.25] * 4, abs=1e-4)


def test_kernels_keep_the_mean_and_sharp_keeps_more_detail() -> None:
    soft, sharp = transfer(SMALL), transfer(replace(SMALL, kernel=Kernel.SHARP))
    assert soft[0, 0] == sharp[0, 0] == blur_filter(SMALL)[0, 0] == 1.0
    assert (sharp[1:, 1:] > soft[1:, 1:]).all()
    assert 1.02 < sharp.max() < 1.25  # slight edge enhancement
    assert soft.max() == 1.0


def test_noise_has_the_strength_and_texture_asked() -> None:
    spec = replace(SMALL, noise_hu=25.0, rows=128, columns=128)
    quiet = make_phantom(replace(spec, noise_hu=0.0)).series.volume.hu.astype(float)
    noise = make_phantom(spec).series.volume.hu - quiet
    body = quiet[:, 40:80, 40:80] > -200
    assert noise[:, 40:80, 40:80][body].std() == pytest.approx(25, rel=0.15)
    spectrum = (np.abs(np.fft.rfft2(noise)) ** 2).mean(axis=0)
    assert spectrum[10:16, 10:16].mean() > 2.0 * spectrum[1:3, 1:3].mean()  # a ramp: little noise at low frequencies
    assert noise_filter(spec)[0, 0] == 0.0


def test_same_seed_same_voxels_other_seed_other_ones() -> None:
    first, again, other = (make_phantom(replace(SMALL, seed=seed, slices=8)) for seed in (4, 4, 5))
    assert np.array_equal(first.series.volume.hu, again.series.volume.hu)
    assert first.truth == again.truth
    assert not np.array_equal(first.series.volume.hu, other.series.volume.hu)


def test_metal_clips_at_the_ceiling_of_twelve_bits_and_throws_streaks() -> None:
    spec = replace(SMALL, metal=True, centre_mm=90.0, noise_hu=0.0, slices=40, columns=130, rows=130)
    metal, bare = make_phantom(spec), make_phantom(replace(spec, metal=False))
    assert metal.series.volume.hu.max() == 3071
    assert metal.series.volume.ceiling_hu == 3071
    assert bare.series.volume.ceiling_hu is None
    soft = np.abs(bare.series.volume.hu - 58.0) < 15
    changed = np.abs(metal.series.volume.hu.astype(int) - bare.series.volume.hu)[soft]
    assert np.percentile(changed, 95) > 20
    assert "metal" in {part["kind"] for part in metal.truth["others"]}


def test_tilted_slices_lie_tilted_and_as_far_apart_as_asked() -> None:
    grid = image_grid(replace(SMALL, tilt_deg=20.0, slice_mm=2.0), (0.0, 0.0, 0.0))
    normal = np.cross(grid.affine[:3, 0], grid.affine[:3, 1])
    assert np.degrees(np.arccos(normal[2] / np.linalg.norm(normal))) == pytest.approx(20)
    assert grid.spacing_mm[0] == pytest.approx(2.0)
    assert grid.affine[:2, 2] == pytest.approx([0, 0])  # the table moves along z


@pytest.mark.parametrize(
    "wrong", [{"kvp": 20.0}, {"slice_mm": 0.0}, {"noise_hu": -1.0}, {"tilt_deg": 60.0}, {"rows": 1}]
)
def test_impossible_scanners_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(WrongUsage, match=next(iter(wrong))):
        PhantomSpec(**wrong)


def test_unknown_presets_are_refused_with_the_known_ones() -> None:
    with pytest.raises(WrongUsage, match="nodules-fat"):
        make_phantom(replace(SMALL, deposits="pearls"))
