"""The burden in what both scans show, and the litres of body it sits in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calciscope.measure.track.limit import ErrorModel
from calciscope.measure.track.nets import family_of_nets
from calciscope.measure.track.warp import Warp
from calciscope.terms.geometry import Float64
from calciscope.terms.tissue import AnatomyMap, Tissue
from calciscope.terms.tracking import BurdenChange, Event, Family, TimePoint

CELL_STEP = 2
"""Every second cell (4 mm) of the anatomy map is counted; a limb's litres change by less than 1 %."""
HALF_CELL = 0.5
"""A scan shows half a cell beyond the middle of its outermost ones."""


def burden_change(
    first: TimePoint, second: TimePoint, warp: Warp, families: Sequence[Family], errors: ErrorModel
) -> BurdenChange:
    """Sum over the families that both scans show, with its own limit."""
    litres = (
        _litres(first.anatomy, second.anatomy, warp.forth),
        _litres(second.anatomy, first.anatomy, warp.back),
    )
    counted = [one for one in families if _counts(one)]
    voided = any(one.event is Event.NOT_EVALUABLE and (one.baseline_mass_mg is None or one.followup_mass_mg is None)
                 for one in families)  # fmt: skip
    if voided:
        return BurdenChange(
            baseline_mg=None, followup_mg=None, change_mg=None, change_percent=None, limit_mg=None, significant=None,
            baseline_litres=litres[0], followup_litres=litres[1], baseline_mg_per_litre=None, followup_mg_per_litre=None,
        )  # fmt: skip
    then = sum(one.baseline_mass_mg or 0.0 for one in counted)
    now = sum(one.followup_mass_mg or 0.0 for one in counted)
    limit = errors.burden_limit_mg(
        [_heavier_mg(one) for one in counted], [_heavier_mg(one) for one in counted if family_of_nets(first, second, one)]
    )
    return BurdenChange(
        baseline_mg=then,
        followup_mg=now,
        change_mg=now - then,
        change_percent=100.0 * (now - then) / then if then > 0 else None,
        limit_mg=limit,
        significant=abs(now - then) > limit,
        baseline_litres=litres[0],
        followup_litres=litres[1],
        baseline_mg_per_litre=then / litres[0] if litres[0] > 0 else None,
        followup_mg_per_litre=now / litres[1] if litres[1] > 0 else None,
    )


def _counts(family: Family) -> bool:
    """Evaluable families count, and faint ones, whose place both scans show."""
    return family.event is not Event.NOT_EVALUABLE or family.limit_mg is not None


def _heavier_mg(family: Family) -> float:
    return max(family.baseline_mass_mg or 0.0, family.followup_mass_mg or 0.0)


def _litres(own: AnatomyMap, other: AnatomyMap, carry) -> float:  # type: ignore[no-untyped-def]
    """Litres of body of one scan whose place the other one shows too."""
    cells = np.argwhere(own.tissue[::CELL_STEP, ::CELL_STEP, ::CELL_STEP] != Tissue.OUTSIDE) * CELL_STEP
    if not len(cells):
        return 0.0
    places: Float64 = own.grid.to_lps(cells.astype(np.float64))
    index = other.grid.to_index(carry(places))
    shared = ((index >= -HALF_CELL) & (index <= np.array(other.grid.shape) - HALF_CELL)).all(axis=1)
    return float(shared.sum()) * own.grid.voxel_volume_ml * CELL_STEP**3 / 1000.0
