"""The mass of a family at each time, in one and the same matrix, so that tissue that heals does not look like growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calciscope.terms.deposits import Deposit
from calciscope.terms.measurement import Matrix

SOFT_TISSUE_HU = 40.0
"""Matrix where the two scans were measured with different ones and neither names it: soft tissue (as `measure`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Mass (mg hydroxyapatite) and volume (ml) of a family at one time; None is "not evaluable"."""

    mass_mg: float | None
    volume_ml: float | None


def amounts(then: Sequence[Deposit], now: Sequence[Deposit], matrices: tuple[Matrix, Matrix]) -> tuple[Amount, Amount]:
    """Both amounts of one family with one common matrix.

    ``mass = (excess - volume x (matrix - background)) / calibration`` (docs/explanation/why-mass.md), each deposit with
    its own background and calibration. Where both scans were measured with "the tissue around it" as the matrix, the
    common one is the mean background of the family over both times, by volume.
    """
    first, second = matrices
    if first.hu is not None and first.hu == second.hu:
        return _sum(then, None, first), _sum(now, None, second)
    if first.hu is None and second.hu is None:
        common = _mean_background([*then, *now])
    else:
        fixed = [matrix.hu for matrix in matrices if matrix.hu is not None]
        common = fixed[0] if fixed else SOFT_TISSUE_HU
    return _sum(then, common, first), _sum(now, common, second)


def _sum(deposits: Sequence[Deposit], common_hu: float | None, measured: Matrix) -> Amount:
    masses = [one.mass_mg if common_hu is None else _in_matrix(one, common_hu, measured) for one in deposits]
    volumes = [one.volume_ml for one in deposits]
    return Amount(
        mass_mg=None if any(mass is None for mass in masses) else float(sum(mass or 0.0 for mass in masses)),
        volume_ml=None if any(volume is None for volume in volumes) else float(sum(v or 0.0 for v in volumes)),
    )


def _in_matrix(deposit: Deposit, matrix_hu: float, measured: Matrix) -> float | None:
    """The deposit's mass as if measured with another matrix."""
    excess, volume, background, mass = (
        deposit.excess_hu_ml,
        deposit.volume_ml,
        deposit.background_hu,
        deposit.mass_mg,
    )
    if excess is None or volume is None or background is None or mass is None:
        return None
    step = 0.0 if measured.hu is None else measured.hu - background
    mineral = excess - volume * step
    if mineral <= 0.0 or mass <= 0.0:
        return mass
    return max((excess - volume * (matrix_hu - background)) * mass / mineral, 0.0)


def _mean_background(deposits: Sequence[Deposit]) -> float:
    known = [(one.background_hu, one.volume_ml) for one in deposits if one.background_hu is not None and one.volume_ml]
    weight = sum(volume for _, volume in known)
    return sum(background * volume for background, volume in known) / weight if weight > 0 else SOFT_TISSUE_HU
