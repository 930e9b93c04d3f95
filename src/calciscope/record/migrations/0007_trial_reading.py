"""Reading plans of trials, the readings that they ask for, and the role of a reader."""

from __future__ import annotations

import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from calciscope.record.append_only import guarding

TABLES = {
    "record_readingplan": [["id"], ["site_id", "study"]],
    "record_readingitem": [["id"], ["plan_id", "label"], ["plan_id", "reader_id", "measurement", "kind"]],
}


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0006_scan_compared"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("rheumatologist", "rheumatologist"),
                    ("dermatologist", "dermatologist"),
                    ("radiologist", "radiologist"),
                    ("surgeon", "surgeon"),
                    ("paediatrician", "paediatrician"),
                    ("nurse", "nurse"),
                    ("physiotherapist", "physiotherapist"),
                    ("researcher", "researcher"),
                    ("reader", "reader"),
                    ("administrator", "administrator"),
                    ("officer", "officer"),
                    ("patient", "patient"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="ReadingPlan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("study", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=200)),
                ("rules", models.JSONField()),
                ("drawn_at", models.DateTimeField(auto_now_add=True)),
                (
                    "adjudicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.membership"
                    ),
                ),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.membership"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.site"),
                ),
            ],
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ReadingItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=20)),
                ("measurement", models.UUIDField()),
                ("visit_number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("first", "First"), ("repeat", "Repeat"), ("adjudication", "Adjudication")],
                        max_length=12,
                    ),
                ),
                ("label", models.CharField(max_length=20)),
                ("position", models.PositiveIntegerField()),
                ("because", models.JSONField(default=list)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.patient"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.membership"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="record.readingplan"
                    ),
                ),
            ],
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="readingplan",
            constraint=models.UniqueConstraint(fields=("site", "study"), name="record_reading_plan_once"),
        ),
        migrations.AddIndex(
            model_name="readingitem",
            index=models.Index(fields=["reader", "position"], name="record_reading_worklist"),
        ),
        migrations.AddConstraint(
            model_name="readingitem",
            constraint=models.UniqueConstraint(fields=("plan", "label"), name="record_reading_label_once"),
        ),
        migrations.AddConstraint(
            model_name="readingitem",
            constraint=models.UniqueConstraint(
                fields=("plan", "reader", "measurement", "kind"), name="record_reading_asked_for_once"
            ),
        ),
        guarding(TABLES),
    ]
