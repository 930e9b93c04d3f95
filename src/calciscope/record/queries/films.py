"""The pixels of a film and what is recorded of it, for whoever has the patient in care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
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
KEPT_AT_HAND = 4  # frames whose pixels stay unpacked: each click on one asks for them again


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFilm:
    """A film's fact, and the shades [row, column] of one of its frames; ``frame`` is None where it has but one."""

    fact: Fact
    shades: Shades
    frame: int | None


@query(permission=Permission.SEE_PATIENT)
def held_film(*, by: Actor, patient: UUID, film: UUID, frame: int | None = None) -> HeldFilm:
    """The film with the frame of that number, or the nearest that was kept; without a number the one shown first.

    NotAllowed where there is no such film, refused in words where its file is gone.
    """
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    entry = scope.entry(found, film, noun=FILM)
    audit.mention(patient_id=found.pk, film=film)
    number, name = _file_of(entry.data, frame)
    return HeldFilm(fact=Fact.of(entry), shades=_shades(found.pk, name), frame=number)


def _file_of(data: Mapping[str, Any], frame: int | None) -> tuple[int | None, str]:
    kept = data.get("frames") or ()
    if not kept:
        return None, str(data["file"])
    wanted = int(data.get("frame_shown") or 1) if frame is None else frame
    nearest = min(kept, key=lambda one: abs(int(one["number"]) - wanted))
    return int(nearest["number"]), str(nearest["file"])


@lru_cache(maxsize=KEPT_AT_HAND)
def _shades(patient: UUID, name: str) -> Shades:
    return from_png(files.read(patient, name, suffix=SUFFIX))
