"""One deposit as it was found at a visit. Raw dimensions are kept, so that any score can be computed later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import NOT_ASSESSED, Choice, Number, Reference, Several, Text, YesNo
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import FORMS, LAYERS, REGIONS, SIDES, UNPAIRED, spoken

LARGEST_MM = 1000  # judgement: a sheet along a whole limb
AXES = ("longest_mm", "second_mm", "third_mm")
MODEL = "one lesion = site, side, layer, form, consistency, size in three axes, count, skin state, pain (judgement)"


def _size(name: str, label: str, *, expected: bool = False) -> Number:
    return Number(name=name, label=label, unit="mm", low=0.1, high=LARGEST_MM, expected=expected)


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["side"] == "midline" and data["region"] not in UNPAIRED:
        yield Problem(field="side", message="This part of the body has a left and a right, no midline.")
    sizes = [data[axis] for axis in AXES if isinstance(data.get(axis), int | float)]
    if sizes != sorted(sizes, reverse=True):
        yield Problem(field="longest_mm", message="The axes are given from the longest to the shortest.")
    if sizes and data.get("size_method", NOT_ASSESSED) == NOT_ASSESSED:
        yield Problem(field="size_method", message="Say how the size was measured.")
    if ("map_x" in data) != ("map_y" in data):
        yield Problem(field="map_x", message="A point on the body map has two coordinates.")


NOUN = Noun(
    title="Finding of a deposit",
    of=Of.DEPOSIT,
    check=_check,
    fields=(
        Choice(name="region", label="Part of the body", required=True, choices=REGIONS, may_be_unassessed=False),
        Choice(name="side", label="Side", required=True, choices=SIDES, may_be_unassessed=False),
        Text(name="map", label="Body map", pattern=r"[a-z0-9_.-]{1,40}", longest=40),
        Number(name="map_x", label="Across the map", unit="1", low=0, high=1),
        Number(name="map_y", label="Down the map", unit="1", low=0, high=1),
        Choice(name="layer", label="Layer", choices=LAYERS, expected=True, source=MODEL),
        Choice(name="form", label="Form", choices=FORMS, expected=True, source=MODEL),
        Choice(name="consistency", label="Consistency", choices=spoken("hard", "paste", "fluid")),
        Choice(name="colour", label="Colour", choices=spoken("white", "yellowish", "skin", "red")),
        _size("longest_mm", "Longest axis", expected=True),
        _size("second_mm", "Second axis"),
        _size("third_mm", "Third axis"),
        Choice(
            name="size_method",
            label="Measured by",
            choices=spoken("caliper", "ultrasound", "radiograph", "ct", "mri", "palpation"),
        ),
        Number(name="count", label="Number", unit="1", low=1, high=999, whole=True),
        Number(name="pain", label="Pain, 0 to 10", unit="1", low=0, high=10, expected=True),
        Several(
            name="skin_state",
            label="Skin over it",
            choices=spoken("intact", "inflamed", "ulcerated", "extruding", "draining", "scarred"),
            expected=True,
        ),
        Text(name="joint", label="Joint that it limits", longest=60),
        Number(name="joint_limit_deg", label="Lost movement", unit="deg", low=0, high=180),
        YesNo(name="unchanged", label="Confirmed unchanged"),
        Reference(name="unchanged_from", label="The finding it is unchanged from"),
        Text(name="remark", label="Remark"),
    ),
)
