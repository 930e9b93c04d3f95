"""The whole picture of one patient on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.picture.deposits import NamedDeposit, seen_deposits
from calciscope.record.picture.held import Held
from calciscope.record.picture.person import activity, diagnosis, person
from calciscope.record.picture.screened import screened
from calciscope.record.picture.treatment import allergies, conditions, labs, medications
from calciscope.terms.picture import PatientPicture

CLASSIFICATION = "eular-acr-2017"
SHOWN = "imaging_shows_calcium"  # whatever was answered before: a measured scan holds it


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture, and which deposit of the record each of its deposits is."""

    picture: PatientPicture
    deposits: tuple[NamedDeposit, ...]  # in the picture's order
    classification: Mapping[str, object]  # answers to the classification criteria that somebody gave


def draw(facts: Iterable[Fact], deposits: Sequence[tuple[UUID, str]], *, born: date | None, on: date) -> Drawn:
    """From facts as they were known; unknown stays None. A birth date after ``on`` is not used."""
    held = Held.of(facts, on)
    known_birth = born if born is not None and born <= on else None
    seen, named, on_scan = seen_deposits(held, deposits)
    present, absent = conditions(held)
    if on_scan:
        present, absent = present | {SHOWN}, absent - {SHOWN}
    picture = PatientPicture(
        as_of=on,
        patient=person(held, known_birth),
        diagnosis=diagnosis(held),
        activity=activity(held),
        deposits=seen,
        labs=labs(held),
        medications=medications(held),
        conditions=present,
        conditions_absent=absent,
        allergies=allergies(held),
        screened=screened(held),
        unread=tuple(dict.fromkeys(held.unread)),
    )
    return Drawn(picture=picture, deposits=named, classification=_classification(held))


def _classification(held: Held) -> Mapping[str, object]:
    """Answers of the newest score by the EULAR/ACR criteria, as they were given."""
    own = [fact for fact in held.all("instrument_score") if fact.data["instrument"] == CLASSIFICATION]
    return dict(own[-1].data["answers"]) if own else {}
