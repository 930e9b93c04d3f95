"""What a reader of a trial may reach: scans that a plan has given to this reader, under their labels. No care team is asked, since a
reader must not know whom the scan shows; so nothing here leads to a name, a date, or another scan of the same person.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from calciscope.record.actor import Actor
from calciscope.record.fact import facts_of
from calciscope.record.models.entry import Entry
from calciscope.record.models.patient import Patient
from calciscope.record.models.reading_plan import ReadingItem, ReadingPair, ReadingPlan
from calciscope.record.scans.followed import BEFORE, reach_of
from calciscope.record.scans.review import EDIT, Edit, edits_of
from calciscope.record.trials.reading import reading_key
from calciscope.terms.errors import NotAllowed

NOT_GIVEN = "There is no such reading on your list."
NO_PLAN = "There is no such reading plan at your site."
_NEWEST = ~Exists(Entry.unscoped.filter(uid=OuterRef("uid"), version=OuterRef("version") + 1))


class ReadingScope:
    """Of one actor: as a reader the items given to this seat, otherwise the plans of the own site."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    @classmethod
    def of(cls, actor: Actor) -> ReadingScope:
        """The scope of an actor."""
        return cls(actor)

    def given(self) -> QuerySet[ReadingItem]:
        """What was given to this reader to read."""
        running = {"reader__ended_at__isnull": True, "reader__user__is_active": True}
        own = ReadingItem.unscoped.filter(reader_id=self._actor.membership_id, **running)
        return own.select_related("plan").prefetch_related("plan__amendments").order_by("position")

    def item(self, key: UUID) -> ReadingItem:
        """One of them, or NotAllowed."""
        found = self.given().filter(pk=key).first()
        if found is None:
            raise NotAllowed(NOT_GIVEN)
        return found

    def plans(self) -> QuerySet[ReadingPlan]:
        """Plans of the own site."""
        return (
            ReadingPlan.unscoped.filter(site_id=self._actor.site_id)
            .select_related("adjudicator__user")
            .prefetch_related("amendments__made_by__user")
        )

    def plan(self, key: UUID) -> ReadingPlan:
        """One of them, or NotAllowed."""
        found = self.plans().filter(pk=key).first()
        if found is None:
            raise NotAllowed(NO_PLAN)
        return found

    def items_of(self, plan: ReadingPlan) -> QuerySet[ReadingItem]:
        """All readings that a plan asks for."""
        return plan.items.select_related("reader__user").order_by("subject", "visit_number", "kind", "position")


def held_for_writing(item: ReadingItem) -> Patient:
    """The patient of an item in scope; one writer of this patient at a time passes."""
    return Patient.unscoped.select_for_update(of=("self",), no_key=True).get(pk=item.patient_id)


def readings_of(items: Iterable[ReadingItem]) -> dict[UUID, Entry]:
    """Item -> the newest version of its reading, of items in scope; one that was not begun is missing."""
    keys = {reading_key(item.pk): item.pk for item in items}
    rows = Entry.unscoped.filter(_NEWEST, uid__in=list(keys)).select_related("contribution__user")
    return {keys[row.uid]: row for row in rows}


def beside(item: ReadingItem) -> ReadingItem | None:
    """The other scan of the pair that an item in scope is of, in the same reader's hands; None where it is read alone."""
    found = pairs_of([item]).get(item.pk)
    if found is None:
        return None
    return found.second if found.first_id == item.pk else found.first


def pairs_of(items: Iterable[ReadingItem]) -> dict[UUID, ReadingPair]:
    """Item -> its pair, of items in scope; one that is read alone is missing."""
    keys = [item.pk for item in items]
    rows = ReadingPair.unscoped.filter(Q(first__in=keys) | Q(second__in=keys)).select_related(
        "first__plan", "second__plan"
    )
    return {key: row for row in rows for key in (row.first_id, row.second_id)}


def steps_of(item: ReadingItem) -> tuple[Edit, ...]:
    """The steps of an item in scope, in their order."""
    rows = Entry.unscoped.filter(patient_id=item.patient_id, noun=EDIT, data__reading=str(item.pk))
    return edits_of(item.measurement, facts_of(rows), item.pk)


def measured(items: Iterable[ReadingItem]) -> dict[UUID, Entry]:
    """Measurement -> its newest version, of items in scope."""
    keys = {item.measurement for item in items}
    rows = Entry.unscoped.filter(_NEWEST, uid__in=keys, noun="imaging_measurement")
    return {row.uid: row for row in rows.select_related("contribution__user")}


def compared(items: Iterable[ReadingItem], *, reach: str = BEFORE) -> list[Entry]:
    """What tracking found between scans of the patients of items in scope: each with the one before, or with the first."""
    patients = {item.patient_id for item in items}
    rows = Entry.unscoped.filter(_NEWEST, patient_id__in=patients, noun="imaging_comparison")
    return [row for row in rows.exclude(status="entered_in_error") if reach_of(row.data) == reach]
