"""Where photographs and films lie: a private folder of each patient's key, under random names. No address of the web leads there."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from calciscope.terms.errors import Broken, Refused

NAME = re.compile(r"[0-9a-f]{64}")
FOLDER = "photographs"
JPEG = ".jpg"
GONE = "The file of this picture was erased, or is not on this server; what was recorded of it stays."


def keep(patient: UUID, whole: bytes, *, suffix: str = JPEG) -> str:
    """Write a picture and return its random name. It is there whole or not at all."""
    folder = _folder(patient)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(32)
    part = folder / f".{name}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / f"{name}{suffix}")
    except OSError:
        part.unlink(missing_ok=True)
        raise Refused("The picture could not be kept: the server's disk did not take it.") from None
    return name


def read(patient: UUID, name: str, *, suffix: str = JPEG) -> bytes:
    """The picture of that name of that patient; refused where it is gone."""
    if not NAME.fullmatch(name):
        raise Broken("A photograph's name is not one of ours.")
    try:
        return (_folder(patient) / f"{name}{suffix}").read_bytes()
    except OSError:
        raise Refused(GONE) from None


def drop(patient: UUID, name: str, *, suffix: str = JPEG) -> None:
    """Take away a picture whose fact could not be written."""
    (_folder(patient) / f"{name}{suffix}").unlink(missing_ok=True)


def erase_all(patient: UUID) -> None:
    """Erase every picture of a patient whose identity is erased."""
    shutil.rmtree(_folder(patient), ignore_errors=True)


def _folder(patient: UUID) -> Path:
    root = str(getattr(settings, "MEDIA_ROOT", ""))
    if not root:
        raise Broken("No folder for the record's files is set (MEDIA_ROOT).")
    return Path(root) / FOLDER / str(patient)
