"""A voxel's place in the patient: there and back, sheared grids, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Grid, Volume


def grid(*, spacing_mm: tuple[float, float, float] = (3.0, 0.8, 0.7), tilt: float = 0.0, angle: float = 0.0) -> Grid:
    """A 4 x 5 x 6 grid turned by ``angle`` about z, each slice shifted along y by ``tilt`` mm."""
    dz, dy, dx = spacing_mm
    cos, sin = np.cos(angle), np.sin(angle)
    affine = np.eye(4)
    affine[:3, 0] = dx * np.array([cos, sin, 0.0])
    affine[:3, 1] = dy * np.array([-sin, cos, 0.0])
    affine[:3, 2] = [0.0, tilt, dz]
    affine[:3, 3] = [-120.0, 35.5, 900.0]
    return Grid(shape=(4, 5, 6), affine=affine)


def test_first_voxel_lies_at_the_origin_of_the_affine() -> None:
    np.testing.assert_allclose(grid().to_lps(np.zeros(3)), [-120.0, 35.5, 900.0])


def test_columns_run_along_x_rows_along_y_slices_along_z() -> None:
    one_each = grid().to_lps(np.eye(3)) - np.array([-120.0, 35.5, 900.0])
    np.testing.assert_allclose(one_each, [[0, 0, 3.0], [0, 0.8, 0], [0.7, 0, 0]], atol=1e-12)


@given(
    tilt=st.floats(-3, 3),
    angle=st.floats(-3.1, 3.1),
    index=st.lists(st.floats(-50, 600), min_size=3, max_size=3),
)
def test_to_lps_and_back_is_where_it_began(tilt: float, angle: float, index: list[float]) -> None:
    there = grid(tilt=tilt, angle=angle)
    np.testing.assert_allclose(there.to_index(there.to_lps(np.array(index))), index, atol=1e-9)


@given(tilt=st.floats(-3, 3), angle=st.floats(-3.1, 3.1))
def test_tilt_and_rotation_leave_volume_and_spacing_as_they_are(tilt: float, angle: float) -> None:
    turned = grid(tilt=tilt, angle=angle)
    assert turned.voxel_volume_mm3 == pytest.approx(3.0 * 0.8 * 0.7)
    assert turned.spacing_mm == pytest.approx((3.0, 0.8, 0.7))


def test_voxel_volume_in_millilitres_is_a_thousandth_of_its_cubic_millimetres() -> None:
    assert grid().voxel_volume_ml == pytest.approx(0.00168)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_position_that_is_not_a_number_is_refused(value: float) -> None:
    affine = np.eye(4)
    affine[0, 3] = value
    with pytest.raises(Refused, match="no usable position"):
        Grid(shape=(1, 1, 1), affine=affine)


def test_spacing_of_zero_is_refused() -> None:
    affine = np.eye(4)
    affine[2, 2] = 0.0
    with pytest.raises(Refused, match="no volume"):
        Grid(shape=(1, 1, 1), affine=affine)


def test_volume_that_does_not_fit_its_grid_is_refused() -> None:
    with pytest.raises(Refused, match="header says"):
        Volume(hu=np.zeros((4, 5, 7), dtype=np.int16), grid=grid())


def test_volume_of_another_number_type_is_refused() -> None:
    with pytest.raises(Refused):
        Volume(hu=np.zeros((4, 5, 6), dtype=np.int32), grid=grid())  # type: ignore[arg-type]
