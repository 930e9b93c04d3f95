"""Which slices were missing or not to be trusted, and were interpolated or cut off.

Warns when there are any, and names each.
"""

from __future__ import annotations

from calciscope.terms.checks import Check
from calciscope.terms.series import Series

NAMED_PREFIX = "slice "
MOST_NAMED = 12


def check(series: Series) -> Check:
    """Warns with the name of every such slice."""
    named = [left for left in series.source.left_out if left.what.startswith(NAMED_PREFIX)]
    if not named and not series.source.slices_filled:
        return Check(id="slices_filled", passed=True, message="No slice is missing, and each fits its neighbours.")
    parts = [f"{left.what}: {left.why}" for left in named[:MOST_NAMED]]
    if len(named) > MOST_NAMED:
        parts.append(f"and {len(named) - MOST_NAMED} more")
    filled = len(series.source.slices_filled)
    slices = "slice was" if filled == 1 else "slices were"
    message = f"{filled} {slices} interpolated from the neighbours ({'; '.join(parts)})."
    return Check(id="slices_filled", passed=False, message=message)
