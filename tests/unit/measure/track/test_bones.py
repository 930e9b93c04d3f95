"""Bones are parted, and those that move together are of one limb."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.track.bones import LIMB_GAP_MM, skeleton
from calciscope.terms.geometry import Grid
from calciscope.terms.tissue import AnatomyMap, Tissue

CELL_MM = 2.0
SHAPE = (60, 50, 70)


def body(*bones: tuple[slice, slice, slice], air: slice | None = None) -> AnatomyMap:
    """A block of muscle with blocks of bone in it, parted by air over some columns."""
    tissue = np.zeros(SHAPE, np.uint8)
    tissue[:, 4:-4, 4:-4] = Tissue.MUSCLE
    for bone in bones:
        tissue[bone] = Tissue.BONE
    if air is not None:
        tissue[:, :, air] = Tissue.OUTSIDE
    return AnatomyMap(tissue=tissue, grid=Grid(shape=SHAPE, affine=np.diag([CELL_MM, CELL_MM, CELL_MM, 1.0])))


SPINE = (slice(5, 55), slice(18, 32), slice(10, 24))
RIB = (slice(20, 40), slice(20, 28), slice(44, 50))
LEG = (slice(5, 55), slice(18, 32), slice(46, 60))


@pytest.mark.parametrize(
    ("second", "air", "limbs"),
    [(RIB, None, 1), (RIB, slice(34, 36), 2), (LEG, None, 2)],
    ids=["a rib in the same trunk", "a small bone beyond air", "two legs that touch"],
)
def test_small_bones_are_of_the_limb_that_tissue_joins_them_to(
    second: tuple[slice, slice, slice], air: slice | None, limbs: int
) -> None:
    assert (second[2].start - SPINE[2].stop) * CELL_MM > LIMB_GAP_MM
    found = skeleton(body(SPINE, second, air=air))
    assert len(found.bones) == 2
    assert found.limbs == limbs
