"""What the file's header says of region and side; hints only, since headers are often general, and sometimes wrong."""

from __future__ import annotations

import re

from calciscope.terms.deposits import Region, Side
from calciscope.terms.series import Acquisition

# Words of BodyPartExamined (DICOM PS3.16 annex L, memory) and of descriptions, each with the regions it may mean.
WORDS: dict[str, tuple[Region, ...]] = {
    "HEAD": (Region.HEAD, Region.FACE, Region.NECK),
    "SKULL": (Region.HEAD, Region.FACE),
    "BRAIN": (Region.HEAD, Region.FACE),
    "FACE": (Region.FACE, Region.HEAD),
    "NECK": (Region.NECK, Region.FACE, Region.SHOULDER),
    "CSPINE": (Region.NECK, Region.SHOULDER, Region.HEAD),
    "SHOULDER": (Region.SHOULDER, Region.UPPER_ARM, Region.CHEST),
    "CLAVICLE": (Region.SHOULDER, Region.CHEST),
    "CHEST": (Region.CHEST, Region.SHOULDER, Region.ABDOMEN, Region.NECK),
    "THORAX": (Region.CHEST, Region.SHOULDER, Region.ABDOMEN),
    "BREAST": (Region.CHEST,),
    "ABDOMEN": (Region.ABDOMEN, Region.CHEST, Region.PELVIS),
    "PELVIS": (Region.PELVIS, Region.ABDOMEN, Region.THIGH),
    "HIP": (Region.PELVIS, Region.THIGH),
    "FEMUR": (Region.THIGH, Region.KNEE, Region.PELVIS),
    "THIGH": (Region.THIGH, Region.KNEE, Region.PELVIS),
    "UPPERLEG": (Region.THIGH, Region.KNEE, Region.PELVIS),
    "KNEE": (Region.KNEE, Region.THIGH, Region.LOWER_LEG),
    "CALF": (Region.LOWER_LEG, Region.KNEE, Region.ANKLE),
    "SHANK": (Region.LOWER_LEG, Region.KNEE, Region.ANKLE),
    "TIBIA": (Region.LOWER_LEG, Region.KNEE, Region.ANKLE),
    "LOWERLEG": (Region.LOWER_LEG, Region.KNEE, Region.ANKLE),
    "LEG": (Region.THIGH, Region.KNEE, Region.LOWER_LEG, Region.ANKLE, Region.FOOT, Region.TOE, Region.PELVIS),
    "LEGS": (Region.THIGH, Region.KNEE, Region.LOWER_LEG, Region.ANKLE, Region.FOOT, Region.TOE, Region.PELVIS),
    "ANKLE": (Region.ANKLE, Region.FOOT, Region.LOWER_LEG),
    "FOOT": (Region.FOOT, Region.TOE, Region.ANKLE),
    "TOE": (Region.TOE, Region.FOOT),
    "HUMERUS": (Region.UPPER_ARM, Region.ELBOW, Region.SHOULDER),
    "ARM": (Region.UPPER_ARM, Region.ELBOW, Region.FOREARM, Region.WRIST, Region.SHOULDER, Region.HAND, Region.FINGER),
    "UPPERARM": (Region.UPPER_ARM, Region.ELBOW, Region.SHOULDER),
    "ELBOW": (Region.ELBOW, Region.UPPER_ARM, Region.FOREARM),
    "FOREARM": (Region.FOREARM, Region.ELBOW, Region.WRIST),
    "WRIST": (Region.WRIST, Region.HAND, Region.FOREARM),
    "HAND": (Region.HAND, Region.FINGER, Region.WRIST),
    "FINGER": (Region.FINGER, Region.HAND),
    "THUMB": (Region.FINGER, Region.HAND),
    "EXTREMITY": (
        Region.THIGH, Region.KNEE, Region.LOWER_LEG, Region.ANKLE, Region.FOOT, Region.TOE, Region.PELVIS, Region.SHOULDER,
        Region.UPPER_ARM, Region.ELBOW, Region.FOREARM, Region.WRIST, Region.HAND, Region.FINGER,
    ),
}  # fmt: skip
_LEFT = re.compile(r"\b(left|lt|links|gauche|izquierd[ao]|sinist[er]+a?)\b", re.IGNORECASE)
_RIGHT = re.compile(r"\b(right|rt|rechts|droite?|derech[ao]|dext[er]+a?)\b", re.IGNORECASE)


def named_regions(acquisition: Acquisition) -> frozenset[Region]:
    """Regions that the body part and description may mean; empty when they name none."""
    return regions_in(f"{acquisition.body_part or ''} {acquisition.description or ''}")


def regions_in(text: str) -> frozenset[Region]:
    """Regions that the words of a header may mean; empty when they name none."""
    words = re.findall(r"[A-Z]+", text.upper())
    joined = {first + second for first, second in zip(words, words[1:], strict=False)} | set(words)
    return frozenset(region for word in joined for region in WORDS.get(word, ()))


def named_side(acquisition: Acquisition) -> Side | None:
    """The side that laterality or description names, when they name just one."""
    named = {"L": Side.LEFT, "R": Side.RIGHT}.get((acquisition.laterality or "").strip().upper()[:1])
    if named is not None:
        return named
    text = f"{acquisition.description or ''} {acquisition.body_part or ''}".replace("_", " ")
    left, right = bool(_LEFT.search(text)), bool(_RIGHT.search(text))
    if left == right:
        return None
    return Side.LEFT if left else Side.RIGHT
