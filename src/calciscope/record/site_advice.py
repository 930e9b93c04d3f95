"""Whether an actor is shown advice: the role may see it, and the site has turned it on."""

from __future__ import annotations

from calciscope.record.actor import Actor
from calciscope.record.models.site import Site
from calciscope.record.permissions import Permission, may


def turned_on(by: Actor) -> bool:
    """Whether the actor's site has turned advice on."""
    return Site.objects.filter(pk=by.site_id, advice_on=True).exists()


def shows_advice(by: Actor) -> bool:
    """Whether this actor is shown it."""
    return may(by.role, Permission.SEE_ADVICE) and turned_on(by)
