"""The polyenergetic CT: exact line integrals, water at 0 HU, calcium as bright as the spectral model says."""

# The simulation needs packages that only benchmarks use, so they are looked for before it is imported.
# ruff: noqa: E402

from __future__ import annotations

import numpy as np
import pytest

for package in ("spekpy", "xraylib"):
    pytest.importorskip(package, reason=f"{package} is not installed; the polyenergetic simulation was not tested")

from benchmarks.polyenergetic.beam import Beam
from benchmarks.polyenergetic.project import back_projected, filtered, sinogram, volume_ml
from benchmarks.polyenergetic.scan import Scanner, Simulator
from benchmarks.polyenergetic.scene import AIR, BASIS, MUSCLE, Ellipsoid, Scene, mineralised
from benchmarks.polyenergetic.scenes import KINDS, scene
from benchmarks.polyenergetic.table import hu_per_mg_ml
from calciscope.measure.calibration import calibrate_field
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.measurement import Settings
from calciscope.terms.series import Acquisition, Series

FIELD_MM = 200.0
WATERY = tuple(0.0 if name != "muscle" else 1.0 for name in BASIS)  # lean tissue thinned to about 0 HU


def cylinder(radius_mm, composition, instead_of=AIR, centre=(0.0, 0.0, 0.0), semi_z=np.inf):
    return Ellipsoid(centre=centre, semi=(radius_mm, radius_mm, semi_z), composition=composition, instead_of=instead_of)


def scanned(*parts, kvp=120.0, size=112):
    """One noise-free slice and its pixel size."""
    simulator = Simulator(Scanner(beam=Beam(kvp=kvp), size=size, views=200), FIELD_MM)
    whole = Scene(name="test", bodies=parts, deposits=(), field_mm=FIELD_MM)
    return simulator.slice_hu(whole, np.array([0.0]), 0.0, np.random.default_rng(0)), simulator.pixel_mm


def test_projections_hold_the_whole_of_an_ellipse_at_every_angle():
    part = Ellipsoid(centre=(20.0, -10.0, 0.0), semi=(30.0, 12.0, np.inf), turn_rad=0.7, composition=WATERY,
                     instead_of=AIR)  # fmt: skip
    whole = Scene(name="test", bodies=(part,), deposits=(), field_mm=FIELD_MM)
    areal = sinogram(whole, np.array([0.0]), 90, 256, 0.8)[BASIS.index("muscle")]
    np.testing.assert_allclose(areal.sum(axis=1) * 0.08, np.pi * 3.0 * 1.2, rtol=1e-9)


def test_back_projection_gives_a_disc_its_value_and_its_area():
    part = cylinder(40.0, WATERY)
    whole = Scene(name="test", bodies=(part,), deposits=(), field_mm=FIELD_MM)
    areal = sinogram(whole, np.array([0.0]), 240, 256, 0.8)[BASIS.index("muscle")]
    image = back_projected(filtered(areal, 0.8, 0.5), 160, 1.25, 0.8)
    assert image[75:85, 75:85].mean() == pytest.approx(1.0, abs=0.003)
    rows, columns = (np.mgrid[:160, :160] - 79.5) * 1.25
    assert image[np.hypot(rows, columns) < 48.0].sum() * 0.125**2 == pytest.approx(np.pi * 16.0, rel=0.01)


def test_lean_tissue_reads_flat_across_a_body():
    image, pixel_mm = scanned(cylinder(80.0, MUSCLE), kvp=70.0)
    middle = image.shape[0] // 2
    inside = [image[middle - 2 : middle + 2, middle + round(mm / pixel_mm)].mean() for mm in (0, 30, 60)]
    assert np.ptp(inside) < 4.0
    assert 40.0 < np.mean(inside) < 60.0


@pytest.mark.parametrize("kvp", [70.0, 120.0])
def test_a_little_mineral_in_the_middle_is_as_bright_as_the_spectral_model_says(kvp):
    body = cylinder(80.0, MUSCLE)
    image, pixel_mm = scanned(body, cylinder(6.0, mineralised(100.0, 50.0), MUSCLE), kvp=kvp)
    empty, _ = scanned(body, kvp=kvp)
    difference = image - empty
    rows, columns = (np.mgrid[: image.shape[0], : image.shape[1]] - (image.shape[0] - 1) / 2) * pixel_mm
    excess = difference[np.hypot(rows, columns) < 14.0].sum() * pixel_mm**2
    factor = excess / (100.0 * np.pi * 36.0)
    assert factor == pytest.approx(hu_per_mg_ml(Beam(kvp=kvp), np.array([16.6]), 50.0)[0], rel=0.02)


def test_noise_is_what_was_asked_for_and_repeats_with_the_seed():
    simulator = Simulator(Scanner(beam=Beam(kvp=120.0), size=96, views=180, noise_hu=20.0), FIELD_MM)
    whole = Scene(name="test", bodies=(cylinder(60.0, MUSCLE),), deposits=(), field_mm=FIELD_MM)
    photons = simulator._photons(whole, np.array([0.0]))
    first, again = (simulator.slice_hu(whole, np.array([0.0]), photons, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert first[38:58, 38:58].std() == pytest.approx(20.0, rel=0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_scenes_hold_deposits_in_fat_and_muscle_whose_mass_is_density_times_volume(kind):
    made = scene(kind, 3)
    assert {part.surroundings for part in made.deposits} == {"fat", "muscle"}
    planes = np.arange(-20.0, 20.0, 0.05) + 0.025
    for part in made.deposits:
        assert volume_ml(part, planes) == pytest.approx(4 / 3 * np.pi * np.prod(part.semi) / 1000.0, rel=0.01)
        assert part.composition[BASIS.index("hydroxyapatite")] == pytest.approx(part.mg_ml / 1000.0)


def test_a_large_dense_deposits_own_hardening_is_in_the_products_factor():
    body = cylinder(60.0, MUSCLE)
    dense = cylinder(15.0, mineralised(1000.0, 50.0), MUSCLE, centre=(30.0, 0.0, 0.0))
    image, pixel_mm = scanned(body, dense, kvp=80.0)
    empty, _ = scanned(body, kvp=80.0)
    rows, columns = (np.mgrid[: image.shape[0], : image.shape[1]] - (image.shape[0] - 1) / 2) * pixel_mm
    excess = (image - empty)[np.hypot(rows, columns - 30.0) < 21.0].sum() * pixel_mm**2
    hu = np.repeat(np.rint(image).astype(np.int16)[None], 2, axis=0)
    grid = Grid(shape=hu.shape, affine=np.diag([pixel_mm, pixel_mm, 1.0, 1.0]))
    series = Series(volume=Volume(hu=hu, grid=grid), acquisition=Acquisition(kvp=80.0))
    calibration, field = calibrate_field(series, np.where(hu > -300, 3, 0).astype(np.uint8), Settings())
    inside = np.argwhere((hu > 900) & (np.hypot(rows, columns - 30.0) < 15.0))
    factor = calibration.hu_per_mg_ml * field.mean_ratio(inside)
    assert factor == pytest.approx(excess / (1000.0 * np.pi * 225.0), rel=0.02)
    assert hu_per_mg_ml(Beam(kvp=80.0), np.array([10.0]))[0] > 1.1 * factor
