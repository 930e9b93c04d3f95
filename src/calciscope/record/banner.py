"""Who a patient is, in the few words that stand on top of every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.models.patient import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Who a patient is, as far as the identity is still kept."""

    id: UUID
    family_name: str
    given_name: str
    born_on: date | None
    numbers: tuple[str, ...]
    synthetic: bool
    identity_version: int = 0


def searched(patients: QuerySet[Patient], search: str) -> QuerySet[Patient]:
    """Those of the patients of whom each word begins a name or number."""
    for word in search.split():
        patients = patients.filter(_begins_with(word))
    return patients


def banners_of(patients: QuerySet[Patient]) -> tuple[Banner, ...]:
    """The banners of patients who are in scope."""
    return tuple(banner_of(patient) for patient in with_identity(patients))


def _begins_with(word: str) -> Q:
    numbers = HospitalNumber.unscoped.filter(value__istartswith=word).values("patient")
    names = Identity.unscoped.filter(Q(family_name__istartswith=word) | Q(given_name__istartswith=word))
    return Q(pk__in=numbers) | Q(pk__in=names.values("patient"))


def with_identity(patients: QuerySet[Patient]) -> list[Patient]:
    """Patients with names and numbers, in two queries."""
    return list(patients.select_related("identity").prefetch_related("numbers"))


def banner_of(patient: Patient) -> Banner:
    """From a patient fetched with names and numbers."""
    identity = getattr(patient, "identity", None)
    return Banner(
        id=patient.pk,
        family_name=identity.family_name if identity else "",
        given_name=identity.given_name if identity else "",
        born_on=identity.born_on if identity else None,
        numbers=tuple(sorted(number.value for number in patient.numbers.all())),
        synthetic=patient.synthetic,
        identity_version=identity.version if identity else 0,
    )
