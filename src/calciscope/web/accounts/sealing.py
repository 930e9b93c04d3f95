"""Secrets of second factors as the database keeps them: encrypted with a key that lies outside it."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from calciscope.terms.errors import Broken

PURPOSE = b"calciscope second factors"


def sealed(text: str) -> str:
    """Encrypted and protected against change (AES-128-CBC with HMAC-SHA-256, as Fernet defines)."""
    return _keys().encrypt(text.encode()).decode("ascii")


def opened(text: str) -> str:
    """The secret again; Broken where the key is another than that it was sealed with."""
    try:
        return _keys().decrypt(text.encode()).decode()
    except InvalidToken:
        raise Broken("A second factor cannot be opened: the secret key of this installation has changed.") from None


def _keys() -> MultiFernet:
    """The key of this installation, then older ones that still open what they sealed."""
    return MultiFernet([_key(str(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
