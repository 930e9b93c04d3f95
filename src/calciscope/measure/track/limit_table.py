"""Coefficients of the smallest real change, by slice thickness; written by benchmarks/fit_limit.py, not by hand."""

from __future__ import annotations

from calciscope.measure.track.limit_class import LimitClass

LIMIT_CLASSES = (
    LimitClass(
        name="up to 1.25 mm", up_to_mm=1.25, slope=0.0058, root=0.2161, floor=0.6215,
        tail_degrees=3, found_from_mg=2.4, shared_sd=0.0000,
    ),
    LimitClass(
        name="up to 2.5 mm", up_to_mm=2.50, slope=0.0015, root=0.5238, floor=0.1956,
        tail_degrees=3, found_from_mg=8.7, shared_sd=0.0000,
    ),
    LimitClass(
        name="up to 3.75 mm", up_to_mm=3.75, slope=0.0075, root=0.3047, floor=2.0989,
        tail_degrees=3, found_from_mg=5.7, shared_sd=0.0000,
    ),
    LimitClass(
        name="above 3.75 mm", up_to_mm=1000.00, slope=0.0, root=1.1614, floor=0.9049,
        tail_degrees=4, found_from_mg=21.6, shared_sd=0.0000,
    ),
)  # fmt: skip
KERNEL_SD = 0.0532
KVP_SD = 0.0100
THICKNESS_SD = 0.0100
NET_SD = 0.1733
"""Relative SD that another kernel, tube voltage or slice thickness adds to a difference (fitted on phantoms, whose
calibration is known; `limit` adds what real scanners' calibrations differ by at two voltages), and the one of a net of strands."""
