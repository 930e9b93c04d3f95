"""Rows that are written once: a base class for models, and triggers by which the database itself refuses the rest.

SQLite's INSERT OR REPLACE deletes without asking delete triggers, so an insert onto a present key is refused too.
PostgreSQL's triggers hold for every statement, TRUNCATE included, even one that would touch no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from calciscope.terms.errors import Broken

REFUSAL = "is append-only"
POSTGRESQL_FUNCTION = "record_refuse_change"


class AppendOnly(models.Model):
    """A row that is inserted once and never changed. ``unscoped`` is for `scope` and `ledger` alone."""

    unscoped: models.Manager[Any] = models.Manager()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:  # type: ignore[override]
        """Insert; a row that is there already is refused before the database has to."""
        if not self._state.adding:
            raise Broken(f"{self._meta.db_table} {REFUSAL}: a row of it was saved twice.")
        super().save(**options, force_insert=True)

    def delete(self, **_options: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        """Refuse."""
        raise Broken(f"{self._meta.db_table} {REFUSAL}: a row of it was to be deleted.")


def guarded_tables(models_of_app: list[type[models.Model]]) -> list[str]:
    """Tables of all append-only models among those given, sorted."""
    return sorted(model._meta.db_table for model in models_of_app if issubclass(model, AppendOnly))


def guard(editor: BaseDatabaseSchemaEditor, table: str, unique: Sequence[Sequence[str]]) -> None:
    """Set the triggers of one table; ``unique`` are the sets of columns that are unique in it, the primary key first."""
    for statement in _statements(editor.connection.vendor, table, unique):
        editor.execute(statement, params=None)  # so that % is a letter


def unguard(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take the triggers of one table away, for a migration that goes backwards."""
    on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
    for name in ("change", "truncate", "update", "delete", "replace"):
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}{on}")


def guarding(tables: Mapping[str, Sequence[Sequence[str]]]) -> migrations.RunPython:
    """The step of a migration that sets the triggers of new tables (table -> sets of columns that are unique in it)."""

    def set_triggers(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for table, unique in tables.items():
            guard(editor, table, unique)

    def take_triggers_away(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            unguard(editor, table)

    return migrations.RunPython(set_triggers, take_triggers_away)


def _statements(vendor: str, table: str, unique: Sequence[Sequence[str]]) -> list[str]:
    if vendor == "sqlite":
        return _sqlite(table, unique)
    if vendor == "postgresql":
        return _postgresql(table)
    raise Broken(f"No append-only triggers are known for the database {vendor}.")


def _sqlite(table: str, unique: Sequence[Sequence[str]]) -> list[str]:
    message = f"RAISE(ABORT, '{table} {REFUSAL}')"
    same = (" AND ".join(f"{column} = NEW.{column}" for column in columns) for columns in unique)
    present = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {condition})" for condition in same)
    made = {
        "update": f"BEFORE UPDATE ON {table} BEGIN SELECT {message}; END",
        "delete": f"BEFORE DELETE ON {table} BEGIN SELECT {message}; END",
        "replace": f"BEFORE INSERT ON {table} WHEN {present} BEGIN SELECT {message}; END",
    }
    dropped = [f"DROP TRIGGER IF EXISTS {table}_no_{name}" for name in made]
    return dropped + [f"CREATE TRIGGER {table}_no_{name} {text}" for name, text in made.items()]


def _postgresql(table: str) -> list[str]:
    function = (
        f"CREATE OR REPLACE FUNCTION {POSTGRESQL_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    calls = f"FOR EACH STATEMENT EXECUTE FUNCTION {POSTGRESQL_FUNCTION}()"
    made = {"change": "UPDATE OR DELETE", "truncate": "TRUNCATE"}
    dropped = [f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}" for name in made]
    return [function, *dropped] + [
        f"CREATE TRIGGER {table}_no_{name} BEFORE {what} ON {table} {calls}" for name, what in made.items()
    ]
