"""Triggers by which the database refuses to change or delete clinical, contribution and audit rows."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from calciscope.record.append_only import guard, unguard

TABLES = {
    "record_auditevent": [["number"]],
    "record_breakglass": [["id"]],
    "record_contribution": [["id"]],
    "record_deposit": [["id"], ["patient_id", "number"]],
    "record_entry": [["id"], ["uid", "version"]],
    "record_patient": [["id"]],
    "record_visit": [["id"]],
    "record_visitevent": [["id"], ["visit_id", "step"]],
}
"""Table -> sets of columns that are unique in it. Written out, since a migration says what was done on its day."""


def set_triggers(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table, unique in TABLES.items():
        guard(editor, table, unique)


def take_triggers_away(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        unguard(editor, table)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(set_triggers, take_triggers_away)]
