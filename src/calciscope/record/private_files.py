"""Files of a patient: a private folder of each patient's key, under random names. No address of the web leads there."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from calciscope.terms.errors import Broken, Refused

NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateFiles:
    """One kind of file in ``folder``; the sentences say that one was not kept, is gone, or has no name of ours."""

    folder: str
    suffix: str
    not_kept: str
    gone: str
    strange: str

    def keep(self, patient: UUID, whole: bytes, *, suffix: str = "") -> str:
        """Write a file and return its random name. It is there whole or not at all."""
        folder = self._folder(patient)
        name = secrets.token_hex(32)
        part = folder / f".{name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(whole)
                file.flush()
                os.fsync(file.fileno())
            part.rename(self._path(patient, name, suffix))
        except OSError:
            part.unlink(missing_ok=True)
            raise Refused(self.not_kept) from None
        return name

    @contextmanager
    def keeping(self, patient: UUID, *, suffix: str = "") -> Iterator[Callable[[bytes], str]]:
        """Gives what writes a file and returns its name; all that it wrote is dropped where the block ends with an exception."""
        names: list[str] = []

        def keep(whole: bytes) -> str:
            names.append(self.keep(patient, whole, suffix=suffix))
            return names[-1]

        try:
            yield keep
        except BaseException:
            for name in names:
                self.drop(patient, name, suffix=suffix)
            raise

    def read(self, patient: UUID, name: str, *, suffix: str = "") -> bytes:
        """The file of that name of that patient; refused where it is gone."""
        if not NAME.fullmatch(name):
            raise Broken(self.strange)
        try:
            return self._path(patient, name, suffix).read_bytes()
        except OSError:
            raise Refused(self.gone) from None

    def drop(self, patient: UUID, name: str, *, suffix: str = "") -> None:
        """Take away a file whose fact could not be written."""
        self._path(patient, name, suffix).unlink(missing_ok=True)

    def erase_all(self, patient: UUID) -> None:
        """Erase every file of a patient whose identity is erased."""
        shutil.rmtree(self._folder(patient), ignore_errors=True)

    def _path(self, patient: UUID, name: str, suffix: str) -> Path:
        return self._folder(patient) / f"{name}{suffix or self.suffix}"

    def _folder(self, patient: UUID) -> Path:
        root = str(getattr(settings, "MEDIA_ROOT", ""))
        if not root:
            raise Broken("No folder for the record's files is set (MEDIA_ROOT).")
        return Path(root) / self.folder / str(patient)
