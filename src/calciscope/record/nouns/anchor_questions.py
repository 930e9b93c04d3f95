"""What the patient says of the whole: better, same or worse; and whether this state is acceptable."""

from __future__ import annotations

from calciscope.record.fields import Choice, YesNo
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Anchor questions",
    of=Of.VISIT,
    once=True,
    expected=True,
    fields=(
        Choice(
            name="change",
            label="Since the last visit",
            expected=True,
            choices=spoken("much_better", "better", "same", "worse", "much_worse"),
        ),
        YesNo(name="acceptable", label="Is this state acceptable", expected=True),
        Choice(name="answered_by", label="Answered by", choices=spoken("patient", "parent", "carer")),
    ),
)
