"""What a fact refers to must be of the same patient: a key from elsewhere is answered as one that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from calciscope.record.fields import Reference
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry
from calciscope.record.models.patient import Patient
from calciscope.record.noun import Noun
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scope import PatientScope


def references_hold(scope: PatientScope, patient: Patient, kind: Noun, data: Mapping[str, Any]) -> None:
    """Raise Invalid for each field that names what this patient has not."""
    named = {field: field.keys(data.get(field.name)) for field in kind.fields if isinstance(field, Reference)}
    problems = [
        Problem(field=field.name, message="This patient has no such entry.")
        for field, keys in named.items()
        if keys and keys != _present(scope, patient, keys, to_deposit=field.to_deposit)
    ]
    if problems:
        raise Invalid(problems)


def _present(scope: PatientScope, patient: Patient, keys: set[UUID], *, to_deposit: bool) -> set[UUID]:
    if to_deposit:
        return set(scope.rows(Deposit, patient).filter(pk__in=keys).values_list("pk", flat=True))
    return set(scope.rows(Entry, patient).filter(uid__in=keys).values_list("uid", flat=True))
