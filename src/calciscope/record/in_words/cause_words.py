"""Why mineral was lost, in words; unknown is said to be not recorded."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.terms.tracking import Cause

CAUSE_WORDS = {
    Cause.RESORBED: "resorbed",
    Cause.EXTRUDED: "came out through the skin",
    Cause.DRAINED: "drained",
    Cause.EXCISED: "removed by a procedure",
    Cause.UNKNOWN: "cause not recorded",
}


def causes_words(causes: Sequence[Cause]) -> str:
    """Such as "removed by a procedure and drained"."""
    return " and ".join(CAUSE_WORDS[cause] for cause in causes)
