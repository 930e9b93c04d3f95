"""Which missing facts would settle most: those that the most stops wait for, over the options that come up first."""

from __future__ import annotations

from collections.abc import Mapping

from calciscope.advise.safety import Checked
from calciscope.terms.advice import Line

WEIGHT = {Line.NOW: 3, Line.NEXT: 2, Line.LATER: 1, Line.NOT_SUITED: 0}
"""How much an open stop of an option counts, by its line (judgement)."""


def unlocks(lines: Mapping[str, Line], checked: Mapping[str, Checked]) -> tuple[str, ...]:
    """Missing facts as texts, the most useful first; only those that at least one option's stop waits for."""
    weights: dict[str, float] = {}
    options: dict[str, list[str]] = {}
    for therapy, line in sorted(lines.items()):
        for ask, stops in checked[therapy].waiting_stops.items():
            if WEIGHT[line]:
                weights[ask] = weights.get(ask, 0.0) + WEIGHT[line] * stops
                options.setdefault(ask, []).append(therapy)
    ranked = sorted(weights, key=lambda ask: (-round(weights[ask], 6), ask))
    return tuple(f"{ask}: decides on a stop of {_counted(options[ask])}" for ask in ranked)


def _counted(therapies: list[str]) -> str:
    named = ", ".join(one.replace("_", " ") for one in therapies[:3])
    return named if len(therapies) <= 3 else f"{len(therapies)} options ({named} and others)"
