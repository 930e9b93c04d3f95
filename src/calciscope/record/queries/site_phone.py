"""The phone number that patients of the own site call."""

from __future__ import annotations

from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.site import Site
from calciscope.record.permissions import Permission


@query(permission=Permission.USE)
def site_phone(*, by: Actor) -> str:
    """Empty where none was recorded."""
    return str(Site.objects.values_list("phone", flat=True).get(pk=by.site_id))
