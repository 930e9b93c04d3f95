"""The address of a patient's assessment."""

from __future__ import annotations

from django.urls import path

from calciscope.record.permissions import Permission
from calciscope.web.assessment import views
from calciscope.web.design.patient_tabs import PatientTab

PATIENT_TAB = PatientTab(
    title="Assessment and options", address="assessment", place=15, permission=Permission.SEE_ADVICE
)

urlpatterns = [path("patients/<uuid:patient>/assessment/", views.assessment, name="assessment")]
