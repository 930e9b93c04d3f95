"""Dates in words: 07 Mar 2026 as they are shown, and every way of writing them that no two people read differently."""

from __future__ import annotations

import re

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
OTHER_NAMES = {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}  # German, as lists of the first clinics have them
ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
NAMED = re.compile(r"(?:(\d{1,2})\.?[ .-]+)?([^\W\d_]{3,9})[ .,-]+(\d{4})")
NAMED_FIRST = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2}), ?(\d{4})")


def written(iso: str) -> str:
    """2026-03-07 -> 07 Mar 2026; 2026-03 -> Mar 2026; anything else as it is."""
    found = ISO.fullmatch(iso)
    if not found or not 1 <= int(found[2] or 1) <= len(MONTHS):
        return iso
    year, month, day = found.groups()
    return " ".join(part for part in (day, MONTHS[int(month) - 1] if month else "", year) if part)


def named_day(text: str) -> str | None:
    """`7 Mar 2026`, `March 2026`, `Mar 7, 2026`, `2026`, `2026-03` as ISO; None for dates in figures alone, which may mean two days."""
    plain = text.strip()
    if ISO.fullmatch(plain):
        return plain
    if found := NAMED.fullmatch(plain):
        day, name, year = found.groups()
    elif found := NAMED_FIRST.fullmatch(plain):
        name, day, year = found.groups()
    else:
        return None
    month = _month(name)
    if month is None:
        return None
    return f"{year}-{month:02d}-{int(day):02d}" if day else f"{year}-{month:02d}"


def _month(name: str) -> int | None:
    short = name[:3].lower()
    known = {month.lower(): number for number, month in enumerate(MONTHS, start=1)} | OTHER_NAMES
    return known.get(short)
