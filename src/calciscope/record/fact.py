"""One version of a clinical fact as the rest of the product sees it: a value, not a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from calciscope.record.models.entry import Entry


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

    @property
    def holds(self) -> bool:
        """Whether it still stands, not having been marked as entered in error."""
        return self.status != "entered_in_error"
