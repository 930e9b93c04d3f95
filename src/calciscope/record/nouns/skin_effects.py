"""The five effects of calcinosis on a person, graded at a visit. Ratings of our own, 0 to 10; not a validated score."""

from __future__ import annotations

from calciscope.record.fields import Number, Text
from calciscope.record.noun import Noun, Of

SCALE = "numeric rating, 0 none to 10 worst imaginable; not validated for calcinosis (judgement)"
EFFECTS = {
    "pain": "Pain",
    "tenderness": "Tenderness",
    "redness": "Redness",
    "swelling": "Swelling",
    "warmth": "Warmth",
    "ulceration": "Ulceration",
    "breakdown": "Breakdown of the skin",
    "infection": "Infection",
    "restricted_movement": "Restricted movement of joints",
    "cosmetic_concern": "Cosmetic concern",
}

NOUN = Noun(
    title="Five effects on the skin and beyond",
    of=Of.VISIT,
    once=True,
    expected=True,
    fields=(
        *(
            Number(name=name, label=label, unit="1", low=0, high=10, expected=True, source=SCALE)
            for name, label in EFFECTS.items()
        ),
        Text(name="remark", label="Remark"),
    ),
)
