"""Which database: SQLite in a file unless DATABASE_URL names a PostgreSQL server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from calciscope.terms.errors import WrongUsage

SQLITE_WAIT_S = 20  # judgement: longer than any write of ours, shorter than a reader's patience
SQLITE_SET_UP = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
"""Readers do not wait for writers; a transaction that was answered survives a loss of power."""
HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})
ENCRYPTED = {"sslmode": "verify-full", "sslrootcert": "system"}
"""What another computer's database has to offer unless DATABASE_URL says otherwise: TLS, by a certificate that this system trusts."""
POSTGRESQL_SCHEMES = {"postgres", "postgresql"}


def database(default_file: Path | str) -> dict[str, Any]:
    """Django's description of the database that DATABASE_URL names, or of the SQLite file."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return sqlite(default_file)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path.removeprefix("/")) if parts.path != "/:memory:" else ":memory:")
    if parts.scheme in POSTGRESQL_SCHEMES:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options(unquote(parts.hostname or ""), dict(parse_qsl(parts.query))),
        }
    raise WrongUsage("DATABASE_URL must begin with postgresql:// or sqlite:///")


def options(host: str, given: dict[str, str]) -> dict[str, str]:
    """Options of the connection; to another computer it is encrypted and the computer is proved."""
    elsewhere = host not in HERE or given.get("host", "/")[:1] != "/"
    return (ENCRYPTED if elsewhere and "sslmode" not in given else {}) | given


def sqlite(file: Path | str) -> dict[str, Any]:
    """A SQLite file whose transactions take the write lock at once, so that none fails half-way for want of it."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": SQLITE_WAIT_S, "init_command": SQLITE_SET_UP},
    }
