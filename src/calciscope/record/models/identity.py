"""Who a patient is, apart from everything clinical, so that it can be corrected and erased alone."""

from __future__ import annotations

from django.db import models

from calciscope.record.models.patient import Patient
from calciscope.record.models.site import Site


class Identity(models.Model):
    """Names, date of birth and contact of one patient."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, primary_key=True, related_name="identity")
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    born_on = models.DateField(null=True, blank=True)
    telephone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["family_name", "given_name"], name="record_identity_name")]

    def __str__(self) -> str:
        return str(self.pk)


class HospitalNumber(models.Model):
    """A number by which a site knows a patient."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="numbers")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=60)

    unscoped = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "value"], name="record_number_once_a_site")]

    def __str__(self) -> str:
        return str(self.pk)
