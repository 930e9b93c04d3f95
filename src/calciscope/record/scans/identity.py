"""Who a patient of the record is, for the comparison with what files say."""

from __future__ import annotations

from calciscope.record.banner import banner_of
from calciscope.record.models.patient import Patient
from calciscope.record.scans.whose import InRecord


def who_is(patient: Patient) -> InRecord:
    """Names, birth and numbers of a patient in scope."""
    banner = banner_of(patient)
    return InRecord(
        family_name=banner.family_name,
        given_name=banner.given_name,
        born_on=banner.born_on,
        numbers=banner.numbers,
    )
