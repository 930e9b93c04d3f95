"""Addresses of the list."""

from __future__ import annotations

from django.urls import path

from calciscope.web.patients import views

urlpatterns = [
    path("patients/", views.patient_list, name="patients"),
    path("patients/new/", views.new_patient, name="new_patient"),
]
