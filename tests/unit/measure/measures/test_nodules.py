"""Balls of known size and place in a digital limb read as what they are."""

from __future__ import annotations

import numpy as np
import pytest
from digital_limb import Limb, ball

from calciscope.terms.deposits import Layer, Shape, Side

X0, SKIN = 60.0, 49.5
THIN, THICK = (1.0, 0.8, 0.8), (3.0, 0.8, 0.8)
# Radius at which the ball's centre lies -> the layer by definition (muscle ends at 38 mm, skin at 49.5 mm).
LAYERS = {20.0: Layer.INTRAMUSCULAR, 37.0: Layer.FASCIAL, 38.8: Layer.FASCIAL, 43.0: Layer.SUBCUTANEOUS}


@pytest.mark.parametrize("radius_mm", LAYERS)
@pytest.mark.parametrize("diameter_mm", [3.0, 5.0, 8.0])
def test_layer_is_where_the_mass_centre_lies(radius_mm: float, diameter_mm: float) -> None:
    row = Limb(deposit=ball(X0 + radius_mm, 0.3, 0.2, diameter_mm)).describe()
    assert row["layer"] is LAYERS[radius_mm]


@pytest.mark.parametrize("diameter_mm", [3.0, 5.0, 8.0, 15.0])
def test_a_ball_reads_its_diameter_within_5_percent(diameter_mm: float) -> None:
    row = Limb(deposit=ball(X0 + 22.1, 0.3, 0.2, diameter_mm)).describe()
    assert row["longest_diameter_mm"] == pytest.approx(diameter_mm, rel=0.05)


@pytest.mark.parametrize("diameter_mm", [5.0, 8.0])
def test_thick_slices_do_not_stretch_a_ball_by_more_than_10_percent(diameter_mm: float) -> None:
    row = Limb(deposit=ball(X0 + 22.1, 0.3, 0.2, diameter_mm), spacing_mm=THICK).describe()
    assert row["longest_diameter_mm"] == pytest.approx(diameter_mm, rel=0.10)


@pytest.mark.parametrize("spacing_mm", [THIN, THICK, (0.6, 1.2, 0.5)])
@pytest.mark.parametrize("radius_mm", [15.0, 30.0, 43.0])
def test_skin_depth_is_from_the_surface_to_the_nearest_point(
    spacing_mm: tuple[float, float, float], radius_mm: float
) -> None:
    row = Limb(deposit=ball(X0 + radius_mm, 0.3, 0.2, 6.0), spacing_mm=spacing_mm).describe()
    assert row["skin_depth_mm"] == pytest.approx(SKIN - radius_mm - 3.0, abs=0.35)


@pytest.mark.parametrize("flip", [(1, 1, 1), (-1, 1, 1), (1, -1, 1), (1, 1, -1), (-1, -1, -1)])
def test_place_and_side_follow_the_patient_whatever_way_the_rows_run(flip: tuple[int, int, int]) -> None:
    row = Limb(deposit=ball(X0 + 21.0, 6.0, 4.0, 6.0), flip=flip).describe()
    assert [row["x_mm"], row["y_mm"], row["z_mm"]] == pytest.approx([X0 + 21.0, 6.0, 4.0], abs=0.2)
    assert row["side"] is Side.LEFT


def test_a_limb_on_the_other_side_of_the_table_is_a_right_one() -> None:
    row = Limb(deposit=ball(-X0 + 20.0, 0.0, 0.0, 6.0), centre_mm=(-X0, 0.0)).describe()
    assert row["side"] is Side.RIGHT


def test_a_lone_limb_on_the_scanner_axis_has_no_known_side() -> None:
    row = Limb(deposit=ball(20.0, 0.0, 0.0, 6.0), centre_mm=(0.0, 0.0)).describe()
    assert row["side"] is Side.UNKNOWN


def test_a_deposit_at_bone_is_periosteal_and_one_away_from_it_is_not() -> None:
    touching = Limb(deposit=ball(X0 + 9.0 + 3.0, 0.0, 0.0, 6.0)).describe()
    apart = Limb(deposit=ball(X0 + 9.0 + 3.0 + 4.0, 0.0, 0.0, 6.0)).describe()
    assert touching["layer"] is Layer.PERIOSTEAL
    assert apart["layer"] is Layer.INTRAMUSCULAR


def test_a_deposit_just_under_the_surface_is_cutaneous() -> None:
    row = Limb(deposit=ball(X0 + SKIN - 2.0, 0.0, 0.0, 3.0)).describe()
    assert row["layer"] is Layer.CUTANEOUS
    assert row["skin_depth_mm"] == pytest.approx(0.5, abs=0.4)


def test_a_large_deposit_resting_on_muscle_stays_subcutaneous() -> None:
    limb = Limb(deposit=ball(X0 + 38.0 + 6.0, 0.0, 0.0, 11.0), radii_mm=(9.0, 38.0, 58.0, 59.5), field_mm=130.0)
    assert limb.describe()["layer"] is Layer.SUBCUTANEOUS


def test_where_the_image_cuts_the_skin_off_there_is_no_depth() -> None:
    cut = Limb(deposit=ball(X0 + 30.0, 0.0, 0.0, 6.0), field_mm=90.0, field_shift_mm=-10.0)
    whole = Limb(deposit=ball(X0 - 30.0, 0.0, 0.0, 6.0), field_mm=90.0, field_shift_mm=-10.0)
    assert cut.describe()["skin_depth_mm"] is None
    assert whole.describe()["skin_depth_mm"] == pytest.approx(SKIN - 33.0, abs=0.4)


@pytest.mark.parametrize(("diameter_mm", "shape"), [(2.0, Shape.PUNCTATE), (6.0, Shape.NODULE), (27.0, Shape.MASS)])
def test_lumps_are_named_by_their_size(diameter_mm: float, shape: Shape) -> None:
    row = Limb(deposit=ball(X0 + 23.0, 0.3, 0.2, diameter_mm), noise_hu=10.0).describe()
    assert row["shape"] is shape


def test_the_mass_centre_is_found_under_noise() -> None:
    row = Limb(deposit=ball(X0 + 22.37, -3.1, 0.41, 8.0), noise_hu=20.0).describe()
    found = np.array([row["x_mm"], row["y_mm"], row["z_mm"]], dtype=float)
    assert np.linalg.norm(found - [X0 + 22.37, -3.1, 0.41]) < 0.2
