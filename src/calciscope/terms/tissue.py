"""The coarse maps that accompany a measurement: tissue (anatomy.nii.gz) and mean CT numbers (coarse_ct.nii.gz)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.geometry import Grid, Int16


class Tissue(IntEnum):
    """Tissue of a voxel of the anatomy map."""

    OUTSIDE = 0
    SKIN_OTHER = 1  # in the body, none of the below (skin, organs, gas, deposits)
    FAT = 2
    MUSCLE = 3  # muscle and other lean tissue
    BONE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AnatomyMap:
    """Coarse tissue map: uint8 ``Tissue`` codes [slice, row, column] on its own grid (about 2 mm)."""

    tissue: NDArray[np.uint8]
    grid: Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class CoarseCt:
    """Mean CT number of cells about 2 mm wide: int16 HU [slice, row, column] on its own grid; sums of HU x ml are kept."""

    hu: Int16
    grid: Grid
