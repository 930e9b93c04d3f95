"""Mass from the simulation's own background: what is left is the error of calibration and matrix, of nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.polyenergetic.beam import Float64
from benchmarks.polyenergetic.scan import Scan, Truth

MARGIN_MM = 5.0  # how far beyond a deposit its blurred rim is summed

RING_MM = 3.0  # shell beyond, whose median is the streaks that other deposits cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """One deposit's excess over the true background (HU ml), that background (HU), and its place as an index."""

    truth: Truth
    excess_hu_ml: float
    background_hu: float
    index: tuple[float, float, float]

    def mass_mg(self, hu_per_mg_ml: float, matrix_hu: float) -> float:
        """Mass as the product defines it, with the true volume."""
        return (self.excess_hu_ml - self.truth.volume_ml * (matrix_hu - self.background_hu)) / hu_per_mg_ml


def excesses(scan: Scan, background: Float64) -> list[Excess]:
    """Every deposit's excess; ``background`` is one slice without deposits, the same along z."""
    spacing = np.array([scan.affine[2, 2], scan.affine[1, 1], scan.affine[0, 0]])
    origin = scan.affine[:3, 3][::-1]
    out = []
    for truth in scan.truths:
        index = (np.array(truth.centre_mm)[::-1] - origin) / spacing
        radius_mm = (truth.volume_ml * 1000.0 * 3 / 4 / np.pi) ** (1 / 3)
        reach = np.ceil((1.3 * radius_mm + MARGIN_MM + RING_MM) / spacing).astype(int)
        low = np.maximum(np.rint(index).astype(int) - reach, 0)
        high = np.minimum(np.rint(index).astype(int) + reach + 1, scan.hu.shape)
        box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        axes = [(np.arange(a, b) - at) * step for a, b, at, step in zip(low, high, index, spacing, strict=True)]
        distance = np.sqrt(axes[0][:, None, None] ** 2 + axes[1][:, None] ** 2 + axes[2] ** 2)
        inside = distance < 1.3 * radius_mm + MARGIN_MM
        difference = scan.hu[box] - background[box[1:]]
        ring = (distance > 1.3 * radius_mm + MARGIN_MM) & (distance < 1.3 * radius_mm + MARGIN_MM + RING_MM)
        difference = (difference - np.median(difference[ring])) * inside
        row, column = np.rint(index[1:]).astype(int)
        out.append(Excess(
            truth=truth, excess_hu_ml=float(difference.sum() * spacing.prod() / 1000.0),
            background_hu=float(background[row - 1 : row + 2, column - 1 : column + 2].mean()),
            index=tuple(float(part) for part in index),
        ))  # fmt: skip
    return out
