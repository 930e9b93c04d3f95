"""The record as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The patient's record."""

    name = "calciscope.record"
    label = "record"
    verbose_name = "Patient's record"
    default_auto_field = "django.db.models.BigAutoField"
