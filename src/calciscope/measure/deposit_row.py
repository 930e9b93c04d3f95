"""One candidate as a deposit: its quantity made mass by the calibration where it lies, without what failed checks spoil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from calciscope.measure.calibration_field import CalibrationField
from calciscope.measure.neighbourhood import Candidate, Neighbourhood, Quantity
from calciscope.measure.quantify.mass import mass
from calciscope.terms.checks import Voids
from calciscope.terms.deposits import Deposit, Layer
from calciscope.terms.measurement import Calibration, Matrix


def deposit_row(
    candidate: Candidate, quantity: Quantity, columns: Mapping[str, object], calibration: Calibration, matrix: Matrix
) -> Deposit:
    """A deposit without a number yet; ``columns`` are those of the measures, ``calibration`` is that of its place."""
    mass_mg, lower_mg, upper_mg = mass(quantity, calibration, matrix)
    return Deposit(
        deposit_id=0,
        kind=candidate.kind,
        confidence=candidate.confidence,
        reason=candidate.reason,
        volume_ml=quantity.volume_ml,
        mass_mg=mass_mg,
        mass_lower_mg=lower_mg,
        mass_upper_mg=upper_mg,
        excess_hu_ml=quantity.excess_hu_ml,
        background_hu=quantity.background_hu,
        **columns,  # type: ignore[arg-type]
    )


def local_calibration(
    calibration: Calibration,
    field: CalibrationField | None,
    neighbourhood: Neighbourhood,
    offset: tuple[int, int, int] = (0, 0, 0),
) -> Calibration:
    """The calibration where this candidate lies; ``offset``: where the array that its crop is of begins in the whole scan."""
    if field is None:
        return calibration
    ratio = field.mean_ratio(np.argwhere(neighbourhood.core) + np.array(neighbourhood.origin) + np.array(offset))
    return replace(calibration, hu_per_mg_ml=calibration.hu_per_mg_ml * ratio)


def voided(deposit: Deposit, voids: set[Voids]) -> Deposit:
    """The deposit without what failed checks spoil."""
    if Voids.MASS in voids:
        deposit = replace(deposit, mass_mg=None, mass_lower_mg=None, mass_upper_mg=None)
    if Voids.VOLUME in voids:
        deposit = replace(deposit, volume_ml=None, volume_130hu_ml=None)
    if Voids.AGATSTON in voids:
        deposit = replace(deposit, agatston=None)
    if Voids.DEPTH in voids:
        deposit = replace(deposit, skin_depth_mm=None)
    if Voids.LAYER in voids:
        deposit = replace(deposit, layer=Layer.UNKNOWN, layer_also=())
    return deposit
