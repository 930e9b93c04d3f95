"""Region, side and body cavity of every point of a scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calciscope.measure.coarse import CoarseScan
from calciscope.measure.regions.cavity import body_cavity
from calciscope.measure.regions.hints import named_regions, named_side
from calciscope.measure.regions.joints import bounded
from calciscope.measure.regions.likelihood import INDEPENDENT_MM, REGIONS, TRUNK, beside, evidence, neighbours, passage
from calciscope.measure.regions.parts import Body, find_parts
from calciscope.measure.regions.sides import MIDLINE_MM, OFF_AXIS_MM, middles, sides
from calciscope.measure.regions.tree import chances
from calciscope.measure.regions.within import refine
from calciscope.terms.deposits import Region, Side
from calciscope.terms.geometry import Bool, Float64
from calciscope.terms.series import Acquisition

# Below this chance of a region or one that borders on it, it is not named: unknown is better than wrong. A border between two
# regions is no exact line, so either of them is right there.
LEAST_CHANCE = 0.7
# Log-odds that the header names the right region, each independent length of body; a header is often general or wrong.
HEADER_NATS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyAtlas:
    """Parts of the body with their ``regions``, ``certainty`` (0..1) and ``sides``; ``cavity``: coarse cells inside the trunk.

    ``middles``: x of the body's middle plane (mm) by level, where a whole trunk is in view.
    """

    body: Body
    regions: tuple[Region, ...]
    certainty: tuple[float, ...]
    sides: tuple[Side, ...]
    middles: dict[int, float]
    cavity: Bool
    named_side: Side | None

    def region_at(self, coarse: CoarseScan, lps_mm: Float64) -> Region:
        """Region of one LPS point."""
        part = self._part_at(coarse, lps_mm)
        if part is None or self.certainty[part] < LEAST_CHANCE:
            return Region.UNKNOWN
        inside = bool(self.in_cavity(coarse, lps_mm[None])[0])
        return refine(self.regions[part], self.body.parts[part], float(lps_mm[0]), float(lps_mm[1]), inside=inside)

    def side_at(self, coarse: CoarseScan, lps_mm: Float64) -> Side:
        """Side of one LPS point."""
        part = self._part_at(coarse, lps_mm)
        if part is None:
            return Side.UNKNOWN
        if self.regions[part] not in TRUNK:
            return self.sides[part]
        return self._trunk_side(self.body.parts[part].level, float(lps_mm[0]))

    def in_cavity(self, coarse: CoarseScan, lps_mm: Float64) -> Bool:
        """Which LPS points (n, 3) lie in the chest, the belly or the pelvis."""
        return np.asarray(self.cavity[tuple(np.moveaxis(coarse.cell_of(lps_mm), -1, 0))])

    def _trunk_side(self, level: int, x_mm: float) -> Side:
        if self.middles:
            nearest = min(self.middles, key=lambda other: (abs(other - level), other))
            across = x_mm - self.middles[nearest]
            if abs(across) <= MIDLINE_MM:
                return Side.MIDLINE
            return Side.LEFT if across > 0 else Side.RIGHT
        if self.named_side is not None:
            return self.named_side
        if abs(x_mm) < OFF_AXIS_MM:
            return Side.UNKNOWN
        return Side.LEFT if x_mm > 0 else Side.RIGHT

    def _part_at(self, coarse: CoarseScan, lps_mm: Float64) -> int | None:
        """Number of the part a point lies in, or of the nearest in its level."""
        if not self.body.parts:
            return None
        z, y, x = (int(k) for k in coarse.cell_of(lps_mm))
        row = int(np.argmin(np.abs(self.body.levels - z)))
        found = int(self.body.labels[row, y, x])
        if found:
            return found - 1
        rows, columns = np.nonzero(self.body.labels[row])
        if len(rows) == 0:
            return None
        mm = coarse.grid.spacing_mm
        nearest = int(np.argmin(((rows - y) * mm[1]) ** 2 + ((columns - x) * mm[2]) ** 2))
        return int(self.body.labels[row, rows[nearest], columns[nearest]]) - 1


def read_atlas(coarse: CoarseScan, acquisition: Acquisition) -> BodyAtlas:
    """Tell the regions of a scan from its levels, the order of the body, and a hint from the header."""
    body = find_parts(coarse)
    step = int(body.levels[1] - body.levels[0]) if len(body.levels) > 1 else 1
    thickness_mm = step * coarse.grid.spacing_mm[0]
    named = named_regions(acquisition)
    hint = np.array([HEADER_NATS if region in named else 0.0 for region in REGIONS]) * min(
        1, thickness_mm / INDEPENDENT_MM
    )
    seen = np.array([evidence(part, thickness_mm) + hint for part in body.parts]).reshape(-1, len(REGIONS))
    chance = chances(seen, body.links, body.pairs, passage(thickness_mm), beside()) if len(body.parts) else seen
    best = [int(k) for k in chance.argmax(axis=1)]
    regions = bounded(body, [REGIONS[k] for k in best])
    around = neighbours()
    side = named_side(acquisition)
    return BodyAtlas(
        body=body,
        regions=tuple(regions),
        certainty=tuple(float(row @ around[k]) for row, k in zip(chance, best, strict=True)),
        sides=tuple(sides(body, regions, side)),
        middles=middles(body, regions),
        cavity=body_cavity(coarse, body, regions),
        named_side=side,
    )
