"""Two scans of a subject read side by side, and amendments of a reading plan."""

from __future__ import annotations

import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from calciscope.record.append_only import guarding

TABLES = {
    "record_readingpair": [["id"], ["first_id"], ["second_id"], ["plan_id", "label"]],
    "record_planamendment": [["id"], ["plan_id", "number"]],
}
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("record", "0008_site_phone")]

    operations = [
        migrations.CreateModel(
            name="ReadingPair",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=20)),
                ("plan", models.ForeignKey(on_delete=PROTECT, related_name="pairs", to="record.readingplan")),
                (
                    "first",
                    models.OneToOneField(on_delete=PROTECT, related_name="pair_as_first", to="record.readingitem"),
                ),
                (
                    "second",
                    models.OneToOneField(on_delete=PROTECT, related_name="pair_as_second", to="record.readingitem"),
                ),
            ],
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        migrations.CreateModel(
            name="PlanAmendment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("rules", "Rules"), ("scans", "Scans")], max_length=12)),
                ("said", models.JSONField()),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("made_by", models.ForeignKey(on_delete=PROTECT, related_name="+", to="record.membership")),
                ("plan", models.ForeignKey(on_delete=PROTECT, related_name="amendments", to="record.readingplan")),
            ],
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        migrations.AddConstraint(
            model_name="readingpair",
            constraint=models.UniqueConstraint(fields=("plan", "label"), name="record_reading_pair_label_once"),
        ),
        migrations.AddConstraint(
            model_name="planamendment",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="record_amendment_number_once"),
        ),
        guarding(TABLES),
    ]
