"""Dates as they are written and read in forms: 07 Mar 2026, never 07/03/26."""

from __future__ import annotations

from calciscope.record.written_days import MONTHS, named_day, written

__all__ = ["MONTHS", "read", "written"]


def read(typed: str) -> str:
    """What was typed as an ISO date, by the one reader of dates in words; otherwise as it was typed, for the record to refuse."""
    text = typed.strip()
    return named_day(text) or text
