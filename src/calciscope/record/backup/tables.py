"""Which tables a backup holds, and each row as plain values with a hash over all rows of a table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from calciscope.record.canonical import canonical

APPS = ("record", "account", "mfa", "socialaccount")
"""The record and its log-ins. Sessions and Django's own lists are made anew."""
CHUNK = 2000


def tables() -> tuple[type[models.Model], ...]:
    """Models whose rows are kept, those first that others refer to."""
    kept = {model for label in APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)}
    order = TopologicalSorter({model: _refers_to(model) & kept for model in sorted(kept, key=_name)})
    return tuple(order.static_order())


def rows(model: type[models.Model]) -> Iterator[dict[str, Any]]:
    """Every row by its key, column -> plain value."""
    names = [field.attname for field in model._meta.concrete_fields]
    found = model._base_manager.order_by("pk").values_list(*names)
    for values in found.iterator(chunk_size=CHUNK):
        yield dict(zip(names, map(_plain, values), strict=True))


def content(model: type[models.Model]) -> dict[str, Any]:
    """How many rows there are, and the SHA-256 over all of them in the order of their keys."""
    count, hashed = 0, hashlib.sha256()
    for row in rows(model):
        count += 1
        hashed.update(canonical(row).encode() + b"\n")
    return {"rows": count, "sha256": hashed.hexdigest()}


def values_of(model: type[models.Model], row: Mapping[str, Any]) -> list[Any]:
    """The values of a row that was read from a backup, as Python has them, in the order of the columns."""
    return [field.to_python(row[field.attname]) for field in model._meta.concrete_fields]


def _refers_to(model: type[models.Model]) -> set[Any]:
    related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return related - {model, None}


def _name(model: type[models.Model]) -> str:
    return model._meta.db_table


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, date | UUID) else value
