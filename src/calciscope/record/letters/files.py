"""Where letters lie, each with the hash by which it is known to be the one that was issued."""

from __future__ import annotations

import hashlib
from uuid import UUID

from calciscope.record.private_files import PrivateFiles
from calciscope.terms.errors import Refused

CHANGED = "The document of this letter is not the one that was issued; tell the server's administrator."
LETTERS = PrivateFiles(
    folder="letters",
    suffix=".pdf",
    not_kept="The letter could not be kept: the server's disk did not take it.",
    gone="The document of this letter was erased, or is not on this server; what was recorded of it stays.",
    strange="A letter's name is not one of ours.",
)
keeping, erase_all = LETTERS.keeping, LETTERS.erase_all


def sha256_of(pdf: bytes) -> str:
    """What a document is known by."""
    return hashlib.sha256(pdf).hexdigest()


def read(patient: UUID, name: str, sha256: str) -> bytes:
    """The document of that name of that patient, as it was issued; refused where it is gone or was changed."""
    whole = LETTERS.read(patient, name)
    if sha256_of(whole) != sha256:
        raise Refused(CHANGED)
    return whole
