"""Addresses of one patient's page."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.patient import views

PATIENT_TAB = PatientTab(title="Overview", address="patient", place=10)

urlpatterns = [
    path("patients/<uuid:patient>/", views.patient_view, name="patient"),
    path("patients/<uuid:patient>/flowsheet.csv", views.flowsheet_csv, name="flowsheet_csv"),
]
