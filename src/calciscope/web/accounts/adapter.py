"""Nobody signs up: accounts are made by a site's administrator, also for those who come from the hospital's own log-in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class ClosedDoors(DefaultAccountAdapter):
    """Log-in by e-mail address, without signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """The hospital's own log-in opens accounts that are there already, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def get_requests_session(self) -> Any:
        """The line to the hospital's log-in: https alone, and no redirect is followed."""
        session = super().get_requests_session()
        session.max_redirects = 0
        session.adapters.pop("http://", None)
        return session
