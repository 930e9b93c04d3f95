"""Coefficients of the smallest real change, by slice thickness; written by benchmarks/fit_limit.py, not by hand."""

from __future__ import annotations

from calciscope.measure.track.limit_class import LimitClass

LIMIT_CLASSES = (
    LimitClass(
        name="up to 1.25 mm", up_to_mm=1.25, slope=0.0074, root=0.3718, floor=0.0,
        tail_degrees=3, found_from_mg=3.8, shared_sd=0.0000,
    ),
    LimitClass(
        name="up to 2.5 mm", up_to_mm=2.50, slope=0.0051, root=0.5388, floor=0.0774,
        tail_degrees=3, found_from_mg=8.7, shared_sd=0.0000,
    ),
    LimitClass(
        name="up to 3.75 mm", up_to_mm=3.75, slope=0.0039, root=0.6046, floor=1.2077,
        tail_degrees=4, found_from_mg=5.7, shared_sd=0.0015,
    ),
    LimitClass(
        name="above 3.75 mm", up_to_mm=1000.00, slope=0.0326, root=0.381, floor=1.6377,
        tail_degrees=5, found_from_mg=21.7, shared_sd=0.0120,
    ),
)  # fmt: skip
KERNEL_SD = 0.0450
KVP_SD = 0.0100
THICKNESS_SD = 0.0100
"""Relative SD that another kernel, tube voltage or slice thickness adds to a difference (fitted on phantoms, whose
calibration is known; `limit` adds what real scanners' calibrations differ by at two voltages)."""
