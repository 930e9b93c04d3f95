"""Mass from the simulation's own background: what is left is the error of calibration and matrix, of nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.polyenergetic.scan import Section
from benchmarks.polyenergetic.scene import Scene

MARGIN_MM = 5.0  # how far beyond a rod its blurred rim is summed
RING_MM = 3.0  # shell beyond, whose median is the streaks that other deposits cast
SLICE_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """One rod's true mass (mg) and volume (ml) in the slice, excess over the true background (HU ml), background (HU).

    ``index``: [row, column] of its centre.
    """

    mass_mg: float
    volume_ml: float
    excess_hu_ml: float
    background_hu: float
    index: tuple[float, float]

    def weighed_mg(self, hu_per_mg_ml: float, matrix_hu: float) -> float:
        """Mass as the product defines it, with the true volume."""
        return (self.excess_hu_ml - self.volume_ml * (matrix_hu - self.background_hu)) / hu_per_mg_ml


def excesses(scene: Scene, section: Section) -> list[Excess]:
    """Every rod's excess in the slice."""
    size, pixel_mm = section.hu.shape[0], section.pixel_mm
    rows, columns = (np.mgrid[:size, :size] - (size - 1) / 2) * pixel_mm
    difference = section.hu - section.background_hu
    found = []
    for rod in scene.deposits:
        distance = np.hypot(columns - rod.centre[0], rows - rod.centre[1])
        reach = max(rod.semi[:2]) + MARGIN_MM
        streaks = np.median(difference[(distance > reach) & (distance < reach + RING_MM)])
        excess = float((difference - streaks)[distance < reach].sum()) * pixel_mm**2 * SLICE_MM / 1000.0
        volume_ml = np.pi * rod.semi[0] * rod.semi[1] * SLICE_MM / 1000.0
        found.append(Excess(
            mass_mg=volume_ml * rod.mg_ml, volume_ml=volume_ml, excess_hu_ml=excess,
            background_hu=float(section.background_hu[distance < 2.0 * pixel_mm].mean()),
            index=(rod.centre[1] / pixel_mm + (size - 1) / 2, rod.centre[0] / pixel_mm + (size - 1) / 2),
        ))  # fmt: skip
    return found
