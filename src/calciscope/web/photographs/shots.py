"""Photographs of a patient as screens show them: words, addresses, and which others were taken in the same pose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place
from calciscope.web.design.course import Course
from calciscope.web.design.days import written

NOUN = "photograph"
MM2_PER_CM2 = 100

Pose = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One photograph; ``outline`` are the corners of a marked ulcer as SVG writes them."""

    id: UUID
    pose: Pose
    pose_words: str
    taken_on: date
    area: str
    width: int
    height: int
    outline: str
    visit: UUID | None
    remark: str
    source: str
    small: str
    address: str

    @property
    def words(self) -> str:
        """The picture's alternative text."""
        return f"{self.pose_words}, {written(self.taken_on.isoformat())}"


def shots(course: Course, patient: UUID) -> list[Shot]:
    """All that stand, the newest first."""
    return [_shot(fact, course.when(fact), patient) for fact in reversed(course.of_noun(NOUN))]


def earlier_of_pose(all_shots: Sequence[Shot], shot: Shot) -> list[Shot]:
    """Those of the same pose before this one, the newest first."""
    place_in_list = next(place for place, one in enumerate(all_shots) if one.id == shot.id)
    return [one for one in all_shots[place_in_list + 1 :] if one.pose == shot.pose]


def newest_of_each_pose(all_shots: Sequence[Shot]) -> list[Shot]:
    """The last photograph of each pose."""
    found: dict[Pose, Shot] = {}
    for shot in all_shots:
        found.setdefault(shot.pose, shot)
    return list(found.values())


def pose_words(data: Any) -> str:
    """Such as "left elbow, flexed"."""
    pose = str(data.get("pose", "")).replace("_", " ")
    return ", ".join(part for part in (place(data), "" if pose == "not assessed" else pose) if part)


def area_words(data: Any) -> str:
    """Such as "1.84 cm² (1.62 to 2.06)"; empty where nothing was marked."""
    area, lower, upper = (data.get(f"ulcer_area{part}_mm2") for part in ("", "_lower", "_upper"))
    if not isinstance(area, int | float):
        return ""
    interval = ""
    if isinstance(lower, int | float) and isinstance(upper, int | float):
        interval = f" ({lower / MM2_PER_CM2:.2f} to {upper / MM2_PER_CM2:.2f})"
    return f"{area / MM2_PER_CM2:.2f} cm²{interval}"


def _shot(fact: Fact, taken_on: date, patient: UUID) -> Shot:
    data = fact.data
    source = reverse("photograph_picture", args=[patient, fact.uid])
    marks = data.get("marks")
    corners = marks.get("outline", []) if isinstance(marks, dict) else []
    return Shot(
        id=fact.uid,
        pose=(str(data["region"]), str(data["side"]), str(data.get("pose", ""))),
        pose_words=pose_words(data),
        taken_on=taken_on,
        area=area_words(data),
        width=int(data.get("width_px", 0)),
        height=int(data.get("height_px", 0)),
        outline=" ".join(f"{x},{y}" for x, y in corners),
        visit=fact.visit_id,
        remark=str(data.get("remark", "")),
        source=source,
        small=f"{source}?small=1",
        address=reverse("photograph", args=[patient, fact.uid]),
    )
