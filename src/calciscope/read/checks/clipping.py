"""Whether the densest voxels are clipped at the highest value the images can hold.

Warns when voxels lie there: the mass of what reaches it is a lower bound.
"""

from __future__ import annotations

from calciscope.terms.checks import Check
from calciscope.terms.series import Series


def check(series: Series) -> Check:
    """Warns when they are: masses there are lower bounds."""
    ceiling = series.volume.ceiling_hu
    if ceiling is None:
        return Check(id="clipping", passed=True, message="No voxel is clipped at a highest value.")
    message = f"Voxels are clipped at {ceiling:.0f} HU; the mass of what reaches it is a lower bound."
    return Check(id="clipping", passed=False, message=message)
