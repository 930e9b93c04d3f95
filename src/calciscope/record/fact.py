"""One version of a clinical fact as the rest of the product sees it: a value, not a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from calciscope.record.models.entry import Entry
from calciscope.record.noun import nouns


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What was said, of which version, by whom, when (UTC) and why."""

    uid: UUID
    version: int
    noun: str
    data: Mapping[str, Any]
    status: str
    effective_on: date | None
    visit_id: UUID | None
    deposit_id: UUID | None
    by: str
    role: str
    at: datetime
    reason: str
    software: str

    @classmethod
    def of(cls, row: Entry) -> Fact:
        """From a row fetched with its contribution and user."""
        contribution = row.contribution
        return cls(
            uid=row.uid,
            version=row.version,
            noun=row.noun,
            data=row.data,
            status=row.status,
            effective_on=row.effective_on,
            visit_id=row.visit_id,
            deposit_id=row.deposit_id,
            by=contribution.user.name,
            role=contribution.role,
            at=contribution.at,
            reason=row.reason or contribution.reason,
            software=contribution.software,
        )

    def held_on(self, day: date | None) -> Fact:
        """The same, of another day: what a visit's nouns tell follows the visit's date when that is corrected."""
        return self if day is None or day == self.effective_on else replace(self, effective_on=day)

    @property
    def holds(self) -> bool:
        """Whether it still stands, not having been marked as entered in error."""
        return self.status != "entered_in_error"


COLUMNS = (
    "uid", "version", "noun", "data", "status", "effective_on", "visit_id", "deposit_id", "contribution__user__name",
    "contribution__role", "contribution__at", "reason", "contribution__reason", "contribution__software",
)  # fmt: skip


def facts_of(rows: QuerySet[Entry]) -> tuple[Fact, ...]:
    """Facts from rows of one patient, in one query; those of a visit are of its day."""
    facts = [
        Fact(
            uid=uid,
            version=version,
            noun=noun,
            data=data,
            status=status,
            effective_on=effective_on,
            visit_id=visit_id,
            deposit_id=deposit_id,
            by=by,
            role=role,
            at=at,
            reason=reason or why,
            software=software,
        )
        for (
            uid, version, noun, data, status, effective_on, visit_id, deposit_id, by, role, at, reason, why, software
        ) in rows.values_list(*COLUMNS)
    ]  # fmt: skip
    days = {fact.visit_id: fact.effective_on for fact in facts if fact.noun == "visit_details" and fact.holds}
    undated = {name for name, kind in nouns().items() if not kind.dated_by}
    return tuple(fact.held_on(days.get(fact.visit_id)) if fact.noun in undated else fact for fact in facts)
