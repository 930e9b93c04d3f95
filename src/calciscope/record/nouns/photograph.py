"""A photograph: where its file lies, how it was posed, and what a ruler in it says of an ulcer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Number, Reference, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import REGIONS, SIDES, spoken


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if "ulcer_area_mm2" in data and "mm_per_pixel" not in data:
        yield Problem(field="mm_per_pixel", message="An area needs the ruler's scale.")
    if "marks" in data and not {"ruler_mm", "width_px", "height_px", "ulcer_area_mm2"} <= set(data):
        yield Problem(field="marks", message="Marks belong to an area, the length on the ruler and the picture's size.")


NOUN = Noun(
    title="Photograph",
    of=Of.PATIENT,
    dated_by="taken_on",
    check=_check,
    fields=(
        Text(name="file", label="File", required=True, may_be_unassessed=False, pattern=r"[0-9a-f]{64}", longest=64),
        Day(name="taken_on", label="Taken on", required=True, may_be_unassessed=False),
        Choice(name="region", label="Part of the body", required=True, choices=REGIONS),
        Choice(name="side", label="Side", required=True, choices=SIDES),
        Choice(
            name="pose", label="Pose", choices=spoken("front", "back", "left", "right", "flexed", "extended", "close")
        ),
        Reference(name="deposits", to_deposit=True, label="Deposits that it shows", several=True),
        Reference(name="same_pose_as", label="Taken as this one"),
        Number(name="width_px", label="Width of the picture", unit="1", low=1, high=100_000, whole=True),
        Number(name="height_px", label="Height of the picture", unit="1", low=1, high=100_000, whole=True),
        Number(name="ruler_mm", label="Length marked on the ruler", unit="mm", low=0.1, high=500),
        Table(name="marks", label="Marks on the picture"),
        Number(name="mm_per_pixel", label="Scale", unit="mm", low=0.001, high=10),
        Number(name="ulcer_area_mm2", label="Area of the ulcer", unit="mm2", low=0, high=100_000),
        Number(name="ulcer_area_lower_mm2", label="Area, lower limit (95 %)", unit="mm2", low=0, high=200_000),
        Number(name="ulcer_area_upper_mm2", label="Area, upper limit (95 %)", unit="mm2", low=0, high=200_000),
        Text(name="remark", label="Remark"),
    ),
)
