"""A net of strands in fat, each thinner than the blur, is weighed as a whole; so is one of which the faint rims are not labelled."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from calciscope.measure.blur import Blur
from calciscope.measure.neighbourhood import Candidate, Segmentation
from calciscope.measure.quantify import run
from calciscope.measure.quantify.net import is_net
from calciscope.measure.quantify.run import quantify
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition
from calciscope.terms.tissue import Tissue

FINE, SIZE = 4, 48  # fine voxels a millimetre, millimetres
SIGMA_MM = 0.6
VOXEL = (1.0, 1.0, 1.0)


def contrast(radius_mm: float, hu: float) -> np.ndarray:
    """A net of rods 7 mm apart in one plane, blurred, in voxels of 1 mm."""
    z, y, x = np.meshgrid(*(((np.arange(SIZE * FINE) + 0.5) / FINE - SIZE / 2).astype(np.float32),) * 3, indexing="ij", sparse=True)
    inside = np.zeros((SIZE * FINE,) * 3, bool)
    for at in (-10.5, -3.5, 3.5, 10.5):
        inside |= (z**2 + (y - at) ** 2 <= radius_mm**2) & (np.abs(x) <= 11)
        inside |= (z**2 + (x - at) ** 2 <= radius_mm**2) & (np.abs(y) <= 11)
    blurred = ndimage.gaussian_filter(inside.astype(np.float32) * hu, SIGMA_MM * FINE)
    return np.asarray(blurred.reshape(SIZE, FINE, SIZE, FINE, SIZE, FINE).mean(axis=(1, 3, 5)))


@pytest.mark.parametrize("radius_mm", [0.5, 0.8])
def test_a_net_is_weighed_as_a_whole(radius_mm: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "estimate_blur", lambda *_: Blur(slice_mm=SIGMA_MM, plane_mm=SIGMA_MM))
    net = contrast(radius_mm, 700.0)
    noise = np.random.default_rng(5).normal(0.0, 15.0, net.shape)
    volume = Volume(hu=np.rint(net - 100.0 + noise).astype(np.int16), grid=Grid(shape=net.shape, affine=np.eye(4)))
    core = (net > 0.5 * ndimage.maximum_filter(net, size=3)) & (net > 45.0)  # half of the local contrast, as labels are
    tissue = np.where(core, int(Tissue.SKIN_OTHER), int(Tissue.FAT)).astype(np.uint8)
    found = Candidate(label=1, kind=Kind.CALCINOSIS, confidence=0.9, reason="")
    segmentation = Segmentation(labels=core.astype(np.uint16), tissue=tissue, candidates=(found,), noise_hu=15.0)
    assert is_net(volume.hu, core, VOXEL)
    quantity = quantify(volume, Acquisition(), segmentation)[1][1]
    true = float(net.sum()) * volume.grid.voxel_volume_ml
    assert quantity.excess_hu_ml == pytest.approx(true, rel=0.10)
    assert abs(quantity.excess_hu_ml - true) < 2.0 * quantity.excess_sd_hu_ml


def test_a_nodule_and_a_sheet_are_no_nets() -> None:
    places = np.indices((SIZE,) * 3) - SIZE // 2
    ball, sheet = (places**2).sum(axis=0) <= 9, (np.abs(places[0]) <= 1) & (np.abs(places[1:]) <= 12).all(axis=0)
    for core in (ball, sheet):
        assert not is_net(np.where(core, 400, -100).astype(np.int16), core, VOXEL)
