"""Hands a simulated scan to the product as a Series; the only module here that knows calciscope."""

from __future__ import annotations

import hashlib

import numpy as np

from benchmarks.polyenergetic.scan import Scan
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition, Series, Source

LEAST_HU, MOST_HU = -1024, 3071  # what 12-bit CT stores


def series_of(scan: Scan, kernel: str = "STANDARD") -> Series:
    """The scan as `read` would hand it on: whole HU, clipped to 12 bits."""
    hu = np.ascontiguousarray(np.clip(np.rint(scan.hu), LEAST_HU, MOST_HU).astype(np.int16))
    ceiling = float(MOST_HU) if (hu >= MOST_HU).any() else None
    volume = Volume(hu=hu, grid=Grid(shape=hu.shape, affine=scan.affine, frame_uid=None), ceiling_hu=ceiling)
    acquisition = Acquisition(kvp=scan.kvp, kernel=kernel, slice_thickness_mm=scan.slice_mm)
    return Series(
        volume=volume,
        acquisition=acquisition,
        source=Source(kind="array", pixel_sha256=hashlib.sha256(hu.astype("<i2").tobytes()).hexdigest()),
    )
