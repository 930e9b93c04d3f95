"""Coefficients of the smallest real change, by slice thickness; written by benchmarks/fit_limit.py, not by hand."""

from __future__ import annotations

from calciscope.measure.track.limit_class import LimitClass

LIMIT_CLASSES = (
    LimitClass(
        name="up to 1.25 mm", up_to_mm=1.25, slope=0.0311, root=0.0, floor=1.488,
        tail_degrees=15, found_from_mg=7.5, shared_sd=0.0069,
    ),
    LimitClass(
        name="up to 2.5 mm", up_to_mm=2.50, slope=0.0273, root=0.2678, floor=1.3273,
        tail_degrees=3, found_from_mg=11.6, shared_sd=0.0072,
    ),
    LimitClass(
        name="up to 3.75 mm", up_to_mm=3.75, slope=0.0221, root=0.646, floor=0.8029,
        tail_degrees=4, found_from_mg=11.3, shared_sd=0.0136,
    ),
    LimitClass(
        name="above 3.75 mm", up_to_mm=1000.00, slope=0.0157, root=1.1181, floor=0.148,
        tail_degrees=3, found_from_mg=17.4, shared_sd=0.0239,
    ),
)  # fmt: skip
KERNEL_SD = 0.0431
KVP_SD = 0.0100
THICKNESS_SD = 0.0100
"""Relative SD that another kernel, tube voltage or slice thickness adds to a difference (fitted on phantoms, whose
calibration is known; `limit` adds what real scanners' calibrations differ by at two voltages)."""
