"""Balls of known excess in a block of fat or muscle, with labels by half contrast, for the tests of quantify."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label

from calciscope.measure.neighbourhood import Candidate, Segmentation
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.tissue import Tissue

SPACING_MM = (1.0, 0.8, 0.8)
SIGMA_MM = (0.6, 0.45, 0.45)
CUTS = 4


def block(
    shape: tuple[int, int, int],
    balls: list[tuple[tuple[float, float, float], float, float]],
    background_hu: float,
    noise_hu: float,
    seed: int,
) -> tuple[Volume, Segmentation, list[tuple[float, float]]]:
    """``balls``: (centre mm [slice, row, column], radius mm, contrast HU). Third value: (excess HU ml, volume ml) each."""
    hu = np.full(shape, background_hu, np.float32)
    mask = np.zeros(shape, bool)
    truth = []
    voxel_ml = float(np.prod(SPACING_MM)) / 1000.0
    for centre, radius, contrast in balls:
        share = blurred_ball(shape, centre, radius)
        hu += contrast * share
        mask |= share > 0.5 * min(1.0, float(share.max()))
        volume_ml = float(share.sum()) * voxel_ml
        truth.append((contrast * volume_ml, volume_ml))
    grain = gaussian_filter(np.random.default_rng(seed).normal(size=shape), 0.5)
    hu += (noise_hu * grain / grain.std()).astype(np.float32)
    affine = np.diag([SPACING_MM[2], SPACING_MM[1], SPACING_MM[0], 1.0])
    volume = Volume(hu=np.rint(np.clip(hu, -1024, 3071)).astype(np.int16), grid=Grid(shape=shape, affine=affine))
    return volume, segmentation_of(mask, noise_hu), truth


def blurred_ball(shape: tuple[int, int, int], centre: tuple[float, float, float], radius: float) -> NDArray[np.float32]:
    """Blurred occupancy of a ball, by cells cut four times an axis."""
    axes = [
        ((np.arange(n * CUTS) + 0.5) / CUTS - 0.5) * d - c for n, d, c in zip(shape, SPACING_MM, centre, strict=True)
    ]
    z, y, x = np.meshgrid(*axes, indexing="ij", sparse=True)
    inside = (z * z + y * y + x * x < radius * radius).astype(np.float32)
    smooth = gaussian_filter(inside, [CUTS * s / d for s, d in zip(SIGMA_MM, SPACING_MM, strict=True)])
    return smooth.reshape(shape[0], CUTS, shape[1], CUTS, shape[2], CUTS).mean(axis=(1, 3, 5))


def segmentation_of(mask: NDArray[np.bool_], noise_hu: float) -> Segmentation:
    """Every connected piece of ``mask`` as a deposit in lean tissue."""
    labels, count = label(mask)
    candidates = tuple(
        Candidate(label=n, kind=Kind.CALCINOSIS, confidence=1.0, reason="made for a test") for n in range(1, count + 1)
    )
    tissue = np.full(mask.shape, Tissue.MUSCLE, np.uint8)
    return Segmentation(labels=labels.astype(np.uint16), tissue=tissue, candidates=candidates, noise_hu=noise_hu)
