"""A line in the audit for what happens around log-in, where nobody acts in a role yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from calciscope.record import audit
from calciscope.record.models.user import User

LOG_IN = "log_in"  # the kind of these lines


def log_in_line(*, name: str, outcome: str, user: UUID | None, request_id: str = "", **detail: Any) -> None:
    """Write that somebody tried ``name``, such as a log-in or a change of password; ``user`` is None where nobody is known."""
    told = audit.Trail(detail=detail)
    audit.append(by=None, kind=LOG_IN, name=name[:60], outcome=outcome, told=told, user=user, request_id=request_id)


def person_at(address: str) -> UUID | None:
    """Whose account an address is, for the line of a log-in that failed."""
    return User.objects.filter(email=address.strip().lower()[:254]).values_list("pk", flat=True).first()
