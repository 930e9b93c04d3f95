"""Measured deposits are matched to true ones, and the phantom benchmarks turn matches into figures."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import bench_anatomy, bench_coverage, bench_robustness, bench_shapes
from benchmarks.engine import series_of
from benchmarks.matched import Matched, at_ball
from benchmarks.phantom_reading import Read, owners
from benchmarks.report import Options, as_text
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Deposit, Kind, Layer, Region, Shape, Side
from calciscope.terms.measurement import Calibration, Matrix, Recipe


def deposit(number: int, *, kind: Kind = Kind.CALCINOSIS, mass: float = 100.0, layer: Layer = Layer.SUBCUTANEOUS):
    return Deposit(
        deposit_id=number, kind=kind, confidence=0.9, reason="test", volume_ml=0.2, volume_130hu_ml=0.3, mass_mg=mass,
        mass_lower_mg=mass * 0.9, mass_upper_mg=mass * 1.1, excess_hu_ml=130.0, peak_hu=600, mean_hu=400,
        background_hu=-90, agatston=40.0, longest_diameter_mm=7.0, x_mm=0, y_mm=0, z_mm=0, skin_depth_mm=5, layer=layer,
        shape=Shape.NODULE, region=Region.KNEE, side=Side.LEFT,
    )  # fmt: skip


def true(identity: str, *, kind: str = "calcinosis", bounds=((-3, -3, 7), (3, 3, 13))):
    return {
        "identity": identity, "kind": kind, "layer": "subcutaneous", "shape": "nodule", "region": "knee", "side": "left",
        "volume_ml": 0.2, "mass_mg": 100.0, "excess_hu_ml": 130.0, "hu_per_mg_ml": 1.3, "bounds_lps_mm": bounds,
    }  # fmt: skip


@pytest.fixture
def two_balls():
    """Labels of two deposits, one at z = 10 mm, one at z = 20 mm."""
    series = series_of(np.zeros((30, 41, 41), dtype=np.int16), (1.0, 1.0, 1.0))
    labels = np.zeros((30, 41, 41), dtype=np.uint16)
    labels[9:12, 19:22, 19:22] = 1
    labels[19:22, 19:22, 19:22] = 2
    return SimpleNamespace(series=series, labels=labels, deposits=(deposit(1), deposit(2, kind=Kind.UNCERTAIN)))


def test_a_true_ball_meets_only_the_deposit_that_lies_in_it(two_balls):
    assert [d.deposit_id for d in at_ball(two_balls, (0.0, 0.0, 10.0), 3.0).deposits] == [1]


def test_an_uncertain_deposit_is_seen_but_not_found(two_balls):
    match = at_ball(two_balls, (0.0, 0.0, 20.0), 3.0)
    assert match.seen and not match.found and match.total("mass_mg") is None


def test_each_deposit_belongs_to_the_smaller_of_the_boxes_that_hold_it(two_balls):
    large = true("large", bounds=((-15, -15, 0), (15, 15, 28)))
    small = true("small", bounds=((-2, -2, 18), (2, 2, 22)))
    assert owners(two_balls, [large, small]) == {1: 0, 2: 1}


def test_a_deposit_outside_every_true_one_belongs_to_none(two_balls):
    assert owners(two_balls, [true("far", bounds=((10, 10, 0), (12, 12, 3)))]) == {1: None, 2: None}


def reading(*, noise: float = 20.0):
    items = [
        Read(truth=true("a"), match=Matched(deposits=(deposit(1, mass=100.0 + noise / 10),))),
        Read(truth=true("b"), match=Matched(deposits=(deposit(2, kind=Kind.BONE),))),
        Read(truth=true("v", kind="vascular"), match=Matched(deposits=(deposit(3, kind=Kind.VASCULAR),))),
    ]
    burden = SimpleNamespace(mass_mg=102.0, mass_lower_mg=80.0, mass_upper_mg=250.0)
    calibration = Calibration(hu_per_mg_ml=1.3, relative_sd=0.02, source="given", kvp=120.0)
    recipe = Recipe(calibration=calibration, matrix=Matrix())
    return SimpleNamespace(reads=tuple(items), extra=(), measurement=SimpleNamespace(burden=burden, recipe=recipe))


@pytest.mark.parametrize("module", [bench_shapes, bench_anatomy, bench_coverage, bench_robustness])
def test_a_phantom_benchmark_reports_figures_with_their_goals(module, monkeypatch):
    def read(spec: PhantomSpec):
        return reading(noise=spec.noise_hu)

    for target in {module, bench_shapes}:
        monkeypatch.setattr(target, "cached", read)
    monkeypatch.setattr(bench_coverage, "SCANS", {True: 0})
    report = module.run(Options(quick=True))
    assert report.goals and "| figure" in as_text(report)


def test_a_missed_deposit_counts_as_nothing_in_the_whole():
    assert bench_shapes.whole(list(reading().reads[:2]), "excess_hu_ml") == pytest.approx(-0.5)


def test_vessels_called_vascular_count_as_right(monkeypatch):
    monkeypatch.setattr(bench_anatomy, "cached", lambda spec: reading())
    goal = bench_anatomy.run(Options(quick=True)).goals[0]
    assert goal.ours == 100.0 and goal.met
