"""Why somebody without deposits is watched for them."""

from __future__ import annotations

from calciscope.record.fields import Day, Several, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Watched for deposits to come",
    of=Of.PATIENT,
    once=True,
    dated_by="since",
    fields=(
        Several(
            name="reasons",
            label="Because of",
            required=True,
            choices=spoken("antibody", "delay_of_treatment", "skin_ulcers", "oedema_on_mri", "long_activity", "other"),
        ),
        Day(name="since", label="Since", required=True, partial=True),
        Day(name="next_look_on", label="Next look", may_lie_ahead=True),
        Text(name="remark", label="Remark"),
    ),
)
