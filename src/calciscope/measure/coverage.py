"""Which regions of the body are in view, and whether deposits could be found and measured there."""

from __future__ import annotations

import numpy as np

from calciscope.measure.regions.atlas import LEAST_CHANCE
from calciscope.measure.scene import Scene
from calciscope.terms.deposits import Region, Side
from calciscope.terms.measurement import Coverage

CUT_SHARE = 0.15
"""Share of a region's cells at the image's border above which part of it is called out of view (judgement)."""


def coverage(scene: Scene) -> tuple[Coverage, ...]:
    """One entry for each region and side in view, head first; a region partly outside the image says so."""
    found: dict[tuple[Region, Side], list[int]] = {}
    for number, (region, side, chance) in enumerate(
        zip(scene.atlas.regions, scene.atlas.sides, scene.atlas.certainty, strict=True)
    ):
        known = region if chance >= LEAST_CHANCE else Region.UNKNOWN
        found.setdefault((known, side), []).append(number)
    order = list(Region)
    keys = sorted(found, key=lambda key: (order.index(key[0]), str(key[1])))
    return tuple(_entry(scene, region, side, found[region, side]) for region, side in keys)


def _entry(scene: Scene, region: Region, side: Side, parts: list[int]) -> Coverage:
    """One region: evaluable, with what limits it."""
    body = scene.atlas.body
    total = cut = 0
    for row, level in enumerate(body.levels):
        own = np.isin(body.labels[row], [part + 1 for part in parts])
        total += int(own.any())
        cut += int((own & scene.coarse.cut[level]).any())
    note = ""
    if region is Region.UNKNOWN:
        note = "region not recognised; deposits here are measured without a region"
    elif total and cut > CUT_SHARE * total:
        note = "part of it lies outside the image and was not examined"
    return Coverage(region=region, side=str(side), evaluable=True, why_not=note)
