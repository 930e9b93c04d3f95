"""Drugs to choose from under medication, by the names that advice uses: treatments first, then what its rules also name."""

from __future__ import annotations

from functools import cache

from calciscope.knowledge import knowledge

NO_DRUG = frozenset({"procedures", "supportive"})  # groups of therapies that are nothing to take
DRUGS_ALL_THE_SAME = ("thiosulfate_intralesional", "intralesional_corticosteroid", "analgesia")
ONCE_RECORDED_AS = (("calcium", "calcium"), ("proton_pump_inhibitor", "proton pump inhibitor"))
OTHER = ("other", "other")


@cache
def drugs() -> tuple[tuple[str, str], ...]:
    """(code, words) of every drug; names that were used before stay, so that what is recorded can still be read."""
    known = knowledge()
    treatments = [
        (one.id, one.id.replace("_", " "))
        for one in known.therapies.values()
        if one.group not in NO_DRUG or one.id in DRUGS_ALL_THE_SAME
    ]
    others = [(one.id, one.title) for one in known.vocabulary.comedications.values()]
    further = sorted([*others, *ONCE_RECORDED_AS], key=lambda one: one[1].lower())
    return (*treatments, *further, OTHER)
