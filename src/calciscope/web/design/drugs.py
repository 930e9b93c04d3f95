"""Drugs to choose from under medication, by the names that advice uses: treatments first, then what its rules also name."""

from __future__ import annotations

from functools import cache

from calciscope.knowledge import knowledge

ONCE_RECORDED_AS = (("calcium", "calcium"), ("proton_pump_inhibitor", "proton pump inhibitor"))
OTHER = ("other", "other")


@cache
def drugs() -> tuple[tuple[str, str], ...]:
    """(code, words) of every drug; names that were used before stay, so that what is recorded can still be read."""
    known = knowledge()
    treatments = [(one.id, one.id.replace("_", " ")) for one in known.therapies.values() if one.is_drug]
    others = [(one.id, one.title) for one in known.vocabulary.comedications.values()]
    further = sorted([*others, *ONCE_RECORDED_AS], key=lambda one: one[1].lower())
    return (*treatments, *further, OTHER)
