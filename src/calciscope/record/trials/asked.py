"""Which reading is asked for now, and which two a third reader is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import ReadingItem, ReadingKind
from calciscope.record.nouns.reading import LOCKED
from calciscope.record.reading_scope import readings_of
from calciscope.record.trials.amended import rules_of


def is_locked(reading: Entry | None) -> bool:
    """Whether a reading has ended."""
    return reading is not None and reading.data["state"] == LOCKED


def opens_at(item: ReadingItem, firsts: Mapping[UUID, Entry]) -> datetime | None:
    """When a repeat may be read: so many days after the same reader has locked the first reading; None before that.

    ``firsts`` is measurement -> this reader's first reading.
    """
    first = firsts.get(item.measurement)
    if first is None or not is_locked(first):
        return None
    return first.contribution.at + timedelta(days=rules_of(item.plan).washout_days)


def is_due(item: ReadingItem) -> bool:
    """Whether an item in scope can be read now."""
    if item.kind != ReadingKind.REPEAT:
        return True
    opens = opens_at(item, firsts_of(item.reader_id, [item]))
    return opens is not None and opens <= timezone.now()


def firsts_of(reader: UUID, items: Sequence[ReadingItem]) -> dict[UUID, Entry]:
    """Measurement -> the reader's own first reading, of items in scope."""
    found = [
        one
        for plan in {item.plan_id: item.plan for item in items}.values()
        for one in plan.items.filter(reader_id=reader, kind=ReadingKind.FIRST)
    ]
    readings = readings_of(found)
    return {one.measurement: readings[one.pk] for one in found if one.pk in readings}


def pair_of(item: ReadingItem) -> tuple[ReadingItem, ...]:
    """Both first readings of the scan of an item in scope, in an order that tells nothing."""
    found = item.plan.items.filter(measurement=item.measurement, kind=ReadingKind.FIRST)
    return tuple(sorted(found, key=lambda one: one.label))
