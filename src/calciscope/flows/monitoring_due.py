"""What monitoring is due of the drugs that a patient takes, from the facts of the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.advise.matches import due
from calciscope.knowledge import knowledge
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.picture.held import Held
from calciscope.record.picture.person import person
from calciscope.record.picture.screened import screened
from calciscope.record.picture.treatment import labs, medications
from calciscope.record.queries.roster import WATCHED, watched_patients
from calciscope.terms.assessment import Due
from calciscope.terms.picture import PatientPicture


def monitoring_due(facts: Iterable[Fact], on: date) -> tuple[Due, ...]:
    """From newest versions of a patient's facts, the most overdue first; what was never recorded has no date."""
    held = Held.of((fact for fact in facts if fact.noun in WATCHED), on)
    known = knowledge()
    picture = PatientPicture(
        as_of=on, patient=person(held, None), medications=medications(held), labs=labs(held), screened=screened(held)
    )
    return due(Facts(picture, known.vocabulary, index(known).classes), known)


def patients_with_monitoring_overdue(*, by: Actor, on: date) -> frozenset[UUID] | None:
    """Those in the actor's care of whom any monitoring is overdue on that day; None where the site has advice off."""
    watched = watched_patients(by=by)
    if watched is None:
        return None
    return frozenset(key for key, facts in watched.items() if any(one.overdue for one in monitoring_due(facts, on)))
