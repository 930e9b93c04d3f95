"""The audit as the officer reads and exports it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.log_in_lines import LOG_IN
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.break_glass import BreakGlass
from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient
from calciscope.record.models.user import User
from calciscope.record.permissions import Permission

MOST_LISTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the audit, the person's name looked up."""

    number: int
    at: datetime
    user_id: UUID | None
    name: str
    role: str
    patient_id: UUID | None
    kind: str
    what: str
    outcome: str
    detail: dict[str, Any]
    request_id: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """One emergency access."""

    id: UUID
    patient_id: UUID
    by: str
    role: str
    reason: str
    started_at: datetime
    expires_at: datetime


@query(permission=Permission.READ_AUDIT)
def audit_lines(
    *,
    by: Actor,
    patient: UUID | None = None,
    user: UUID | None = None,
    outcome: str = "",
    before: int | None = None,
    limit: int = 100,
) -> tuple[Line, ...]:
    """Lines of the officer's own site, of its patients, and of log-ins of its people, the newest first; ``before`` turns the page."""
    found = _of_site(by)
    for name, value in {"patient_id": patient, "user_id": user, "outcome": outcome, "number__lt": before}.items():
        found = found.filter(**{name: value}) if value else found
    lines = tuple(_lines(found.order_by("-number")[: max(0, min(limit, MOST_LISTED))]))
    audit.mention(count=len(lines))
    return lines


@query(permission=Permission.READ_AUDIT)
def export_audit(*, by: Actor) -> tuple[dict[str, Any], ...]:
    """Every line of the officer's own site and of its patients, the oldest first, as plain values."""
    lines = tuple(
        {
            name: value.isoformat() if isinstance(value, datetime) else _plain(value)
            for name, value in asdict(line).items()
        }
        for line in _lines(_of_site(by).order_by("number"))
    )
    audit.mention(count=len(lines))
    return lines


@query(permission=Permission.READ_AUDIT)
def broken_glasses(*, by: Actor) -> tuple[Glass, ...]:
    """Emergency accesses to patients of the officer's own site, the newest first."""
    found = BreakGlass.unscoped.filter(patient__site_id=by.site_id).select_related("membership__user")
    glasses = tuple(
        Glass(
            id=row.pk,
            patient_id=row.patient_id,
            by=row.membership.user.name,
            role=row.membership.role,
            reason=row.reason,
            started_at=row.started_at,
            expires_at=row.expires_at,
        )
        for row in found.order_by("-started_at")[:MOST_LISTED]
    )
    audit.mention(count=len(glasses))
    return glasses


def _of_site(by: Actor) -> QuerySet[AuditEvent]:
    own = Patient.unscoped.filter(site_id=by.site_id).values("pk")
    people = Membership.objects.filter(site_id=by.site_id).values("user")
    log_ins = Q(kind=LOG_IN, user_id__in=people)
    return AuditEvent.unscoped.filter(Q(site_id=by.site_id) | Q(patient_id__in=own) | log_ins)


def _lines(found: QuerySet[AuditEvent]) -> Iterator[Line]:
    names = dict(User.objects.values_list("pk", "name"))
    for row in found:
        yield Line(
            number=row.number,
            at=row.at,
            user_id=row.user_id,
            name=names.get(row.user_id, "") if row.user_id else "",
            role=row.role,
            patient_id=row.patient_id,
            kind=row.kind,
            what=row.name,
            outcome=row.outcome,
            detail=row.detail,
            request_id=row.request_id,
            hash=row.hash,
        )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
