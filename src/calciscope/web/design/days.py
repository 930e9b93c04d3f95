"""Dates as they are written and read: 07 Mar 2026, never 07/03/26."""

from __future__ import annotations

import re

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
TYPED = re.compile(r"(?:(?:(\d{1,2})[ .]+)?([A-Za-z]{3,9})[ .,]+)?(\d{4})")


def written(iso: str) -> str:
    """2026-03-07 -> 07 Mar 2026; 2026-03 -> Mar 2026; anything else as it is."""
    found = ISO.fullmatch(iso)
    if not found or not 1 <= int(found[2] or 1) <= len(MONTHS):
        return iso
    year, month, day = found.groups()
    return " ".join(part for part in (day, MONTHS[int(month) - 1] if month else "", year) if part)


def read(typed: str) -> str:
    """What was typed as an ISO date: `7 Mar 2026`, `March 2026`, `2026` and ISO itself; otherwise as it was typed."""
    text = typed.strip()
    found = TYPED.fullmatch(text)
    if not found:
        return text
    day, name, year = found.groups()
    if name is None:
        return year
    months = [month.lower() for month in MONTHS]
    if name[:3].lower() not in months:
        return text
    month = f"{months.index(name[:3].lower()) + 1:02d}"
    return f"{year}-{month}-{int(day):02d}" if day else f"{year}-{month}"
