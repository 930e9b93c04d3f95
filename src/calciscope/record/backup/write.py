"""Write a backup: one zip with a manifest, a file of rows for each table, and the files of the record."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db import connection, models, transaction

from calciscope.record.backup.tables import rows, tables
from calciscope.record.canonical import canonical
from calciscope.record.ledger import software
from calciscope.terms.errors import WrongUsage

INCOMING = "incoming"  # scans on their way (calciscope.record.scans.files)
FORMAT = 1
MANIFEST = "manifest.json"


def write_backup(target: Path) -> dict[str, Any]:
    """Write everything as it stands at one moment, while others go on writing; returns the manifest."""
    if target.exists():
        raise WrongUsage(f"{target} is there already; a backup replaces nothing.")
    beside = target.with_name(f".{target.name}.part")
    manifest: dict[str, Any] = {"format": FORMAT, "software": software(), "tables": {}, "files": {}}
    with ZipFile(beside, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        beside.chmod(0o600)
        with _one_moment():
            for model in tables():
                manifest["tables"][model._meta.db_table] = _write_table(archive, model)
        for path in kept_files():
            manifest["files"][path] = _write_file(archive, path)
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    beside.rename(target)
    return manifest


def kept_files() -> list[str]:
    """Files of the record (photographs, results of scans) by their path below its folder; what is still sent is not kept."""
    root = files_folder()
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file()) if root else ()
    return sorted(path.as_posix() for path in found if path.parts[0] != INCOMING and not path.name.startswith("."))


def files_folder() -> Path | None:
    """The folder of the record's files, if it has one."""
    named = getattr(settings, "MEDIA_ROOT", "")
    return Path(named) if named and Path(named).is_dir() else None


def _write_table(archive: ZipFile, model: type[models.Model]) -> dict[str, Any]:
    count, hashed = 0, hashlib.sha256()
    with archive.open(f"tables/{model._meta.db_table}.ndjson", "w", force_zip64=True) as file:
        for row in rows(model):
            line = canonical(row).encode() + b"\n"
            file.write(line)
            hashed.update(line)
            count += 1
    return {"rows": count, "sha256": hashed.hexdigest()}


def _write_file(archive: ZipFile, path: str) -> str:
    root = files_folder()
    whole = (root / path).read_bytes() if root else b""
    archive.writestr(f"files/{path}", whole)
    return hashlib.sha256(whole).hexdigest()


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read one state of the database without holding up those who write."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
