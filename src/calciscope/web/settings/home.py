"""Where the web application keeps its files on this computer, and the secret key that it makes there once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from calciscope.terms.errors import Refused

KEY_FILE = "secret_key"


def home_folder() -> Path:
    """The folder named by CALCISCOPE_HOME, or `.calciscope` below the user's own; made when it is not there.

    Raises Refused where it cannot be made.
    """
    named = os.environ.get("CALCISCOPE_HOME")
    folder = Path(named) if named else Path.home() / ".calciscope"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        why = error.strerror or "input error"
        raise Refused(
            f"The folder of the record {folder} cannot be made ({why}); name another in CALCISCOPE_HOME."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """CALCISCOPE_SECRET_KEY, or the key in the folder; the first call writes it, readable by its owner alone."""
    given = os.environ.get("CALCISCOPE_SECRET_KEY", "")
    if given:
        return given
    path = folder / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(64)
        file.write(key)
    return key


def scan_roots() -> list[Path]:
    """Folders of the server from which scans may be named, as CALCISCOPE_SCAN_ROOTS lists them; none without it."""
    named = os.environ.get("CALCISCOPE_SCAN_ROOTS", "")
    return [Path(root) for root in named.split(os.pathsep) if root]
