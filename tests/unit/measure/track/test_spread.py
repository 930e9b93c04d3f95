"""Nodes of a lattice follow the bones as any other point does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from calciscope.measure.track.parts import Part
from calciscope.measure.track.similarity import moved
from calciscope.measure.track.spread import Nodes, spread
from calciscope.measure.track.warp import NO_KNOTS, Blend

SHAPE = (21, 12, 13)
STEP_MM = 5.0
NODES = np.stack(np.meshgrid(*(np.arange(n) * STEP_MM for n in SHAPE), indexing="ij"), axis=-1).reshape(-1, 3)[:, ::-1]


def rod(x: float, low: float, high: float, shift: tuple[float, float, float]) -> Part:
    matrix = np.eye(4)
    matrix[:3, 3] = shift
    z = np.linspace(low, high, 60)
    return Part(points_mm=np.stack([np.full(60, x), np.full(60, 30.0), z], axis=1), matrix=matrix)


PARTS = (
    rod(20.0, 10.0, 45.0, (3.0, 0.0, 0.0)),
    rod(20.0, 50.0, 90.0, (0.0, 4.0, 0.0)),
    rod(50.0, 10.0, 90.0, (0.0, 0.0, 2.0)),
)
TREES = tuple(cKDTree(part.points_mm) for part in PARTS)


@pytest.mark.parametrize("good", [(True, True, True), (True, False, True)])
def test_the_lattice_is_carried_as_points_are(good: tuple[bool, ...]) -> None:
    blend = Blend(parts=PARTS, trees=TREES, good=good, knots=NO_KNOTS)
    carried, trust = spread(PARTS, TREES, good, Nodes(places_mm=NODES, shape=SHAPE))
    assert np.abs(carried - blend.forth(NODES)).max() < 0.05 * 5.0  # parts differ by up to 5 mm
    nearest = np.argmin(blend.away(NODES), axis=1)
    assert (trust == np.array(good)[nearest]).mean() > 0.98


def test_a_poor_part_carries_nothing() -> None:
    carried, trust = spread(PARTS[:2], TREES[:2], (True, False), Nodes(places_mm=NODES, shape=SHAPE))
    assert np.abs(carried - moved(PARTS[0].matrix, NODES)).max() < 1e-3
    assert trust.any() and not trust.all()
