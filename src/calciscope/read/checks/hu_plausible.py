"""Whether the scale's zero is right: air reads -1000 HU.

Warns when the commonest value of air is more than 50 HU away.
"""

from __future__ import annotations

from calciscope.read.plausible import air_peak_hu
from calciscope.terms.checks import Check
from calciscope.terms.series import Series

AIR_HU = -1000
# Scanners hold water within 4 HU and air within some 20; -1024 is often written for air (judgement).
TOLERANCE_HU = 50


def check(series: Series) -> Check:
    """Warns when the commonest value of air is far from -1000 HU."""
    air = air_peak_hu(series.volume.hu)
    if air == 0:
        return Check(id="hu_plausible", passed=True, message="There is no air in view to check the HU scale with.")
    if abs(air - AIR_HU) > TOLERANCE_HU:
        message = f"Air reads {air} HU instead of {AIR_HU}; the HU scale may be wrong."
        return Check(id="hu_plausible", passed=False, message=message)
    return Check(id="hu_plausible", passed=True, message=f"Air reads {air} HU.")
