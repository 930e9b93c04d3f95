"""Old studies that one has named and that have no patient yet, and what became of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.scan import Scan, ScanState
from calciscope.record.permissions import Permission
from calciscope.record.scans.files import below_root
from calciscope.record.scope import NOT_FOUND
from calciscope.terms.errors import NotAllowed

MOST_LISTED = 200
TO_LOOK_AT = (ScanState.ASKED, ScanState.REFUSED, ScanState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OldStudy:
    """One that a person has to look at; ``name`` is its place below the administrator's root."""

    id: UUID
    name: str
    state: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OldStudies:
    """Those to look at, and how many stand in each state, those of known patients included."""

    to_look_at: Sequence[OldStudy]
    counts: Mapping[str, int]


@query(permission=Permission.UPLOAD_IMAGING)
def old_studies(*, by: Actor) -> OldStudies:
    """One's own, in the order of their names."""
    own = Scan.unscoped.filter(membership_id=by.membership_id, old=True).exclude(state=ScanState.DISCARDED)
    open_ones = own.filter(patient__isnull=True, state__in=TO_LOOK_AT).order_by("place")[:MOST_LISTED]
    counts = Counter(own.values_list("state", flat=True))
    audit.mention(count=sum(counts.values()))
    return OldStudies(to_look_at=tuple(_told(row) for row in open_ones), counts=counts)


@query(permission=Permission.UPLOAD_IMAGING)
def old_study(*, by: Actor, scan: UUID) -> tuple[OldStudy, Path]:
    """One of one's own that has no patient, and where it lies."""
    row = Scan.unscoped.filter(pk=scan, membership_id=by.membership_id, old=True, patient__isnull=True).first()
    if row is None:
        raise NotAllowed(NOT_FOUND)
    audit.mention(scan=row.pk)
    return _told(row), Path(row.place)


def _told(row: Scan) -> OldStudy:
    return OldStudy(id=row.pk, name=below_root(row.place), state=row.state, message=row.message)
