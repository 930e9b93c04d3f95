"""A keyed hash that tells two scans of one patient without naming the patient.

HMAC-SHA256 over Patient ID, Issuer of Patient ID and birth date, joined by the ASCII unit separator. The key comes from
the environment variable CALCISCOPE_HASH_KEY; without it a fixed, published development key is used, which hides a name
from a glance but not from someone who tries identities (docs/reference/input.md).
"""

from __future__ import annotations

import hmac
import os

KEY_VARIABLE = "CALCISCOPE_HASH_KEY"
DEVELOPMENT_KEY = "calciscope-development-key"


def patient_key(patient_id: str | None, issuer: str | None, birth_date: str | None) -> str | None:
    """The hash as hex; None when the scan carries no patient ID."""
    if not patient_id:
        return None
    key = os.environ.get(KEY_VARIABLE) or DEVELOPMENT_KEY
    identity = "\x1f".join((patient_id, issuer or "", birth_date or ""))
    return hmac.new(key.encode(), identity.encode(), "sha256").hexdigest()
