"""Whether the body goes on beyond both ends of the scan, so that the burden is that of a part only.

Warns when it is cut by the first and by the last slice.
"""

from __future__ import annotations

import numpy as np

from calciscope.read.outline import outline
from calciscope.terms.checks import Check
from calciscope.terms.series import Series

# A toe or finger tip that ends in the last slice is no cut limb (judgement).
CUT_FROM_MM2 = 1000.0


def check(series: Series) -> Check:
    """Warns when the body is cut at the first and at the last slice."""
    view = outline(series.volume, slices=2)
    areas = [float(np.count_nonzero(view.body[index])) * view.pixel_area_mm2 for index in (0, -1)]
    length = series.volume.grid.spacing_mm[0] * len(series.volume.hu)
    if min(areas) > CUT_FROM_MM2:
        message = f"The body goes on beyond both ends of the scan; only the {length:.0f} mm scanned are measured."
        return Check(id="partial_limb", passed=False, message=message)
    return Check(id="partial_limb", passed=True, message="The body or limb ends within the scan at one end at least.")
