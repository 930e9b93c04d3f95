"""The audit: one chain of lines, each with the hash of the one before, so that a line changed or taken out shows.

A line is written last in its transaction, because from then on others wait for the chain until it ends.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from calciscope.record.actor import Actor
from calciscope.record.canonical import digest
from calciscope.record.models.audit_event import AuditEvent

log = logging.getLogger("calciscope.audit")
START = "0" * 64
CHAIN_LOCK = 0x_CA1C_15C0  # any number that no other program locks in the same database
HASHED = (
    "number", "at", "user_id", "membership_id", "role", "site_id", "patient_id", "kind", "name", "outcome", "detail",
    "request_id", "previous_hash",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Trail:
    """What an action tells of itself while it runs: keys and counts, never contents."""

    patient_id: UUID | None = None
    detail: dict[str, Any] = field(default_factory=dict)


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def trail() -> Iterator[Trail]:
    """Open the trail of one action; an action within an action has its own."""
    opened = Trail()
    token = _trail.set(opened)
    try:
        yield opened
    finally:
        _trail.reset(token)


def mention(*, patient_id: UUID | None = None, **detail: Any) -> None:
    """Add to the line of the action that runs."""
    running = _trail.get()
    if running is None:
        return
    running.patient_id = patient_id or running.patient_id
    running.detail |= {name: str(value) if isinstance(value, UUID) else value for name, value in detail.items()}


def append(
    *,
    by: Actor | None,
    kind: str,
    name: str,
    outcome: str,
    told: Trail,
    user: UUID | None = None,
    request_id: str = "",
) -> AuditEvent:
    """Write one line at the end of the chain; ``user`` and ``request_id`` only where nobody acts in a role."""
    with transaction.atomic():
        _hold_the_chain()
        last = AuditEvent.unscoped.order_by("-number").values_list("number", "hash").first()
        number, previous = last or (0, START)
        line = AuditEvent(
            number=number + 1,
            at=timezone.now(),
            user_id=by.user_id if by else user,
            membership_id=by.membership_id if by else None,
            role=by.role.value if by else "",
            site_id=by.site_id if by else None,
            patient_id=told.patient_id,
            kind=kind,
            name=name,
            outcome=outcome,
            detail=told.detail,
            request_id=by.request_id if by else request_id,
            previous_hash=previous,
        )
        line.hash = hash_of(line)
        line.save()
        transaction.on_commit(functools.partial(_copy, line))
    return line


def _copy(line: AuditEvent) -> None:
    """The line for whoever collects logs elsewhere: keys and counts, never contents, as one line of JSON."""
    if log.isEnabledFor(logging.INFO):
        told = {name: _spelled(getattr(line, name)) for name in (*HASHED, "hash")}
        log.info(json.dumps(told, sort_keys=True, default=str))


def hash_of(line: AuditEvent) -> str:
    """The hash over everything in the line, the hash of the line before included."""
    return digest({name: _spelled(getattr(line, name)) for name in HASHED})


def _spelled(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _hold_the_chain() -> None:
    """One writer at a time; SQLite has only one anyway, since its transactions begin IMMEDIATE."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
