"""Coefficients of the smallest real change, by slice thickness; written by benchmarks/fit_limit.py, not by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitClass:
    """95 % of the differences of two measurements of ``M`` mg lie below ``slope M + root sqrt(M) + floor`` (mg).

    ``up_to_mm``: thickest slice of the class.
    """

    name: str
    up_to_mm: float
    slope: float
    root: float
    floor: float


LIMIT_CLASSES = (
    LimitClass(name="up to 1.25 mm", up_to_mm=1.25, slope=0.01, root=0.2, floor=1.0),
    LimitClass(name="up to 2.5 mm", up_to_mm=2.5, slope=0.015, root=0.3, floor=2.0),
    LimitClass(name="up to 3.75 mm", up_to_mm=3.75, slope=0.02, root=0.5, floor=4.0),
    LimitClass(name="above 3.75 mm", up_to_mm=1000.0, slope=0.04, root=0.8, floor=6.0),
)
TAIL_DEGREES = 5
"""Degrees of freedom of Student's distribution that the far differences follow (fitted)."""
SHARED_SD = 0.0050
"""Relative SD of an error that all deposits of a scan share, beyond their own (fitted)."""
KERNEL_SD = 0.0300
KVP_SD = 0.0300
THICKNESS_SD = 0.0300
"""Relative SD that another kernel, tube voltage or slice thickness adds to a difference (fitted on phantoms, whose
calibration is known; `limit` adds what real scanners' calibrations differ by at two voltages)."""
