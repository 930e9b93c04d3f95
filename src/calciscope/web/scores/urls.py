"""Addresses of the instruments of a patient."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.scores import views

PATIENT_TAB = PatientTab(title="Scores", address="scores", place=40, beside=("score",))

urlpatterns = [
    path("patients/<uuid:patient>/scores/", views.scores, name="scores"),
    path("patients/<uuid:patient>/scores/<slug:instrument>/", views.score, name="score"),
]
