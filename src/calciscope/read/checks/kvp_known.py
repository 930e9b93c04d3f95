"""Whether the tube voltage is recorded: the calibration from HU to mineral hangs on it.

Warns when it is not; 120 kV is then assumed and the intervals of mass are wider.
"""

from __future__ import annotations

from calciscope.terms.checks import Check
from calciscope.terms.series import Series


def check(series: Series) -> Check:
    """Warns when the voltage is not recorded; masses are then calibrated for 120 kV with a wider interval."""
    kvp = series.acquisition.kvp
    if kvp is None:
        return Check(
            id="kvp_known",
            passed=False,
            message="The tube voltage is not recorded; 120 kV is assumed and the intervals of mass are wider.",
        )
    return Check(id="kvp_known", passed=True, message=f"The tube voltage is {kvp:g} kV.")
