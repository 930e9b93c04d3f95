"""Between which values a screen shows a film as black and white: its VOI LUT (PS3.3 section C.11.2, memory), which measuring goes past."""

from __future__ import annotations

from typing import Any

import numpy as np

TABLE_FROM, TABLE_TO = 0.05, 0.95  # of what a table gives: between them it shows a difference (judgement)
Ends = tuple[float, float]


def shown_window(data: Any, *, turned: bool) -> Ends | None:
    """The first window of the header, else its table, in the units of density; None where neither makes sense.

    A detector's raw image in linear units is measured as its logarithm, in which the header's window does not hold.
    """
    if data.get("PixelIntensityRelationship") == "LIN" and data.get("PresentationIntentType") == "FOR PROCESSING":
        return None
    ends = _by_window(data) or _by_table(data)
    if ends is None:
        return None
    return (-ends[1], -ends[0]) if turned else ends


def _by_window(data: Any) -> Ends | None:
    try:
        centre, width = (np.atleast_1d(data.get(name)).astype(float)[0] for name in ("WindowCenter", "WindowWidth"))
    except (TypeError, ValueError, IndexError):
        return None
    if not (np.isfinite(centre) and np.isfinite(width)) or width < 1:
        return None
    return float(centre - width / 2), float(centre + width / 2)


def _by_table(data: Any) -> Ends | None:
    """Where a rising table passes most of what it gives."""
    for item in data.get("VOILUTSequence") or ():
        try:
            _, first, _ = (int(part) for part in item.LUTDescriptor)
            given = _entries(item)
        except (AttributeError, TypeError, ValueError):
            return None
        if len(given) < 2 or given[-1] <= given[0]:
            return None
        share = (given - given.min()) / float(np.ptp(given))
        low, high = (int(np.argmax(share >= limit)) for limit in (TABLE_FROM, TABLE_TO))
        return (float(first + low), float(first + high)) if high > low else None
    return None


def _entries(item: Any) -> np.ndarray:
    held = item.LUTData
    if isinstance(held, bytes):
        return np.frombuffer(held, dtype="<u2").astype(np.float64)
    return np.asarray(held, dtype=np.float64)
