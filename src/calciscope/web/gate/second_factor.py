"""Whether a role may be taken with a password alone, and who has to prove again who they are.

Which roles may not is a setting of the installation.
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from calciscope.record.permissions import Role

ASKED_AT_LOG_IN = "second_factor"


def ask_for_second_factor(request: HttpRequest, role: Role) -> HttpResponseBase | None:
    """The way to set one up, where the role needs one and the person has none; log-in asks for it from then on."""
    if role.value not in settings.SECOND_FACTOR_ROLES or request.session.get(ASKED_AT_LOG_IN):
        return None
    user: Any = request.user
    if is_mfa_enabled(user) or _asked_by_the_hospital(request):
        request.session[ASKED_AT_LOG_IN] = True
        return None
    messages.warning(
        request, f"To work as {role.value}, set up a second factor: an authenticator app, a passkey or a security key."
    )
    return redirect("mfa_index")


def ask_again(request: HttpRequest) -> HttpResponseBase | None:
    """The way to prove once more who one is, where that was more than some minutes ago."""
    if did_recently_reauthenticate(request):
        return None
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")


def _asked_by_the_hospital(request: HttpRequest) -> bool:
    """Whether the hospital's own log-in let this person in, and is known to ask for a second factor itself."""
    ways = {record.get("method") for record in get_authentication_records(request, request.user)}
    return settings.HOSPITAL_ASKS_SECOND_FACTOR and "socialaccount" in ways
