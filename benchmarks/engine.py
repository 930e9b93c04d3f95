"""The product as the benchmarks call it: one place that knows its entry points."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.measurement import Measurement, Settings
from calciscope.terms.series import Acquisition, Series


def load(path: Path) -> Series:
    """A scan as the product reads it."""
    from calciscope.read.series import read_series

    return read_series(path)


def with_hu(series: Series, hu: NDArray[np.int16]) -> Series:
    """The same series with other voxels."""
    return replace(series, volume=replace(series.volume, hu=np.ascontiguousarray(hu, dtype=np.int16)))


def measured(series: Series, settings: Settings | None = None) -> Measurement:
    """The product's measurement of a series, checks included as the command runs them."""
    from calciscope.measure.run import measure
    from calciscope.read.checks import run_checks

    return measure(series, settings or Settings(), checks=run_checks(series))


def series_of(hu: NDArray[np.int16], spacing_mm: tuple[float, float, float], **acquisition: object) -> Series:
    """A made-up volume [slice, row, column] as a head-first supine series."""
    affine = np.diag([spacing_mm[2], spacing_mm[1], spacing_mm[0], 1.0])
    affine[:3, 3] = [-(hu.shape[2] - 1) / 2 * spacing_mm[2], -(hu.shape[1] - 1) / 2 * spacing_mm[1], 0.0]
    known: dict[str, object] = {"kvp": 120.0, "slice_thickness_mm": spacing_mm[0], "patient_position": "HFS"}
    return Series(
        volume=Volume(hu=np.ascontiguousarray(hu, dtype=np.int16), grid=Grid(shape=hu.shape, affine=affine)),
        acquisition=Acquisition(**{**known, **acquisition}),  # type: ignore[arg-type]
    )
