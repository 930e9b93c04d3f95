"""The part of the body and the side that a film's header names; empty where it names none, or more than one."""

from __future__ import annotations

import re
from typing import Any

from calciscope.terms.deposits import Region, Side

# Body Part Examined (DICOM PS3.16 annex L, memory) and words of descriptions, where they mean one region of ours.
PARTS = {
    "SKULL": Region.HEAD,
    "HEAD": Region.HEAD,
    "NECK": Region.NECK,
    "CSPINE": Region.NECK,
    "SHOULDER": Region.SHOULDER,
    "CLAVICLE": Region.SHOULDER,
    "HUMERUS": Region.UPPER_ARM,
    "UPPERARM": Region.UPPER_ARM,
    "ELBOW": Region.ELBOW,
    "FOREARM": Region.FOREARM,
    "WRIST": Region.WRIST,
    "HAND": Region.HAND,
    "FINGER": Region.FINGER,
    "THUMB": Region.FINGER,
    "CHEST": Region.CHEST,
    "THORAX": Region.CHEST,
    "ABDOMEN": Region.ABDOMEN,
    "PELVIS": Region.PELVIS,
    "HIP": Region.HIP,
    "THIGH": Region.THIGH,
    "FEMUR": Region.THIGH,
    "UPPERLEG": Region.THIGH,
    "KNEE": Region.KNEE,
    "CALF": Region.LOWER_LEG,
    "TIBIA": Region.LOWER_LEG,
    "LOWERLEG": Region.LOWER_LEG,
    "ANKLE": Region.ANKLE,
    "FOOT": Region.FOOT,
    "TOE": Region.TOE,
}
SIDES = {"L": Side.LEFT, "LEFT": Side.LEFT, "R": Side.RIGHT, "RIGHT": Side.RIGHT}


def region_of(data: Any) -> str:
    """The region by Body Part Examined, else by the descriptions (a pydicom data set)."""
    for names in (("BodyPartExamined",), ("SeriesDescription", "StudyDescription")):
        words = [word for name in names for word in _words(data, name)]
        joined = [one + other for one, other in zip(words, words[1:], strict=False)]
        found = {PARTS[word] for word in (*words, *joined) if word in PARTS}
        if len(found) == 1:
            return found.pop().value
    return ""


def side_of(data: Any) -> str:
    """The side by Image Laterality or Laterality, else by the descriptions."""
    for name in ("ImageLaterality", "Laterality"):
        said = SIDES.get(str(data.get(name) or "").strip().upper())
        if said:
            return said.value
    words = [word for name in ("SeriesDescription", "StudyDescription") for word in _words(data, name)]
    found = {SIDES[word] for word in words if word in SIDES and len(word) > 1}
    return found.pop().value if len(found) == 1 else ""


def _words(data: Any, name: str) -> list[str]:
    return re.findall(r"[A-Z]+", str(data.get(name) or "").upper())
