"""Pictures show the patient as radiologists look at one, however the scan's axes lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.share.kind_marks import KIND_MARKS
from calciscope.share.pictures.key_image import PIXELS, key_image
from calciscope.share.pictures.planes import AXIAL, CORONAL, SAGITTAL, array_axes
from calciscope.share.pictures.projection import footprint, project
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.measurement import Measurement
from calciscope.terms.tissue import AnatomyMap


def lps_affine(spacing_mm: tuple[float, float, float]) -> np.ndarray:
    """Axial, columns to the left, rows to the back, slices to the head."""
    affine = np.diag([spacing_mm[2], spacing_mm[1], spacing_mm[0], 1.0])
    affine[:3, 3] = (-120.0, -60.0, 300.0)
    return affine


def turned(measurement: Measurement, order: tuple[int, int, int], flipped: tuple[int, ...]) -> Measurement:
    """The same patient, stored with other array axes."""

    def regrid(array: np.ndarray, grid: Grid) -> tuple[np.ndarray, Grid]:
        moved = np.ascontiguousarray(np.flip(array.transpose(order), flipped))
        to_old = np.zeros((4, 4))  # homogeneous new (column, row, slice) index to old
        to_old[3, 3] = 1
        for new, old in enumerate(order):
            sign = -1 if new in flipped else 1
            to_old[2 - old, 2 - new] = sign
            to_old[2 - old, 3] = moved.shape[new] - 1 if sign < 0 else 0
        return moved, Grid(shape=moved.shape, affine=grid.affine @ to_old, frame_uid=grid.frame_uid)

    volume, anatomy = measurement.series.volume, measurement.anatomy
    hu, grid = regrid(volume.hu, volume.grid)
    tissue, coarse = regrid(anatomy.tissue, anatomy.grid)
    return replace(
        measurement,
        series=replace(measurement.series, volume=Volume(hu=hu, grid=grid)),
        labels=regrid(measurement.labels, volume.grid)[0],
        anatomy=AnatomyMap(tissue=tissue, grid=coarse),
    )


@pytest.mark.parametrize("plane", [CORONAL, SAGITTAL, AXIAL], ids=lambda plane: plane.name)
@pytest.mark.parametrize(
    ("order", "flipped"),
    [((0, 1, 2), (0,)), ((0, 1, 2), (1, 2)), ((1, 0, 2), ()), ((2, 1, 0), (0, 2)), ((1, 2, 0), (1,))],
)
def test_projection_is_the_same_however_the_axes_lie(make_measurement, plane, order, flipped) -> None:
    straight = make_measurement(deposits=20)
    other = turned(straight, order, flipped)
    expected = project(straight, footprint(straight.labels), plane)
    found = project(other, footprint(other.labels), plane)
    assert found.frame == expected.frame
    difference = np.abs(np.asarray(found.picture, int) - np.asarray(expected.picture, int))
    assert np.mean(difference > 8) < 0.02  # resampled from the other side, edges may move by a rounding


def test_air_beside_the_body_takes_no_room_in_the_picture(make_measurement) -> None:
    measurement = make_measurement(deposits=3)
    whole = project(measurement, footprint(measurement.labels), CORONAL).frame
    tissue = measurement.anatomy.tissue.copy()
    column = tissue.shape[2] // 2
    tissue[:, :, column:] = 0
    empty = replace(measurement, anatomy=AnatomyMap(tissue=tissue, grid=measurement.anatomy.grid))
    seen = project(empty, footprint(np.zeros_like(measurement.labels)), CORONAL)
    assert seen.frame.width * seen.frame.pixel_mm < 0.75 * whole.width * whole.pixel_mm
    assert seen.frame.height * seen.frame.pixel_mm == pytest.approx(whole.height * whole.pixel_mm, rel=0.02)
    last = measurement.anatomy.grid.to_lps(np.array([0, 0, tissue.nonzero()[2].max() + 0.5]))[0]
    assert seen.frame.start_mm[0] + seen.frame.width * seen.frame.pixel_mm >= last + 5.0


@pytest.mark.parametrize("plane", [CORONAL, SAGITTAL, AXIAL], ids=lambda plane: plane.name)
@pytest.mark.parametrize("tilt_deg", [0.0, -18.5])
def test_deposit_is_drawn_where_its_coordinates_say(make_measurement, plane, tilt_deg) -> None:
    affine = lps_affine((4.0, 2.5, 2.5))
    turn = np.deg2rad(tilt_deg)
    affine[:3, 1] = 2.5 * np.array([0.0, np.cos(turn), np.sin(turn)])  # rows lean, slices still go straight up
    measurement = make_measurement(deposits=6, affine=affine)
    view = project(measurement, footprint(measurement.labels), plane)
    picture = np.asarray(view.picture, int)
    one = measurement.deposits[0]
    across, along = view.place(np.array([one.x_mm, one.y_mm, one.z_mm]))
    red, green, blue = picture[int(along * view.frame.height), int(across * view.frame.width)]
    assert red > blue + 30  # tinted with calcinosis' orange


def test_left_of_the_coronal_picture_is_the_patient_s_right_and_head_is_up(make_measurement) -> None:
    measurement = make_measurement(deposits=0)
    measurement.series.volume.hu[:] = -1000
    measurement.series.volume.hu[-8:, :, :10] = 1500  # head end, patient's right (LPS x runs to the left)
    measurement.anatomy.tissue[:] = 0
    picture = np.asarray(project(measurement, footprint(measurement.labels), CORONAL).picture)
    height, width = picture.shape[:2]
    assert picture[: height // 4, : width // 8].mean() > 60
    assert picture[height // 2 :, :].max() == 0
    assert picture[:, width // 2 :].max() == 0


def test_front_is_on_the_left_of_the_sagittal_picture(make_measurement) -> None:
    measurement = make_measurement(deposits=0)
    measurement.series.volume.hu[:] = -1000
    measurement.series.volume.hu[:, :6, :] = 1500  # first rows lie in front
    measurement.anatomy.tissue[:] = 0
    picture = np.asarray(project(measurement, footprint(measurement.labels), SAGITTAL).picture)
    assert picture[:, : picture.shape[1] // 10].min() > 200
    assert picture[:, picture.shape[1] // 2 :].max() == 0


def test_axes_of_a_sheared_or_oblique_grid_go_to_their_nearest_direction() -> None:
    affine = np.eye(4)
    affine[:3, :3] = [[0.9, 0.1, 0.0], [0.1, 0.9, 0.4], [0.0, -0.3, 2.0]]
    assert array_axes(Grid(shape=(3, 4, 5), affine=affine)) == (2, 1, 0)


def test_calcinosis_is_drawn_over_what_was_set_aside(make_measurement) -> None:
    measurement = make_measurement(deposits=2)
    measurement.labels[:] = 0
    measurement.labels[20:30, 10, 30:40] = 2
    measurement.labels[20:30, 30, 30:40] = 1
    kinds = tuple(
        replace(one, kind=kind)
        for one, kind in zip(measurement.deposits, (Kind.CALCINOSIS, Kind.VASCULAR), strict=True)
    )
    for first, second in ((0, 1), (1, 0)):
        swapped = replace(
            measurement, deposits=(replace(kinds[first], deposit_id=1), replace(kinds[second], deposit_id=2))
        )
        picture = np.asarray(project(swapped, footprint(swapped.labels), CORONAL).picture)
        assert (picture == KIND_MARKS[Kind.CALCINOSIS].rgb).all(axis=2).any()
        assert not (picture == KIND_MARKS[Kind.VASCULAR].rgb).all(axis=2).any()


def test_key_image_holds_the_deposit_in_its_middle_with_an_outline_around(make_measurement) -> None:
    measurement = make_measurement(deposits=5)
    key = key_image(measurement, footprint(measurement.labels), measurement.deposits[0])
    assert key is not None
    for _, picture in key.cuts:
        pixels = np.asarray(picture, int)
        assert pixels.shape == (PIXELS, PIXELS, 3)
        middle = pixels[PIXELS // 2, PIXELS // 2]
        assert middle.min() == middle.max()  # the deposit itself stays grey
        rows, columns = np.nonzero((pixels == KIND_MARKS[Kind.CALCINOSIS].rgb).all(axis=2))
        assert rows.min() < PIXELS // 2 < rows.max()
        assert columns.min() < PIXELS // 2 < columns.max()


def test_key_image_of_a_deposit_that_is_not_in_the_labels_is_none(make_measurement) -> None:
    measurement = make_measurement(deposits=1)
    measurement.labels[:] = 0
    assert key_image(measurement, footprint(measurement.labels), measurement.deposits[0]) is None


def test_every_kind_has_its_own_form_and_colour() -> None:
    assert set(KIND_MARKS) == set(Kind)
    assert len({mark.form for mark in KIND_MARKS.values()}) == len(Kind)
    assert len({mark.rgb for mark in KIND_MARKS.values()}) == len(Kind)
