"""Finds slices whose content does not belong where they lie, though their files parse."""

from __future__ import annotations

from calciscope.terms.geometry import Int16


def misfits(hu: Int16, usable: list[int]) -> list[int]:
    """Indices of slices that do not fit their neighbours."""
    return []
