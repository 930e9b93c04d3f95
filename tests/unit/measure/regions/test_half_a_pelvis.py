"""Half a pelvis is a look of what the image cuts, never of a body in whole view."""

from __future__ import annotations

from dataclasses import replace

from calciscope.measure.regions.likelihood import REGIONS, evidence
from calciscope.measure.regions.parts import Bone, Part
from calciscope.terms.deposits import Region


def upper_abdomen() -> Part:
    """A level of a large adult's upper abdomen: one vertebra, two small pieces beside it."""
    sizes = ((4000.0, 200.0, 0.0), (420.0, 210.0, 85.0), (380.0, 200.0, -65.0))
    bones = tuple(Bone(area_mm2=area, mean_hu=hu, x_mm=x, y_mm=0.0) for area, hu, x in sizes)
    return Part(
        level=0, z_mm=0.0, x_mm=0.0, y_mm=0.0, area_mm2=73_000.0, width_mm=360.0, depth_mm=260.0, bones=bones,
        bone_mm2=4800.0, gas_mm2=700.0, fat_mm2=20_000.0, cut_mm=0.0,
    )  # fmt: skip


def test_an_abdomen_in_whole_view_is_not_taken_for_half_a_pelvis() -> None:
    whole = upper_abdomen()
    seen = evidence(whole, 25.0)
    assert REGIONS[int(seen.argmax())] is Region.ABDOMEN
    cut = evidence(replace(whole, cut_mm=1.0), 25.0)
    assert cut[REGIONS.index(Region.PELVIS)] > seen[REGIONS.index(Region.PELVIS)]
