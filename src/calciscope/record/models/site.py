"""A clinic that uses the record."""

from __future__ import annotations

import uuid

from django.db import models


class Site(models.Model):
    """A clinic. Advice on options is off until its administrator turns it on; ``phone`` is what its patients call."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    advice_on = models.BooleanField(default=False)
    phone = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
