"""Rods, curved sheets and laces are told apart, in thin and in thick slices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from digital_limb import Limb

from calciscope.measure.measures import layer, shape
from calciscope.terms.deposits import Layer, Shape

X0 = 60.0
Solid = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def rod(length_mm: float, thick_mm: float) -> Solid:
    """A rod along the limb, in the fat."""
    return lambda x, y, z: (np.hypot(x - X0 - 43, y) < thick_mm / 2) & (abs(z) < length_mm / 2)


def sheet(thick_mm: float, width_mm: float, height_mm: float, radius_mm: float = 38.0) -> Solid:
    """A sheet wrapped around the muscle."""
    return lambda x, y, z: (
        (abs(np.hypot(x - X0, y) - radius_mm) < thick_mm / 2)
        & (abs(np.arctan2(y, x - X0)) * radius_mm < width_mm / 2)
        & (abs(z) < height_mm / 2)
    )


def lace(strand_mm: float, cell_mm: float) -> Solid:
    """A net of strands in the fat."""
    whole = sheet(1.6, 40.0, 36.0, 43.0)
    return lambda x, y, z: (
        whole(x, y, z)
        & ((np.mod(np.arctan2(y, x - X0) * 43.0, cell_mm) < strand_mm) | (np.mod(z, cell_mm) < strand_mm))
    )


@pytest.mark.parametrize("spacing_mm", [(1.0, 0.8, 0.8), (3.0, 0.8, 0.8)])
@pytest.mark.parametrize(
    ("solid", "expected"),
    [
        (rod(30.0, 2.0), Shape.LINEAR),
        (rod(20.0, 3.9), Shape.LINEAR),
        (sheet(1.8, 40.0, 30.0), Shape.SHEET),
        (sheet(3.0, 60.0, 40.0), Shape.SHEET),
        (lace(1.8, 9.0), Shape.RETICULAR),
    ],
    ids=["thin rod", "thick rod", "thin sheet", "thick sheet", "lace"],
)
def test_shape(solid: Solid, expected: Shape, spacing_mm: tuple[float, float, float]) -> None:
    subject = Limb(deposit=solid, spacing_mm=spacing_mm, noise_hu=15.0).subject()
    assert shape.compute(subject)["shape"] is expected


def test_a_sheet_on_muscle_is_fascial_though_its_mass_centre_lies_beneath_it() -> None:
    subject = Limb(deposit=sheet(1.8, 60.0, 30.0)).subject()
    assert layer.compute(subject)["layer"] is Layer.FASCIAL
