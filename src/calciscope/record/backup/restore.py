"""Restore a backup into an empty database, and see that every row is as it was."""

from __future__ import annotations

import hashlib
import json
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction

from calciscope.record.backup.tables import CHUNK, content, tables, values_of
from calciscope.record.backup.write import FORMAT, MANIFEST
from calciscope.terms.errors import Refused, WrongUsage


def restore_backup(source: Path) -> dict[str, Any]:
    """Restore everything or nothing; returns the manifest. The database must be migrated and empty."""
    if not source.is_file():
        raise WrongUsage(f"There is no file {source}.")
    try:
        with ZipFile(source) as archive:
            return _restore(archive)
    except BadZipFile:
        raise Refused(f"{source} is no whole backup; take another one.") from None


def _restore(archive: ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    kept = tables()
    names = {model._meta.db_table for model in kept}
    if manifest["format"] != FORMAT or set(manifest["tables"]) != names:
        raise Refused(
            f"The backup is of another version ({manifest['software']}); restore it with that one, then migrate."
        )
    with transaction.atomic():
        full = [model._meta.db_table for model in kept if model._base_manager.exists()]
        if full:
            raise Refused(f"The database is not empty ({full[0]}); restore into a new one.")
        for model in kept:
            _fill(archive, model)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(kept)):
            connection.cursor().execute(statement)
        changed = [model._meta.db_table for model in kept if content(model) != manifest["tables"][model._meta.db_table]]
        if changed:
            raise Refused(f"{changed[0]} came back other than it was; nothing was restored. Take another backup.")
        _restore_files(archive, manifest["files"])
    return manifest


def _fill(archive: ZipFile, model: type[models.Model]) -> None:
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"
    with archive.open(f"tables/{model._meta.db_table}.ndjson") as lines, connection.cursor() as cursor:
        while chunk := list(islice(lines, CHUNK)):
            found = [values_of(model, json.loads(line)) for line in chunk]
            prepared = [
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
                for row in found
            ]
            cursor.executemany(insert, prepared)


def _restore_files(archive: ZipFile, files: dict[str, str]) -> None:
    root = Path(settings.MEDIA_ROOT) if files else Path()
    for name, sha256 in files.items():
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts:
            raise Refused("The backup names a file outside the record's folder; it is not one of ours.")
        whole = archive.read(f"files/{name}")
        if hashlib.sha256(whole).hexdigest() != sha256:
            raise Refused(f"The file {name} is other than it was; nothing was restored. Take another backup.")
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(whole)
