"""Advice for a patient of the record on one day: today, or what would have been said then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.advise import INSTRUMENT, advise, classification_answers
from calciscope.instruments import instrument, score
from calciscope.knowledge import Knowledge, knowledge
from calciscope.record.actor import Actor
from calciscope.record.picture.deposits import NamedDeposit
from calciscope.record.picture.draw import Drawn
from calciscope.record.queries.advice import patient_picture
from calciscope.terms.advice import Advice
from calciscope.terms.errors import Refused
from calciscope.terms.picture import PatientPicture
from calciscope.terms.scores import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """Advice, the picture it was given for, and the deposits as the record names them, in the picture's order."""

    advice: Advice
    picture: PatientPicture
    deposits: tuple[NamedDeposit, ...]
    classified: Score


def advise_patient_of_record(*, by: Actor, patient: UUID, on: date) -> Advised:
    """Raises NotAllowed for a patient out of scope, Refused where the site has advice off."""
    return advised(patient_picture(by=by, patient=patient, on=on))


def advised(drawn: Drawn) -> Advised:
    """Advice for a picture that was drawn from the record, and the disease classified by what is recorded."""
    known = knowledge()
    return Advised(
        advice=advise(drawn.picture, known),
        picture=drawn.picture,
        deposits=drawn.deposits,
        classified=_classified(drawn, known),
    )


def _classified(drawn: Drawn, known: Knowledge) -> Score:
    """What the record tells comes first; what it has no place for, muscle groups and biopsy, from the answers somebody gave.

    Answers that contradict each other are left to the record alone.
    """
    told = {name: said for name, said in classification_answers(drawn.picture, known).items() if said is not None}
    asked = instrument(INSTRUMENT)
    try:
        return score(asked, {**drawn.classification, **told})
    except Refused:
        return score(asked, told)
