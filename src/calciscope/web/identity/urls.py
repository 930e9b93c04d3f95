"""Addresses of the identity. That of an erasure names no patient."""

from __future__ import annotations

from django.urls import path

from calciscope.record.permissions import Permission
from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.identity import correction, erasure

PATIENT_TAB = PatientTab(title="Identity", address="identity", place=90, permission=Permission.EDIT_IDENTITY)

urlpatterns = [
    path("patients/<uuid:patient>/identity/", correction.identity, name="identity"),
    path("erasure/", erasure.erasure, name="erasure"),
]
