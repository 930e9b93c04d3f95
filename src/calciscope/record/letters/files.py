"""Where letters lie: a private folder of each patient's key, under random names. No address of the web leads there."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from calciscope.terms.errors import Broken, Refused

NAME = re.compile(r"[0-9a-f]{64}")
FOLDER = "letters"
GONE = "The document of this letter was erased, or is not on this server; what was recorded of it stays."
CHANGED = "The document of this letter is not the one that was issued; tell the server's administrator."


def keep(patient: UUID, pdf: bytes) -> tuple[str, str]:
    """Write a document; returns its random name and its SHA-256. It is there whole or not at all."""
    folder = _folder(patient)
    name = secrets.token_hex(32)
    part = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / f"{name}.pdf")
    except OSError:
        part.unlink(missing_ok=True)
        raise Refused("The letter could not be kept: the server's disk did not take it.") from None
    return name, hashlib.sha256(pdf).hexdigest()


def read(patient: UUID, name: str, sha256: str) -> bytes:
    """The document of that name of that patient, as it was issued; refused where it is gone or was changed."""
    if not NAME.fullmatch(name):
        raise Broken("A letter's name is not one of ours.")
    try:
        whole = (_folder(patient) / f"{name}.pdf").read_bytes()
    except OSError:
        raise Refused(GONE) from None
    if hashlib.sha256(whole).hexdigest() != sha256:
        raise Refused(CHANGED)
    return whole


def drop(patient: UUID, name: str) -> None:
    """Take away a document whose fact could not be written."""
    (_folder(patient) / f"{name}.pdf").unlink(missing_ok=True)


def erase_all(patient: UUID) -> None:
    """Erase every letter of a patient whose identity is erased: each of them names the patient."""
    shutil.rmtree(_folder(patient), ignore_errors=True)


def _folder(patient: UUID) -> Path:
    root = str(getattr(settings, "MEDIA_ROOT", ""))
    if not root:
        raise Broken("No folder for the record's files is set (MEDIA_ROOT).")
    return Path(root) / FOLDER / str(patient)
