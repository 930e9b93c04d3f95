"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from calciscope.record.permissions import Permission, may
from calciscope.web.gate.middleware import SEAT_WORDS
from calciscope.web.gate.typed import signature_of


def page_words(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the seat, the ways that this role has, whether this is a demonstration."""
    actor = getattr(request, "actor", None)
    session = getattr(request, "session", {})
    return {
        "demonstration": settings.DEMONSTRATION,
        "seat_words": session.get(SEAT_WORDS, "") if actor else "",
        "may": {permission.value for permission in Permission if may(actor.role, permission)} if actor else set(),
        "typed_by": (lambda: signature_of(request)) if actor else "",
    }
