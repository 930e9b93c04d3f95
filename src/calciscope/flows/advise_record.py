"""Advice for a patient of the record on one day: today, or what would have been said then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from calciscope.advise import advise
from calciscope.knowledge import knowledge
from calciscope.knowledge.model import Vocabulary
from calciscope.record.actor import Actor
from calciscope.record.picture.draw import Drawn
from calciscope.record.queries.advice import patient_picture
from calciscope.terms.advice import Advice
from calciscope.terms.picture import PatientPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """Advice, the picture it was given for, and the deposits (key, label) in the picture's order."""

    advice: Advice
    picture: PatientPicture
    deposits: tuple[tuple[UUID, str], ...]


def advise_patient_of_record(*, by: Actor, patient: UUID, on: date) -> Advised:
    """Raises NotAllowed for a patient out of scope, Refused where the site has advice off."""
    return advised(patient_picture(by=by, patient=patient, on=on))


def advised(drawn: Drawn) -> Advised:
    """Advice for a picture that was drawn from the record."""
    known = knowledge()
    picture = spelled(drawn.picture, known.vocabulary)
    return Advised(advice=advise(picture, known), picture=picture, deposits=drawn.deposits)


def spelled(picture: PatientPicture, vocabulary: Vocabulary) -> PatientPicture:
    """Allergies by the words that rules know; a substance that none of them is stays as it was written."""
    if picture.allergies is None:
        return picture
    return replace(picture, allergies=frozenset(_allergy(one, vocabulary) for one in picture.allergies))


def _allergy(substance: str, vocabulary: Vocabulary) -> str:
    plain = _plain(substance)
    for one, title in vocabulary.allergies.items():
        if plain in {_plain(one), _plain(title)}:
            return one
    return substance


def _plain(text: str) -> str:
    """Without case, spaces and the plural's s."""
    return "".join(sign for sign in text.lower() if sign.isalnum()).removesuffix("s")
