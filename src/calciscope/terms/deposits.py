"""A candidate deposit and the closed vocabularies that describe it (docs/reference/outputs.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a candidate is; only CALCINOSIS counts in the burden."""

    CALCINOSIS = "calcinosis"
    VASCULAR = "vascular"
    BONE = "bone"
    METAL = "metal"
    CONTRAST = "contrast"
    PHYSIOLOGICAL = "physiological"
    ARTEFACT = "artefact"
    OUTSIDE_BODY = "outside_body"
    UNCERTAIN = "uncertain"


class Layer(StrEnum):
    """Tissue layer that holds most of a deposit's mass."""

    CUTANEOUS = "cutaneous"
    FASCIAL = "fascial"
    INTRAMUSCULAR = "intramuscular"
    PERIOSTEAL = "periosteal"
    SUBCUTANEOUS = "subcutaneous"
    VISCERAL = "visceral"
    UNKNOWN = "unknown"


class Shape(StrEnum):
    """Form of a deposit."""

    PUNCTATE = "punctate"
    NODULE = "nodule"
    MASS = "mass"
    LINEAR = "linear"
    SHEET = "sheet"
    RETICULAR = "reticular"


class Region(StrEnum):
    """Body region."""

    HEAD = "head"
    FACE = "face"
    NECK = "neck"
    SHOULDER = "shoulder"
    UPPER_ARM = "upper_arm"
    ELBOW = "elbow"
    FOREARM = "forearm"
    WRIST = "wrist"
    HAND = "hand"
    FINGER = "finger"
    CHEST = "chest"
    BACK = "back"
    ABDOMEN = "abdomen"
    PELVIS = "pelvis"
    GROIN = "groin"
    BUTTOCK = "buttock"
    HIP = "hip"
    THIGH = "thigh"
    KNEE = "knee"
    LOWER_LEG = "lower_leg"
    ANKLE = "ankle"
    FOOT = "foot"
    TOE = "toe"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """Side of the patient's body."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """One candidate, measured. None is "not evaluable". Coordinates are LPS mm."""

    deposit_id: int
    kind: Kind
    confidence: float  # 0..1, of the kind
    reason: str  # why it was given its kind, one sentence
    volume_ml: float | None
    volume_130hu_ml: float | None
    mass_mg: float | None
    mass_lower_mg: float | None
    mass_upper_mg: float | None
    excess_hu_ml: float | None
    peak_hu: float | None
    mean_hu: float | None
    background_hu: float | None
    agatston: float | None
    longest_diameter_mm: float | None
    x_mm: float
    y_mm: float
    z_mm: float
    skin_depth_mm: float | None
    layer: Layer
    layer_also: tuple[Layer, ...] = ()
    shape: Shape
    region: Region
    side: Side
