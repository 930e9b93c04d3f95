"""What a picture says in two ways that cannot both be true. Nothing is dropped for it: rules go by the more careful of the two."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from calciscope.advise.facts.at_deposits import where
from calciscope.terms.picture import DepositState, PatientPicture, Sex

CONTRADICTORY = "contradictory: "
INFECTED = frozenset({DepositState.INFECTION_CONFIRMED, DepositState.INFECTION_SUSPECTED})


def contradictions(picture: PatientPicture) -> tuple[str, ...]:
    """One sentence for each, to stand among what is missing."""
    return tuple(f"{CONTRADICTORY}{one}" for one in (*_of_dates(picture), *_of_the_person(picture), *_of_deposits(picture)))


def _of_dates(picture: PatientPicture) -> Iterator[str]:
    in_order = [
        ("birth", picture.patient.born),
        ("the onset of the disease", picture.diagnosis.onset),
        ("the start of treatment", picture.diagnosis.treatment_start),
        ("the day of the picture", picture.as_of),
    ]
    known = [(name, day) for name, day in in_order if day is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            yield f"{later} lies before {earlier}; one of the two dates is wrong"


def _of_the_person(picture: PatientPicture) -> Iterator[str]:
    if picture.patient.sex is Sex.MALE and picture.patient.pregnant:
        yield "male, and pregnant; one of the two is wrong"


def _of_deposits(picture: PatientPicture) -> Iterator[str]:
    for index, deposit in enumerate(picture.deposits or ()):
        states = deposit.states or frozenset()
        if DepositState.INFECTION_EXCLUDED in states and states & INFECTED:
            yield f"{where(deposit, index)}: infection is excluded, and is not"
