"""Whether a contrast agent was given: iodine reads as mineral.

Voids the mass when the header names a contrast agent; depth, layer and volume stay.
"""

from __future__ import annotations

from calciscope.terms.checks import Check, Voids
from calciscope.terms.series import Series


def check(series: Series) -> Check:
    """Voids mass when the header names a contrast agent."""
    if series.acquisition.contrast_agent:
        message = "A contrast agent was given; iodine raises HU as mineral does, so mass is not evaluable."
        return Check(id="contrast_given", passed=False, message=message, voids=(Voids.MASS,))
    return Check(id="contrast_given", passed=True, message="No contrast agent is recorded.")
