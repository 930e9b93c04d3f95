"""The five symptoms, graded at a visit. Ratings of our own, 0 to 10; not a validated score."""

from __future__ import annotations

from calciscope.record.fields import Number, Text
from calciscope.record.noun import Noun, Of

SCALE = "numeric rating, 0 none to 10 worst imaginable; not validated for calcinosis (judgement)"
RATED = {
    "deposits": "Deposits",
    "joint_pain": "Joint pain",
    "joint_stiffness": "Joint stiffness",
    "skin_tightness": "Skin tightness",
    "skin_thickening": "Skin thickening",
    "reduced_flexibility": "Reduced flexibility",
    "cracking": "Cracking",
    "peeling": "Peeling",
    "open_sores": "Open sores",
}
JOINTS_COUNTED = 68  # of a full count of tender joints

NOUN = Noun(
    title="Five symptoms",
    of=Of.VISIT,
    once=True,
    expected=True,
    fields=(
        *(
            Number(name=name, label=label, unit="1", low=0, high=10, expected=True, source=SCALE)
            for name, label in RATED.items()
        ),
        Number(name="tender_joints", label="Tender joints", unit="1", low=0, high=JOINTS_COUNTED, whole=True),
        Number(name="swollen_joints", label="Swollen joints", unit="1", low=0, high=JOINTS_COUNTED, whole=True),
        Number(name="morning_stiffness_min", label="Morning stiffness", unit="min", low=0, high=1440, whole=True),
        Text(name="remark", label="Remark"),
    ),
)
