"""Record the phone number that patients of the own site call."""

from __future__ import annotations

import re

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.site import Site
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Invalid, Problem

PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{2,58}")
ADVICE = "This takes a phone number: figures, spaces, brackets, hyphens, at most 60. Leave it empty to have a line to write on."


@action(permission=Permission.MANAGE_USERS)
def set_site_phone(*, by: Actor, phone: str) -> None:
    """As the site gives it; empty takes it away. Raises Invalid for what is no phone number."""
    text = phone.strip()
    if text and not PHONE.fullmatch(text):
        raise Invalid([Problem(field="phone", message=ADVICE)])
    Site.objects.filter(pk=by.site_id).update(phone=text)
    audit.mention(recorded=bool(text))
