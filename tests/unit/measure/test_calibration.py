"""HU per mg/ml: falls with tube voltage and body size, is taken from the image, and yields to the user's own factor."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.calibration import (
    GIVEN_SD,
    KVP,
    PATH_CM,
    calibrate,
    calibrate_field,
    hu_per_mg_ml,
    modelled,
)
from calciscope.terms.errors import Refused, WrongUsage
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.measurement import Settings
from calciscope.terms.series import Acquisition, Series
from calciscope.terms.tissue import Tissue

# Fujioka et al., Acad Radiol 2012;19(11) table 1: 1 / calibration factor on four makers' scanners, about 20 cm water.
MEASURED = {120.0: np.array([1.43, 1.41, 1.20, 1.23]), 80.0: np.array([1.96, 1.96, 1.69, 1.79])}


def discs(centres_mm, radius_mm, *, field_mm=400.0, pixels=128, slices=6, kvp=120.0):
    """(Series, tissue) of water discs in air."""
    pixel_mm = field_mm / pixels
    rows, columns = (np.mgrid[:pixels, :pixels] - (pixels - 1) / 2) * pixel_mm
    body = np.any([np.hypot(rows - y, columns - x) < radius_mm for x, y in centres_mm], axis=0)
    hu = np.repeat(np.where(body, 0, -1024).astype(np.int16)[None], slices, axis=0)
    grid = Grid(shape=hu.shape, affine=np.diag([pixel_mm, pixel_mm, 5.0, 1.0]))
    tissue = np.where(hu > -500, Tissue.MUSCLE, Tissue.OUTSIDE).astype(np.uint8)
    return Series(volume=Volume(hu=hu, grid=grid), acquisition=Acquisition(kvp=kvp)), tissue


def at_mm(series, x_mm, y_mm):
    """Index of a place in the middle slice."""
    count = series.volume.grid.shape[1]
    pixel_mm = series.volume.grid.spacing_mm[1]
    return 3.0, y_mm / pixel_mm + (count - 1) / 2, x_mm / pixel_mm + (count - 1) / 2


def test_factor_falls_with_tube_voltage_and_with_path():
    values = np.array([hu_per_mg_ml(kvp, np.array(PATH_CM)) for kvp in np.arange(70.0, 151.0, 5.0)])
    assert (np.diff(values, axis=0) < 0).all()
    assert (np.diff(values, axis=1) < 0).all()


@pytest.mark.parametrize("kvp", sorted(MEASURED))
def test_model_is_the_mean_of_four_makers_scanners(kvp):
    assert modelled(kvp, 20.0).hu_per_mg_ml == pytest.approx(MEASURED[kvp].mean(), rel=0.03)


@pytest.mark.parametrize("kvp", sorted(MEASURED))
def test_interval_holds_every_measured_scanner(kvp):
    calibration = modelled(kvp, 20.0)
    assert (np.abs(MEASURED[kvp] / calibration.hu_per_mg_ml - 1) < 1.96 * calibration.relative_sd).all()


def test_interval_is_wider_where_less_water_evens_out_the_scanners_beams():
    spreads = [modelled(120.0, path_cm).relative_sd for path_cm in (4.0, 8.0, 12.0, 20.0, 32.0, 45.0)]
    assert spreads == sorted(spreads, reverse=True)
    assert 0.07 < spreads[-1] < spreads[0] < 0.11


def test_between_entries_the_table_is_smooth():
    middle = hu_per_mg_ml(95.0, np.array([20.0]))[0]
    ends = [hu_per_mg_ml(kvp, np.array([20.0]))[0] for kvp in (90.0, 100.0)]
    assert min(ends) < middle < max(ends)
    assert hu_per_mg_ml(KVP[3], np.array([20.0]))[0] == pytest.approx(1.4932)


@pytest.mark.parametrize("kvp", [0.0, 20.0, 500.0, float("nan")])
def test_impossible_tube_voltage_is_refused_by_the_model_and_assumed_by_a_scan(kvp):
    with pytest.raises(Refused, match="tube voltage"):
        modelled(kvp, 20.0)
    series, tissue = discs([(0, 0)], 50.0, kvp=kvp)
    calibration = calibrate(series, tissue, Settings())
    assert calibration.kvp == 120.0 and calibration.kvp_assumed


def test_unknown_tube_voltage_is_assumed_and_widens_the_interval():
    known = calibrate(*discs([(0, 0)], 50.0), Settings())
    unknown = calibrate(*discs([(0, 0)], 50.0, kvp=None), Settings())
    assert unknown.hu_per_mg_ml == known.hu_per_mg_ml
    assert unknown.kvp_assumed and not known.kvp_assumed
    assert unknown.relative_sd > 1.5 * known.relative_sd


def test_larger_body_lowers_the_factor():
    limb, trunk = (calibrate(*discs([(0, 0)], radius), Settings()) for radius in (45.0, 150.0))
    assert trunk.hu_per_mg_ml < 0.92 * limb.hu_per_mg_ml
    # mean over a disc of the path through a random place, in random direction, is about 0.85 of its diameter
    assert limb.water_equivalent_cm == pytest.approx(0.85 * 9.0, rel=0.05)
    assert trunk.water_equivalent_cm == pytest.approx(0.85 * 30.0, rel=0.05)


def test_middle_of_a_disc_sees_its_diameter_and_its_edge_sees_less():
    series, tissue = discs([(0, 0)], 100.0)
    _, field = calibrate_field(series, tissue, Settings())
    middle, edge = field.at(at_mm(series, 0, 0)), field.at(at_mm(series, 95, 0))
    assert middle == pytest.approx(modelled(120.0, 20.0).hu_per_mg_ml, rel=0.005)
    chords_cm = 2 * np.sqrt(10.0**2 - (9.5 * np.sin(np.arange(720) * np.pi / 720)) ** 2)
    assert edge == pytest.approx(hu_per_mg_ml(120.0, chords_cm).mean(), rel=0.005)


def test_ring_under_the_skin_has_the_skins_factor_and_not_that_of_its_centre():
    series, tissue = discs([(0, 0)], 100.0)
    _, field = calibrate_field(series, tissue, Settings())
    ring = [at_mm(series, 95 * np.cos(turn), 95 * np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 40)]
    expected = field.at(at_mm(series, 95, 0)) / field.typical_hu_per_mg_ml
    assert field.mean_ratio(np.array(ring)) == pytest.approx(expected, rel=0.005)
    assert expected > 1.03 * field.mean_ratio(np.array([at_mm(series, 0, 0)]))


def test_bone_on_the_rays_lowers_the_factor_more_than_water_would():
    series, tissue = discs([(0, 0)], 60.0)
    rows, columns = np.mgrid[:128, :128] - 63.5
    bone = np.hypot(rows, columns) * 3.125 < 15.0
    series.volume.hu[:, bone] = 1000
    as_deposit = calibrate(series, tissue, Settings())
    tissue[:, bone] = Tissue.BONE
    with_bone = calibrate(series, tissue, Settings())
    without = calibrate(*discs([(0, 0)], 60.0), Settings())
    assert with_bone.hu_per_mg_ml < 0.975 * without.hu_per_mg_ml
    assert with_bone.hu_per_mg_ml < as_deposit.hu_per_mg_ml < without.hu_per_mg_ml


def test_second_leg_in_view_lowers_the_factor():
    one = calibrate(*discs([(-70, 0)], 60.0), Settings())
    two = calibrate(*discs([(-70, 0), (70, 0)], 60.0), Settings())
    assert 0.93 < two.hu_per_mg_ml / one.hu_per_mg_ml < 0.985
    assert two.water_equivalent_cm > one.water_equivalent_cm + 1.5


def test_each_part_of_a_scan_from_limb_to_trunk_has_its_own_factor():
    limb, limb_tissue = discs([(0, 0)], 45.0)
    trunk, trunk_tissue = discs([(0, 0)], 150.0)
    hu = np.concatenate([limb.volume.hu, trunk.volume.hu])
    grid = Grid(shape=hu.shape, affine=np.diag([3.125, 3.125, 15.0, 1.0]))
    series = Series(volume=Volume(hu=hu, grid=grid), acquisition=limb.acquisition)
    _, field = calibrate_field(series, np.concatenate([limb_tissue, trunk_tissue]), Settings())
    assert field.at((0.0, 63.5, 63.5)) == pytest.approx(modelled(120.0, 9.0).hu_per_mg_ml, rel=0.01)
    assert field.at((11.0, 63.5, 63.5)) == pytest.approx(modelled(120.0, 30.0).hu_per_mg_ml, rel=0.01)


def test_body_cut_off_by_the_image_widens_the_interval():
    whole = calibrate(*discs([(0, 0)], 100.0), Settings())
    cut = calibrate(*discs([(0, 0)], 100.0, field_mm=160.0), Settings())
    assert cut.relative_sd > whole.relative_sd


def test_no_body_in_view_gives_a_wider_interval_and_no_field():
    series, tissue = discs([(0, 0)], 60.0)
    calibration, field = calibrate_field(series, np.zeros_like(tissue), Settings())
    assert field is None
    assert calibration.relative_sd > calibrate(series, tissue, Settings()).relative_sd


def test_users_own_factor_is_taken_as_it_is():
    series, tissue = discs([(0, 0)], 60.0)
    calibration, field = calibrate_field(series, tissue, Settings(calibration_hu_per_mg_ml=1.31))
    assert (calibration.hu_per_mg_ml, calibration.relative_sd, calibration.source) == (1.31, GIVEN_SD, "given")
    assert field is None


@pytest.mark.parametrize("factor", [0.0, -1.3, float("nan"), float("inf")])
def test_users_impossible_factor_is_wrong_usage(factor):
    with pytest.raises(WrongUsage, match="calibration"):
        calibrate(*discs([(0, 0)], 60.0), Settings(calibration_hu_per_mg_ml=factor))
