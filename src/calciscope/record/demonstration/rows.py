"""Rows that wait to be inserted together, in an order in which each finds what it refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models

from calciscope.record.models.care_team import CareTeamMember
from calciscope.record.models.contribution import Contribution
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry
from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import Visit, VisitEvent

CHUNK = 2000


@dataclass(slots=True)
class Rows:
    """Rows of each table."""

    patients: list[Patient] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    numbers: list[HospitalNumber] = field(default_factory=list)
    team: list[CareTeamMember] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    events: list[VisitEvent] = field(default_factory=list)

    def insert(self) -> None:
        """Insert all."""
        for rows in (
            self.patients, self.identities, self.numbers, self.team, self.visits, self.contributions, self.deposits,
            self.entries, self.events,
        ):  # fmt: skip
            _insert(rows)


def _insert(rows: Sequence[models.Model]) -> None:
    if rows:
        type(rows[0])._base_manager.bulk_create(rows, batch_size=CHUNK)
