"""Whether the images were compressed with loss.

Warns when they were; small deposits may be changed or gone.
"""

from __future__ import annotations

from calciscope.terms.checks import Check
from calciscope.terms.series import Series


def check(series: Series) -> Check:
    """Warns when they were: fine grains may be smeared or gone."""
    lossy = series.acquisition.lossy
    if lossy:
        message = f"The images were compressed with loss ({lossy}); small deposits may be changed or gone."
        return Check(id="lossy_compression", passed=False, message=message)
    return Check(id="lossy_compression", passed=True, message="No lossy compression is recorded.")
