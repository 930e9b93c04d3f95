"""Triggers by which the database refuses to change or delete clinical, contribution and audit rows."""

from __future__ import annotations

from django.db import migrations

from calciscope.record.append_only import guarding

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


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [guarding(TABLES)]
