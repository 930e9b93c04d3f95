"""Which measured deposits belong to which true ones, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.measurement import Measurement

NEAR_MM = 1.5  # how far outside a true deposit its label may reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What was read where one true deposit lies; sums over the parts of kind calcinosis."""

    deposits: tuple[Deposit, ...]

    @property
    def counted(self) -> tuple[Deposit, ...]:
        """The parts that count."""
        return tuple(deposit for deposit in self.deposits if deposit.kind is Kind.CALCINOSIS)

    @property
    def found(self) -> bool:
        """Called calcinosis."""
        return bool(self.counted)

    @property
    def seen(self) -> bool:
        """Called calcinosis or uncertain: shown to the reader."""
        return any(deposit.kind in (Kind.CALCINOSIS, Kind.UNCERTAIN) for deposit in self.deposits)

    def total(self, name: str) -> float | None:
        """Sum of one quantity over the parts that count; None when there are none or one is not evaluable."""
        values = [getattr(deposit, name) for deposit in self.counted]
        return None if not values or any(value is None for value in values) else float(sum(values))

    def largest(self) -> Deposit | None:
        """The heaviest part, whatever its kind."""
        return max(self.deposits, key=lambda deposit: deposit.mass_mg or 0.0, default=None)


def at_ball(measurement: Measurement, at_lps_mm: Sequence[float], radius_mm: float) -> Matched:
    """Deposits whose labels come within a ball (widened a little)."""
    reach = np.full(3, radius_mm + NEAR_MM)
    centre = np.asarray(at_lps_mm)
    return in_box(measurement, centre - reach, centre + reach, round_box=True)


def in_box(
    measurement: Measurement, low_mm: Sequence[float], high_mm: Sequence[float], *, round_box: bool = False
) -> Matched:
    """Deposits whose labels lie in a box (or the ellipsoid in it), LPS mm."""
    grid = measurement.series.volume.grid
    low, high = np.asarray(low_mm, dtype=float), np.asarray(high_mm, dtype=float)
    corners = np.array([[(low, high)[(i >> a) & 1][a] for a in range(3)] for i in range(8)])
    index = grid.to_index(corners)
    first = np.maximum(np.floor(index.min(axis=0)).astype(int), 0)
    last = np.minimum(np.ceil(index.max(axis=0)).astype(int) + 1, grid.shape)
    window = tuple(slice(a, b) for a, b in zip(first, last, strict=True))
    labels = measurement.labels[window]
    ids = {int(value) for value in np.unique(labels) if value}
    if round_box and ids:
        where = np.argwhere(labels > 0)
        lps = grid.to_lps((where + first).astype(float))
        inside = (((lps - (low + high) / 2) / ((high - low) / 2)) ** 2).sum(axis=1) <= 1
        ids = {int(value) for value in np.unique(labels[tuple(where[inside].T)])} if inside.any() else set()
    return Matched(deposits=tuple(deposit for deposit in measurement.deposits if deposit.deposit_id in ids))
