"""What was measured on a film: a projected area or a length of one deposit, never a mass; or that nothing calcified is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Number, Reference, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken

WAYS = {
    "edge": "by its edge",
    "level": "at a level set by hand",
    "hand": "marked by hand",
    "points": "between two points",
}
EDGES = {"even": "steep all around", "uneven": "uneven: a bone's edge or another body may be part of it"}
OUTCOMES = {
    "measured": "measured",
    "none_seen": "nothing calcified is seen",
    "not_evaluable": "cannot be judged on this film",
}
MOST_MM2, MOST_MM = 500_000, 2000


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["outcome"] != "measured":
        if "area_mm2" in data or "longest_mm" in data:
            yield Problem(field="outcome", message="Where something is measured, something is seen.")
        return
    if "longest_mm" not in data:
        yield Problem(field="longest_mm", message="A measurement has a length at least.")
    if "way" not in data or "scale" not in data or "method" not in data:
        yield Problem(field="way", message="A measurement says how it was made, and by which scale.")


def _interval(name: str, label: str, unit: str, high: float) -> tuple[Number, ...]:
    ends = ((f"{name}_{unit}", label), (f"{name}_lower_{unit}", f"{label}, lower limit (95 %)"))
    upper = (f"{name}_upper_{unit}", f"{label}, upper limit (95 %)")
    return tuple(Number(name=key, label=words, unit=unit, low=0, high=high) for key, words in (*ends, upper))


NOUN = Noun(
    title="Measurement on a film",
    of=Of.PATIENT,
    check=_check,
    fields=(
        Reference(name="film", label="Film", required=True, may_be_unassessed=False),
        Choice(name="outcome", label="Outcome", required=True, may_be_unassessed=False, choices=OUTCOMES),
        Reference(name="of_deposit", to_deposit=True, label="Deposit"),
        Number(name="frame", label="Frame", unit="1", low=1, high=100_000, whole=True),
        Choice(name="way", label="Outlined", choices=WAYS),
        Number(name="level", label="Level, share of the contrast", unit="1", low=0, high=1),
        Table(name="outline", label="Outline"),
        Choice(name="edge", label="Its edge", choices=EDGES),
        *_interval("area", "Projected area", "mm2", MOST_MM2),
        *_interval("longest", "Longest length", "mm", MOST_MM),
        Number(name="relative_density", label="Relative density over background", unit="1", low=-1, high=10),
        Number(name="area_density_mm2", label="Area times relative density", unit="mm2", low=-MOST_MM2, high=MOST_MM2),
        *_interval("depth", "Depth below the skin", "mm", MOST_MM),
        Choice(name="shadow", label="Acoustic shadow behind it", choices=spoken("present", "absent")),
        Table(name="scale", label="Scale"),
        Text(name="method", label="Method", longest=40),
        Text(name="software", label="Software", longest=80),
        Text(name="remark", label="Remark"),
    ),
)
