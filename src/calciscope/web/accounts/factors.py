"""A second factor that a role needs cannot be taken away by its owner; another one comes first. Its secret is kept sealed."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from calciscope.record.queries.access import seats
from calciscope.web.accounts.sealing import opened, sealed

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class KeptFactors(DefaultMFAAdapter):
    """The rule of the gate, held where factors are removed."""

    def encrypt(self, text: str) -> str:
        """A secret as the database keeps it."""
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it is needed."""
        return opened(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Recovery codes alone are no factor; the last factor stays as long as one of the person's roles needs it."""
        if authenticator.type not in FACTORS:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        if others.exclude(pk=authenticator.pk).exists():
            return True
        return not any(seat.role in settings.SECOND_FACTOR_ROLES for seat in seats(user=authenticator.user_id))
