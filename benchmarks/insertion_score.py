"""Holds a measurement of a scan with inserted deposits against what was put in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.insertion import Inserted, Scan
from benchmarks.ring_peer import ring_reading
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.measurement import Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One inserted deposit and how it was read. Relative errors are fractions; None where nothing was read."""

    scan: str
    put: Inserted
    kinds: tuple[str, ...]
    found: bool
    seen: bool
    excess_error: float | None
    volume_error: float | None
    mass_error: float | None
    mass_held: bool | None
    peer_excess_error: float | None
    peer_volume_error: float | None
    parts: int
    at_lps_mm: tuple[float, float, float]


def overlapping(measurement: Measurement, put: Inserted) -> list[Deposit]:
    """Deposits whose labels overlap what was put in."""
    ids = np.unique(measurement.labels[put.window][put.support])
    return [deposit for deposit in measurement.deposits if deposit.deposit_id in set(ids.tolist())]


def relative(read: float | None, true: float) -> float | None:
    """Relative error."""
    return None if read is None else read / true - 1.0


def total(deposits: list[Deposit], name: str) -> float | None:
    """Sum of one quantity over deposits, None when any is not evaluable or there are none."""
    values = [getattr(deposit, name) for deposit in deposits]
    return None if not values or any(value is None for value in values) else float(sum(values))


def score(scan: Scan, measurement: Measurement, hu: np.ndarray, put: Inserted) -> Scored:
    """One inserted deposit's outcome, with the peers' reading of the same voxels."""
    touched = overlapping(measurement, put)
    counted = [deposit for deposit in touched if deposit.kind is Kind.CALCINOSIS]
    voxel_ml = float(np.prod(scan.spacing_mm)) / 1000.0
    peer = ring_reading(hu, put.window, put.support, scan.ground.bone, voxel_ml)
    lower, upper = total(counted, "mass_lower_mg"), total(counted, "mass_upper_mg")
    x, y, z = measurement.series.volume.grid.to_lps(np.asarray(put.centre))
    return Scored(
        scan=scan.name,
        put=put,
        kinds=tuple(sorted(str(deposit.kind) for deposit in touched)),
        found=bool(counted),
        seen=any(deposit.kind in (Kind.CALCINOSIS, Kind.UNCERTAIN) for deposit in touched),
        excess_error=relative(total(counted, "excess_hu_ml"), put.excess_hu_ml),
        volume_error=relative(total(counted, "volume_ml"), put.volume_ml),
        mass_error=relative(total(counted, "mass_mg"), put.mass_mg),
        mass_held=None if lower is None or upper is None else lower <= put.mass_mg <= upper,
        peer_excess_error=relative(peer.excess_hu_ml, put.excess_hu_ml),
        peer_volume_error=relative(peer.volume_ml, put.volume_ml),
        parts=len(counted),
        at_lps_mm=(float(x), float(y), float(z)),
    )
