"""Addresses of the letters on a patient."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.letters import retracting, views

LETTERS = "patients/<uuid:patient>/letters/"
PATIENT_TAB = PatientTab(title="Letters", address="letters", place=60, beside=("write_letter", "retract_letter"))

urlpatterns = [
    path(LETTERS, views.letters, name="letters"),
    path(LETTERS + "write/<slug:kind_of_letter>/", views.write_letter, name="write_letter"),
    path(LETTERS + "issued/<uuid:letter>/", views.letter_pdf, name="letter_pdf"),
    path(LETTERS + "issued/<uuid:letter>/retract/", retracting.retract_letter, name="retract_letter"),
]
