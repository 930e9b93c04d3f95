"""A product phantom, measured, and every true deposit beside what was read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from benchmarks.engine import measured
from benchmarks.matched import NEAR_MM, Matched, in_box
from calciscope.phantom.make import Phantom, make_phantom
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Kind
from calciscope.terms.measurement import Measurement, Settings

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One true deposit (its row of truth.json) and the measured deposits that belong to it.

    ``touch``: every measured deposit in its box, those that belong to a neighbour too.
    """

    truth: Row
    match: Matched
    touch: Matched = Matched(deposits=())

    def error(self, name: str) -> float | None:
        """Relative error of one quantity, None where nothing was read."""
        read = self.match.total(name)
        return None if read is None else read / number(self.truth[name]) - 1

    def same(self, name: str) -> bool:
        """Whether the heaviest part carries the true layer, side, region or shape."""
        best = self.match.largest()
        return best is not None and str(getattr(best, name)) == str(self.truth[name])

    @property
    def held(self) -> bool | None:
        """Whether the 95 % interval holds the true mass; only where one part was read."""
        parts = self.match.counted
        if len(parts) != 1 or parts[0].mass_lower_mg is None or parts[0].mass_upper_mg is None:
            return None
        return parts[0].mass_lower_mg <= number(self.truth["mass_mg"]) <= parts[0].mass_upper_mg


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A phantom's reads, and the measured deposits that belong to no true one."""

    phantom: Phantom
    measurement: Measurement
    reads: tuple[Read, ...]
    extra: tuple[object, ...]


def number(value: object) -> float:
    """A number of truth.json."""
    if not isinstance(value, int | float):
        raise TypeError(f"expected a number, got {value!r}")
    return float(value)


def boxes(truth: Sequence[Row]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Bounds of the true deposits, widened by what a label may reach beyond, LPS mm."""
    bounds = [np.asarray(row["bounds_lps_mm"], dtype=float) for row in truth]
    return [(bound.min(axis=0) - NEAR_MM, bound.max(axis=0) + NEAR_MM) for bound in bounds]


def owners(measurement: Measurement, truth: Sequence[Row]) -> dict[int, int | None]:
    """Index of the true deposit each measured one belongs to: most of its voxels in the box; the smaller box wins."""
    grid = measurement.series.volume.grid
    found = boxes(truth)
    size = [float(np.prod(high - low)) for low, high in found]
    where = np.argwhere(measurement.labels)
    ids = measurement.labels[tuple(where.T)]
    lps = grid.to_lps(where.astype(float))
    belongs: dict[int, int | None] = {}
    for deposit in measurement.deposits:
        points = lps[ids == deposit.deposit_id]
        share = [float(((points >= low) & (points <= high)).all(axis=1).mean()) if len(points) else 0.0
                 for low, high in found]  # fmt: skip
        ranked = sorted(range(len(truth)), key=lambda i: (-round(share[i], 1), size[i]))
        belongs[deposit.deposit_id] = ranked[0] if ranked and share[ranked[0]] > 0.3 else None
    return belongs


def read(spec: PhantomSpec, settings: Settings | None = None) -> Reading:
    """Make, measure and match one phantom."""
    phantom = make_phantom(spec)
    measurement = measured(phantom.series, settings)
    truth: list[Row] = list(phantom.truth["deposits"])  # type: ignore[call-overload]
    belongs = owners(measurement, truth)
    parts: list[list[object]] = [[] for _ in truth]
    extra = []
    for deposit in measurement.deposits:
        owner = belongs[deposit.deposit_id]
        if owner is not None:
            parts[owner].append(deposit)
        elif deposit.kind in (Kind.CALCINOSIS, Kind.UNCERTAIN):
            extra.append(deposit)
    reads = tuple(
        Read(truth=row, match=Matched(deposits=tuple(part)), touch=in_box(measurement, low, high))  # type: ignore[arg-type]
        for row, part, (low, high) in zip(truth, parts, boxes(truth), strict=True)
    )
    return Reading(phantom=phantom, measurement=slim(measurement), reads=reads, extra=tuple(extra))


def slim(measurement: Measurement) -> Measurement:
    """The measurement without its label volume, so that many can be kept."""
    return replace(measurement, labels=np.zeros((1, 1, 1), dtype=np.uint16))


@lru_cache(maxsize=64)
def cached(spec: PhantomSpec) -> Reading:
    """The same phantom read once, however many benchmarks ask."""
    return read(spec)
