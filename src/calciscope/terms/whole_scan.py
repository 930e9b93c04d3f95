"""What measuring knows of a whole scan beyond the result, kept so that one part of it can be measured again later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.geometry import Bool, Grid, Int16, Volume
from calciscope.terms.series import Acquisition

Box = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoarseCopy:
    """The coarse, patient-aligned copy: ``Tissue`` codes, HU of bone, gas, cells where skin is cut off, and its grid."""

    tissue: NDArray[np.uint8]
    hu: Int16
    gas: Bool
    cut: Bool
    grid: Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorMap:
    """How calcium's CT number changes over the body: HU per mg/ml [sampled slice, coarse row, coarse column]."""

    hu_per_mg_ml: NDArray[np.float32]
    slices: tuple[int, ...]
    block: tuple[int, int]
    typical_hu_per_mg_ml: float
    cut_off_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanContext:
    """``blur_mm``: (slice, plane) standard deviations as estimated, and as the deposits' own edges show them."""

    acquisition: Acquisition
    noise_hu: float
    ceiling_hu: float | None
    first_blur_mm: tuple[float, float]
    own_blur_mm: tuple[float, float]
    coarse: CoarseCopy
    factors: FactorMap | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A box of a scan: HU, deposit_id and ``Tissue`` codes [slice, row, column]; ``grid`` is that of the box."""

    hu: Int16
    labels: NDArray[np.uint16]
    tissue: NDArray[np.uint8]
    grid: Grid
    origin: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeScan:
    """A scan just measured, with all that is worth keeping of it."""

    volume: Volume
    labels: NDArray[np.uint16]
    tissue: NDArray[np.uint8]
    context: ScanContext


def grid_of_box(grid: Grid, box: Box) -> Grid:
    """The grid of a box of another one."""
    affine = grid.affine.copy()
    affine[:3, 3] = grid.to_lps(np.array([part.start for part in box], dtype=np.float64))
    shape = (box[0].stop - box[0].start, box[1].stop - box[1].start, box[2].stop - box[2].start)
    return Grid(shape=shape, affine=affine, frame_uid=grid.frame_uid)


def box_around(grid: Grid, low: tuple[int, ...], high: tuple[int, ...], margin_mm: float) -> Box:
    """The box from index ``low`` to ``high`` (inclusive), grown by a margin within the grid."""
    steps = [int(np.ceil(margin_mm / step)) for step in grid.spacing_mm]
    a, b, c = (
        slice(max(0, first - step), min(size, last + step + 1))
        for first, last, step, size in zip(low, high, steps, grid.shape, strict=True)
    )
    return a, b, c
