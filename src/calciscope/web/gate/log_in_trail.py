"""What was tried around log-in, for the audit: who, what, whether it was granted; never a password or a code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponseBase

from calciscope.record.log_in_lines import log_in_line, person_at

GRANTED = frozenset({302, 303})  # every form that is granted leads on; one that is not comes back or is refused


def key_of(request: HttpRequest) -> UUID | None:
    """Who has logged in, if anybody."""
    user: Any = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def keep_trail(request: HttpRequest, response: HttpResponseBase, before: UUID | None) -> None:
    """A line for a form of log-in that was sent; ``before`` is who was logged in when it came."""
    match = request.resolver_match
    view = match.func if match else None
    if request.method != "POST" or match is None or not getattr(view, "__module__", "").startswith("allauth."):
        return
    after = key_of(request)
    user = after or before or person_at(request.POST.get("login", ""))
    log_in_line(
        name=str(match.url_name),
        outcome="done" if response.status_code in GRANTED else "denied",
        user=user,
        request_id=getattr(request, "request_id", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        ways=_ways(request) if after else [],
    )


def _ways(request: HttpRequest) -> list[str]:
    """How the person has proved who they are, such as password and totp."""
    records = get_authentication_records(request, request.user)
    return [str(record.get("type") or record.get("method", "")) for record in records]
