"""A small measured limb whose pixels are kept: two balls that touch, one apart, and a grain that was missed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from scipy import ndimage

from calciscope.flows.scan_for_record import for_record
from calciscope.measure.run import measure_whole
from calciscope.record.fact import Fact
from calciscope.share.kept_scan import write_kept
from calciscope.share.measurement_json import measurement_json
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.measurement import Measurement
from calciscope.terms.series import Acquisition, Series
from calciscope.terms.whole_scan import WholeScan
from tests.unit.flows.forty_balls import forty_balls

SPACING = (1.0, 0.7, 0.7)
SLICES, PIXELS = 70, 120
DAY = date(2026, 3, 10)
NOISE_HU, DEPOSIT_HU = 8.0, 500.0
TWINS = ((-15.0, 18.0, 0.0), (-15.0, 18.0, 9.0))
SINGLE, GRAIN = (-18.0, -14.0, -12.0), (16.0, 16.0, 12.0)
BALLS = {TWINS[0]: 5.0, TWINS[1]: 4.5, SINGLE: 4.0, GRAIN: 1.05}


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was measured, and what is kept of it."""

    measurement: Measurement
    whole: WholeScan

    def number_at(self, lps_mm: tuple[float, float, float]) -> int:
        """deposit_id at a point; 0 where none is."""
        index = np.rint(self.whole.volume.grid.to_index(np.array(lps_mm))).astype(int)
        return int(self.whole.labels[tuple(index)])

    def fact(self, uid: UUID, folder: str = "x") -> Fact:
        """As the record holds it."""
        return Fact(
            uid=uid, version=1, noun="imaging_measurement", data=self.data(folder), status="final",
            effective_on=DAY, visit_id=None, deposit_id=None, by="", role="",
            at=datetime(2026, 3, 10, tzinfo=UTC), reason="", software="",
        )  # fmt: skip

    def data(self, folder: str) -> dict[str, Any]:
        """What the record gets of it."""
        return dict(for_record(self.document(), said={}, folder=folder).measurement)

    def document(self) -> dict[str, Any]:
        """measurement.json."""
        return dict(json.loads(measurement_json(self.measurement)))

    def keep(self, folder: Path) -> None:
        """Write what is kept."""
        folder.mkdir(parents=True, exist_ok=True)
        write_kept(self.whole, folder)


@cache
def limb() -> Made:
    """Measured once."""
    made = measured(BALLS, SLICES)
    grain = made.measurement.deposits[-1]
    made.whole.labels[made.whole.labels == grain.deposit_id] = 0  # as if it had been missed
    return Made(measurement=replace(made.measurement, deposits=made.measurement.deposits[:-1]), whole=made.whole)


def forty(grown: float = 1.0, on: date = DAY) -> Made:
    """A longer limb with forty balls in muscle and fat, two of which touch another; ``grown``: their diameters as a share."""
    return measured({place: size * grown for place, size in forty_balls().items()}, 150, on)


def measured(balls: dict[tuple[float, float, float], float], slices: int, on: date = DAY) -> Made:
    """A limb of bone, muscle, fat and skin with balls of mineral, measured."""
    shape = (slices, PIXELS, PIXELS)
    affine = np.diag([SPACING[2], SPACING[1], SPACING[0], 1.0])
    affine[:3, 3] = [-(n - 1) / 2 * step for n, step in zip(shape[::-1], SPACING[::-1], strict=True)]
    grid = Grid(shape=shape, affine=affine, frame_uid="1.2.3")
    z, y, x = np.meshgrid(
        *[(np.arange(n) - (n - 1) / 2) * s for n, s in zip(shape, SPACING, strict=True)], indexing="ij"
    )
    radius = np.hypot(x, y)
    hu = np.select([radius < 7, radius < 26, radius < 35, radius < 36.5], [900.0, 55.0, -100.0, 30.0], -1000.0)
    for (bx, by, bz), size in balls.items():
        hu[(x - bx) ** 2 + (y - by) ** 2 + (z - bz) ** 2 <= size**2] = DEPOSIT_HU
    hu = ndimage.gaussian_filter(hu, [0.6 / s for s in SPACING])
    hu += np.random.default_rng(3).normal(0.0, NOISE_HU, shape)
    volume = Volume(hu=np.rint(hu).astype(np.int16), grid=grid)
    acquisition = Acquisition(kvp=120.0, slice_thickness_mm=1.0, scan_date=on)
    measurement, whole = measure_whole(Series(volume=volume, acquisition=acquisition), bone_mask=radius < 7)
    return Made(measurement=measurement, whole=whole)
