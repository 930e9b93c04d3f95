"""Advice for a patient of the record on one day: today, or what would have been said then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.advise import advise
from calciscope.knowledge import knowledge
from calciscope.record.actor import Actor
from calciscope.record.picture.deposits import NamedDeposit
from calciscope.record.picture.draw import Drawn
from calciscope.record.queries.advice import patient_picture
from calciscope.terms.advice import Advice
from calciscope.terms.picture import PatientPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """Advice, the picture it was given for, and the deposits as the record names them, in the picture's order."""

    advice: Advice
    picture: PatientPicture
    deposits: tuple[NamedDeposit, ...]


def advise_patient_of_record(*, by: Actor, patient: UUID, on: date) -> Advised:
    """Raises NotAllowed for a patient out of scope, Refused where the site has advice off."""
    return advised(patient_picture(by=by, patient=patient, on=on))


def advised(drawn: Drawn) -> Advised:
    """Advice for a picture that was drawn from the record."""
    return Advised(advice=advise(drawn.picture, knowledge()), picture=drawn.picture, deposits=drawn.deposits)
