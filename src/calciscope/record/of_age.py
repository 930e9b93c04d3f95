"""What a noun asks of children: dose counts more for them, and is not given without a question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from calciscope.record.fields import first_day
from calciscope.record.models.patient import Patient
from calciscope.record.noun import Noun
from calciscope.record.refusals import Invalid

ADULT_FROM_YEARS = 18


def is_child(born_on: date | None, on: date) -> bool:
    """Whether somebody was under 18 on a day; not known is not a child."""
    if born_on is None:
        return False
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)) < ADULT_FROM_YEARS


def check_age(patient: Patient, kind: Noun, data: Mapping[str, Any]) -> None:
    """Raise Invalid for what the noun asks of children and this child's fact does not answer."""
    if kind.check_of_child is None:
        return
    identity = getattr(patient, "identity", None)
    day = kind.effective_on(data) or first_day(date.today().isoformat())
    if identity and day and is_child(identity.born_on, day):
        problems = list(kind.check_of_child(data))
        if problems:
            raise Invalid(problems)
