"""Coefficients of the smallest real change, by slice thickness; written by benchmarks/fit_limit.py, not by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitClass:
    """``slope``, ``root``, ``floor`` give the spread (1 SD, mg) of the difference of two measurements of ``M`` mg:

    ``slope x M + root x sqrt(M) + floor``. ``up_to_mm``: thickest slice of the class; ``shared``: relative SD of an error
    that all deposits of a scan have in common.
    """

    name: str
    up_to_mm: float
    slope: float
    root: float
    floor: float
    shared: float


LIMIT_CLASSES = (
    LimitClass(name="up to 1.25 mm", up_to_mm=1.25, slope=0.008, root=0.08, floor=0.3, shared=0.004),
    LimitClass(name="up to 2.5 mm", up_to_mm=2.5, slope=0.012, root=0.15, floor=0.8, shared=0.006),
    LimitClass(name="up to 3.75 mm", up_to_mm=3.75, slope=0.02, root=0.25, floor=1.5, shared=0.008),
    LimitClass(name="above 3.75 mm", up_to_mm=1e3, slope=0.03, root=0.4, floor=3.0, shared=0.01),
)
