"""The pixels of a film and what is recorded of it, for whoever has the patient in care."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.films.pixels import SUFFIX, from_png
from calciscope.record.guarded import query
from calciscope.record.permissions import Permission
from calciscope.record.photographs import files
from calciscope.record.scope import PatientScope
from calciscope.terms.film import Shades

FILM = "film"
KEPT_AT_HAND = 3  # films whose pixels stay unpacked: each click on one asks for them again


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFilm:
    """A film's fact and its shades [row, column]."""

    fact: Fact
    shades: Shades


@query(permission=Permission.SEE_PATIENT)
def held_film(*, by: Actor, patient: UUID, film: UUID) -> HeldFilm:
    """The film; NotAllowed where there is none, refused in words where its file is gone."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    entry = scope.entry(found, film, noun=FILM)
    audit.mention(patient_id=found.pk, film=film)
    return HeldFilm(fact=Fact.of(entry), shades=_shades(found.pk, str(entry.data["file"])))


@lru_cache(maxsize=KEPT_AT_HAND)
def _shades(patient: UUID, name: str) -> Shades:
    return from_png(files.read(patient, name, suffix=SUFFIX))
