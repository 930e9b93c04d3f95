"""Single voxels, edges, other orientations, empty maps: every measure still answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from digital_limb import Limb, ball

from calciscope.measure.measures import describe
from calciscope.measure.neighbourhood import Neighbourhood, Quantity, Segmentation
from calciscope.measure.scene import survey
from calciscope.terms.deposits import Layer, Region, Side
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition

PLAIN = Limb(deposit=ball(82.0, 0.0, 0.0, 6.0))


def _answer(volume: Volume, segmentation: Segmentation, core: np.ndarray, contrast: np.ndarray) -> dict[str, object]:
    candidate = segmentation.candidates[0]
    labels = np.where(core, 1, 0).astype(np.uint16)
    segmentation = replace(segmentation, labels=labels)
    neighbourhood = Neighbourhood(
        candidate=candidate, origin=(0, 0, 0), spacing_mm=volume.grid.spacing_mm, hu=volume.hu, labels=labels,
        tissue=segmentation.tissue, noise_hu=10.0,
    )  # fmt: skip
    quantity = Quantity(
        contrast_hu=contrast.astype(np.float32), support=core.copy(), excess_hu_ml=1.0, excess_sd_hu_ml=1.0,
        volume_ml=0.001, volume_sd_ml=0.001, excess_volume_covariance=0.0, background_hu=0.0, clipped=False,
    )  # fmt: skip
    return describe(survey(volume, Acquisition(), segmentation), neighbourhood, quantity)


@pytest.mark.parametrize("place", [(20, 70, 70), (0, 70, 70), (-1, 70, 70), (20, 0, 0), (20, 70, 131)])
@pytest.mark.parametrize("contrast_hu", [300.0, 0.0, -50.0])
def test_a_single_voxel_anywhere_with_any_contrast_gets_every_column(
    place: tuple[int, int, int], contrast_hu: float
) -> None:
    volume, segmentation, _, _ = PLAIN.build()
    core = np.zeros(volume.hu.shape, dtype=bool)
    core[place] = True
    row = _answer(volume, segmentation, core, np.where(core, contrast_hu, 0.0))
    assert row["layer"] in Layer
    assert np.isfinite([row["x_mm"], row["y_mm"], row["z_mm"]]).all()


def test_a_scan_without_fat_muscle_or_bone_codes_is_described() -> None:
    volume, segmentation, quantity, neighbourhood = PLAIN.build()
    bare = replace(segmentation, tissue=np.ones_like(segmentation.tissue))
    row = describe(survey(volume, Acquisition(), bare), neighbourhood, quantity)
    assert row["skin_depth_mm"] is None
    assert row["region"] in Region


def test_two_slices_are_enough_to_answer() -> None:
    row = Limb(deposit=ball(82.0, 0.0, 0.0, 6.0), height_mm=6.0, spacing_mm=(3.0, 0.8, 0.8)).describe()
    assert row["layer"] is Layer.INTRAMUSCULAR


@pytest.mark.parametrize("axes", [(1, 0, 2), (2, 1, 0), (2, 0, 1)])
def test_slices_may_run_along_any_axis_of_the_patient(axes: tuple[int, int, int]) -> None:
    volume, segmentation, quantity, neighbourhood = PLAIN.build()
    columns = [2 - axis for axis in axes][::-1]
    affine = volume.grid.affine[:, [*columns, 3]]
    shape = tuple(volume.hu.shape[axis] for axis in axes)
    turned = Volume(hu=np.ascontiguousarray(volume.hu.transpose(axes)), grid=Grid(shape=shape, affine=affine))
    labels, tissue = (np.ascontiguousarray(a.transpose(axes)) for a in (segmentation.labels, segmentation.tissue))
    near = replace(
        neighbourhood,
        origin=tuple(neighbourhood.origin[axis] for axis in axes),
        spacing_mm=turned.grid.spacing_mm,
        hu=neighbourhood.hu.transpose(axes),
        labels=neighbourhood.labels.transpose(axes),
        tissue=neighbourhood.tissue.transpose(axes),
    )
    mineral = replace(
        quantity, contrast_hu=quantity.contrast_hu.transpose(axes), support=quantity.support.transpose(axes)
    )
    scene = survey(turned, Acquisition(), replace(segmentation, labels=labels, tissue=tissue))
    row, plain = describe(scene, near, mineral), PLAIN.describe()
    assert [row["x_mm"], row["y_mm"], row["z_mm"]] == pytest.approx([plain["x_mm"], plain["y_mm"], plain["z_mm"]])
    assert (row["layer"], row["side"], row["shape"]) == (plain["layer"], Side.LEFT, plain["shape"])
    assert row["skin_depth_mm"] == pytest.approx(plain["skin_depth_mm"], abs=0.1)
