"""A clinic that uses the record."""

from __future__ import annotations

import uuid

from django.db import models


class Site(models.Model):
    """A clinic."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
