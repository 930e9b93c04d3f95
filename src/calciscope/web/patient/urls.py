"""Addresses of one patient's page."""

from __future__ import annotations

from django.urls import path

from calciscope.web.patient import views

urlpatterns = [
    path("patients/<uuid:patient>/", views.patient_view, name="patient"),
    path("patients/<uuid:patient>/flowsheet.csv", views.flowsheet_csv, name="flowsheet_csv"),
]
