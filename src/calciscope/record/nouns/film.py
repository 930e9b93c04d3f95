"""A radiograph or an ultrasound image: where its pixels lie, what it shows, and how many millimetres a pixel is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Number, Table, Text, YesNo
from calciscope.record.noun import Noun, Of
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import REGIONS, SIDES, UNPAIRED, spoken
from calciscope.terms.film import FULL_SHADE, FilmKind, ScaleBasis

BASES = {
    ScaleBasis.AT_OBJECT.value: "calibrated in the patient",
    ScaleBasis.MAGNIFICATION_STATED.value: "on the detector, magnification stated",
    ScaleBasis.DETECTOR.value: "on the detector, magnification not known",
    ScaleBasis.REGION.value: "calibrated region of the ultrasound image",
    ScaleBasis.RULER.value: "ruler drawn",
}
HEX = r"[0-9a-f]{64}"
SCALE = ("scale_x_mm", "scale_y_mm", "scale_uncertainty", "scale_basis")


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["side"] == "midline" and data["region"] not in UNPAIRED:
        yield Problem(field="side", message="This part of the body has a left and a right, no midline.")
    if 0 < sum(name in data for name in SCALE) < len(SCALE):
        yield Problem(field="scale_x_mm", message="A scale has two sizes, an uncertainty and what it was taken from.")


def _shade(name: str, label: str) -> Number:
    return Number(name=name, label=label, unit="1", low=0, high=FULL_SHADE, whole=True, required=True)


def _side_px(name: str, label: str) -> Number:
    return Number(name=name, label=label, unit="1", low=1, high=20_000, whole=True, required=True)


NOUN = Noun(
    title="Film",
    of=Of.PATIENT,
    dated_by="taken_on",
    check=_check,
    written_by=Permission.UPLOAD_IMAGING,
    fields=(
        Text(name="file", label="File", required=True, may_be_unassessed=False, pattern=HEX, longest=64),
        Text(name="pixels", label="Sum of its pixels", required=True, may_be_unassessed=False, pattern=HEX, longest=64),
        Choice(
            name="kind",
            label="Kind",
            required=True,
            may_be_unassessed=False,
            choices=spoken(*(kind.value for kind in FilmKind)),
        ),
        Day(name="taken_on", label="Taken on", required=True, may_be_unassessed=False),
        Choice(name="region", label="Part of the body", required=True, may_be_unassessed=False, choices=REGIONS),
        Choice(name="side", label="Side", required=True, may_be_unassessed=False, choices=SIDES),
        Text(name="view", label="View", longest=16),
        Table(name="frames", label="Frames that were kept", most_items=100),
        Number(name="frame_shown", label="Frame shown first", unit="1", low=1, high=100_000, whole=True),
        YesNo(name="turned", label="Dark and bright turned by hand"),
        _side_px("width_px", "Width"),
        _side_px("height_px", "Height"),
        _shade("black", "Shade shown black"),
        _shade("white", "Shade shown white"),
        Number(name="scale_x_mm", label="Width of a pixel", unit="mm", low=0.001, high=10),
        Number(name="scale_y_mm", label="Height of a pixel", unit="mm", low=0.001, high=10),
        Number(name="scale_uncertainty", label="Relative uncertainty of a length", unit="1", low=0, high=1),
        Choice(name="scale_basis", label="Scale taken from", choices=BASES),
        Text(name="no_scale", label="Why there is no scale", longest=300),
        Table(name="regions", label="Calibrated regions", most_items=20),
        Table(name="ruler", label="Ruler drawn"),
        Table(name="notes", label="What was said when it was read", most_items=20),
        Text(name="image_uid", label="Image", pattern=r"[0-9.]{1,64}", longest=64),
        Text(name="identity_note", label="Why a film that names somebody else is this patient's", longest=2000),
        Text(name="remark", label="Remark"),
    ),
)
