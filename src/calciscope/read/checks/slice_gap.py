"""Whether slices follow each other without gaps and at even distances.

Warns about gaps, resampled uneven distances and slices left out beyond a wide gap; voids mass, volume, Agatston
score and burden when slices lie at least twice their thickness apart.
"""

from __future__ import annotations

import numpy as np

from calciscope.terms.checks import Check, Voids
from calciscope.terms.series import Series

# Rounding of thickness and position in headers (judgement).
ROUNDING = 1.05
# With as much tissue unseen as seen, sums over slices are guesses (judgement).
HALF_UNSEEN = 2.0
UNEVEN_PART = 0.1
BEYOND_A_GAP = "beyond a gap"


def check(series: Series) -> Check:
    """Warns about gaps and uneven distances; voids sums when at least half of the body lies between the slices."""
    spacing, thickness = series.volume.grid.spacing_mm[0], series.acquisition.slice_thickness_mm
    beyond = sum(left.count for left in series.source.left_out if left.why.startswith(BEYOND_A_GAP))
    if thickness and spacing >= HALF_UNSEEN * thickness:
        message = f"Slices of {thickness:.3g} mm lie {spacing:.3g} mm apart; what lies between them was not scanned."
        voids = (Voids.MASS, Voids.VOLUME, Voids.AGATSTON, Voids.BURDEN)
        return Check(id="slice_gap", passed=False, message=message, voids=voids)
    if beyond:
        message = f"The series has a wide gap; {beyond} slices beyond it were left out."
        return Check(id="slice_gap", passed=False, message=message)
    if uneven := _gaps_mm(series):
        message = f"Slices lie {uneven[0]:.3g} to {uneven[1]:.3g} mm apart; they were resampled to {spacing:.3g} mm."
        return Check(id="slice_gap", passed=False, message=message)
    if thickness and spacing > ROUNDING * thickness:
        message = f"Slices of {thickness:.3g} mm lie {spacing:.3g} mm apart; deposits in the gaps are interpolated."
        return Check(id="slice_gap", passed=False, message=message)
    return Check(id="slice_gap", passed=True, message=f"Slices follow each other every {spacing:.3g} mm without gaps.")


def _gaps_mm(series: Series) -> tuple[float, float] | None:
    """Smallest and largest distance of neighbouring slices when these do not lie on the grid; None when they do."""
    positions = np.array([instance.position_mm for instance in series.source.instances])
    if len(positions) < 2:
        return None
    slots = series.volume.grid.to_index(positions)[:, 0]
    if float(np.abs(slots - np.rint(slots)).max()) <= UNEVEN_PART:
        return None
    gaps = np.diff(np.sort(slots)) * series.volume.grid.spacing_mm[0]
    return float(gaps.min()), float(gaps.max())
