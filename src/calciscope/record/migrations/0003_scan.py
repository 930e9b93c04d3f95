"""Scans on their way into the record."""

import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("place", models.CharField(blank=True, max_length=1000)),
                ("sizes", models.JSONField(default=list)),
                ("said", models.JSONField(default=dict)),
                ("asked", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("receiving", "Receiving"),
                            ("asked", "Asked"),
                            ("waiting", "Waiting"),
                            ("measuring", "Measuring"),
                            ("measured", "Measured"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                            ("discarded", "Discarded"),
                        ],
                        default="receiving",
                        max_length=12,
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=80)),
                ("fraction", models.FloatField(default=0.0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("worker", models.CharField(blank=True, max_length=120)),
                ("beat_at", models.DateTimeField(null=True)),
                ("message", models.CharField(blank=True, max_length=1000)),
                ("measurement", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.membership"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.site"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "created_at"], name="record_scan_waiting")],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
