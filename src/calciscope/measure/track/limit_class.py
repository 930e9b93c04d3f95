"""The form of the smallest real change for one class of slice thickness; `limit_table` holds its coefficients."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitClass:
    """95 % of the differences of two measurements of ``M`` mg lie below ``slope M + root sqrt(M) + floor`` (mg).

    ``up_to_mm``: thickest slice of the class; ``tail_degrees``: degrees of freedom of Student's distribution that the far
    differences follow; ``found_from_mg``: mass from which a deposit was found in every scan;
    ``shared_sd``: relative SD of an error that all deposits of a scan share, beyond their own.
    """

    name: str
    up_to_mm: float
    slope: float
    root: float
    floor: float
    tail_degrees: int
    found_from_mg: float
    shared_sd: float
