"""Whether there is matter so dense that it may be metal and throw streaks.

Warns when more than 0.05 ml lie above 2800 HU; what it is, is decided deposit by deposit when measuring.
"""

from __future__ import annotations

import numpy as np

from calciscope.terms.checks import Check
from calciscope.terms.series import Series

# Enamel and old deposits reach about 3000 HU at 120 kV (memory); implants lie above, or at the file's ceiling.
DENSE_FROM_HU = 2800
SMALLEST_ML = 0.05


def check(series: Series) -> Check:
    """Warns; what the dense matter is, metal or mineral, is decided deposit by deposit when measuring."""
    volume = series.volume
    voxels = sum(int(np.count_nonzero(part >= DENSE_FROM_HU)) for part in volume.hu)
    amount = voxels * volume.grid.voxel_volume_ml
    if amount < SMALLEST_ML:
        return Check(id="metal", passed=True, message=f"Hardly any matter is denser than {DENSE_FROM_HU} HU.")
    message = (
        f"{amount:.2g} ml lie above {DENSE_FROM_HU} HU (metal or very dense mineral); streaks may spoil HU near it."
    )
    return Check(id="metal", passed=False, message=message)
