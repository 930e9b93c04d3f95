"""How noisy soft tissue is: noise decides how small a deposit can be told from chance.

Warns above 40 HU.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.checks import Check
from calciscope.terms.geometry import Volume
from calciscope.terms.series import Series

# At 40 HU a single voxel of fat passes 130 HU once in 10^7; with sharp kernels' clumped noise far more often (judgement).
HIGHEST_HU = 40.0
PATCH_MM = 6.0
SOFT_FROM_HU, SOFT_TO_HU = -250, 250
# Patches without an edge in them are the quieter ones.
QUIET_QUANTILE = 0.25
SAMPLE_SLICES = 24
MIN_PATCHES = 20


def check(series: Series) -> Check:
    """Warns above 40 HU."""
    noise = soft_tissue_noise_hu(series.volume)
    if noise is None:
        return Check(id="noise", passed=True, message="There is too little soft tissue to tell the noise.")
    if noise > HIGHEST_HU:
        message = f"Noise in soft tissue is {noise:.0f} HU; small deposits may be missed or be noise."
        return Check(id="noise", passed=False, message=message)
    return Check(id="noise", passed=True, message=f"Noise in soft tissue is {noise:.0f} HU.")


def soft_tissue_noise_hu(volume: Volume) -> float | None:
    """Standard deviation in quiet square patches of soft tissue; None when there are too few."""
    indices = np.unique(np.linspace(0, len(volume.hu) - 1, SAMPLE_SLICES).round().astype(int))
    found = np.concatenate([_patch_spreads(volume.hu[index], volume.grid.spacing_mm[1:]) for index in indices])
    return float(np.quantile(found, QUIET_QUANTILE)) if len(found) >= MIN_PATCHES else None


def _patch_spreads(hu: NDArray[np.int16], pixel_mm: tuple[float, float]) -> NDArray[np.float64]:
    """Standard deviations of the patches of one slice whose mean is soft tissue's and which hold no extremes."""
    rows, columns = (max(4, round(PATCH_MM / mm)) for mm in pixel_mm)
    down, across = hu.shape[0] // rows, hu.shape[1] // columns
    tiles = hu[: down * rows, : across * columns].reshape(down, rows, across, columns).swapaxes(1, 2)
    patches = tiles.reshape(-1, rows * columns).astype(np.float64)
    means = patches.mean(axis=1)
    patches = patches[(means > SOFT_FROM_HU) & (means < SOFT_TO_HU)]
    spread: NDArray[np.float64] = patches.std(axis=1)
    return spread[spread > 0]
