"""A patient: a random key and nothing that tells who it is."""

from __future__ import annotations

import uuid

from django.db import models

from calciscope.record.append_only import AppendOnly
from calciscope.record.models.site import Site


class Patient(AppendOnly):
    """A patient. Names and numbers lie in Identity, everything clinical in Entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
