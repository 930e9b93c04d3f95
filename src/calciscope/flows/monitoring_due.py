"""What monitoring is due of the drugs that a patient takes, from the facts of the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.advise.matches import due
from calciscope.knowledge import knowledge
from calciscope.record.fact import Fact
from calciscope.record.picture.held import Held
from calciscope.record.picture.treatment import labs, medications
from calciscope.terms.assessment import Due
from calciscope.terms.picture import PatientPicture

WATCHED = ("medication", "laboratory_result")
"""Nouns that monitoring is told by."""


def monitoring_due(facts: Iterable[Fact], on: date) -> tuple[Due, ...]:
    """From newest versions of a patient's facts, the most overdue first; what was never recorded has no date."""
    held = Held.of((fact for fact in facts if fact.noun in WATCHED), on)
    known = knowledge()
    picture = PatientPicture(as_of=on, medications=medications(held), labs=labs(held))
    return due(Facts(picture, known.vocabulary, index(known).classes), known)
