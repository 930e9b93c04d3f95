"""Turn advice on options on or off for the own site."""

from __future__ import annotations

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.site import Site
from calciscope.record.permissions import Permission


@action(permission=Permission.MANAGE_USERS)
def set_advice(*, by: Actor, on: bool) -> None:
    """For everybody who cares for patients at the actor's site; never for patients' accounts."""
    Site.objects.filter(pk=by.site_id).update(advice_on=on)
    audit.mention(on=on)
