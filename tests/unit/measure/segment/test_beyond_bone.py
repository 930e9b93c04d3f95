"""How dense bone can read depends on the tube voltage: no cortex is taken for a body that is denser than bone."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.calibration import hu_per_mg_ml
from calciscope.measure.segment.beyond_bone import CORTEX_MG_ML, MOST_HU, beyond_bone_hu
from calciscope.measure.segment.run import segment
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition, Series

SPACING_MM = 0.8


@pytest.mark.parametrize("kvp", [70.0, 80.0, 100.0, 120.0, 140.0])
def test_cortex_of_a_thin_limb_stays_below(kvp: float) -> None:
    assert float(hu_per_mg_ml(kvp, np.array([4.0]))[0]) * CORTEX_MG_ML < beyond_bone_hu(kvp) <= MOST_HU


def test_an_unknown_voltage_is_taken_as_the_lowest() -> None:
    assert beyond_bone_hu(None) == beyond_bone_hu(70.0) > beyond_bone_hu(120.0)


def tube(cortex_hu: float) -> np.ndarray:
    """A limb of fat and muscle around a bone whose marrow is fat, HU [slice, row, column]."""
    rows, columns = np.meshgrid(*[(np.arange(120) - 60) * SPACING_MM] * 2, indexing="ij")
    away = np.hypot(rows, columns)
    plane = np.select([away < 7.0, away < 10.5, away < 24.0, away < 40.0], [-90.0, cortex_hu, 55.0, -100.0], -1000.0)
    noise = np.random.default_rng(5).normal(0.0, 15.0, (40, *plane.shape))
    return np.clip(np.rint(plane + noise), -1024, 3071).astype(np.int16)


@pytest.mark.parametrize(("kvp", "cortex_hu"), [(70.0, 2600.0), (None, 2600.0), (80.0, 2450.0), (120.0, 1750.0)])
def test_a_shaft_with_the_densest_cortex_is_bone_at_every_voltage(kvp: float | None, cortex_hu: float) -> None:
    hu = tube(cortex_hu)
    affine = np.diag([SPACING_MM, SPACING_MM, 1.0, 1.0])
    series = Series(volume=Volume(hu=hu, grid=Grid(shape=hu.shape, affine=affine)), acquisition=Acquisition(kvp=kvp))
    found = segment(series)
    assert not [one for one in found.candidates if one.kind is Kind.CALCINOSIS]
