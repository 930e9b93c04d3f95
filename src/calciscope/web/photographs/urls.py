"""Addresses of photographs."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.photographs import area, compare, taking

PATIENT = "patients/<uuid:patient>/photographs/"
VISIT = "patients/<uuid:patient>/visits/<uuid:visit>/photographs/"

PATIENT_TAB = PatientTab(title="Photographs", address="album", place=50, beside=("photograph", "photograph_area"))

urlpatterns = [
    path(VISIT, taking.photographs, name="visit_photographs"),
    path(PATIENT, compare.album, name="album"),
    path(PATIENT + "<uuid:photograph>/", compare.photograph, name="photograph"),
    path(PATIENT + "<uuid:photograph>/picture.jpg", compare.picture, name="photograph_picture"),
    path(PATIENT + "<uuid:photograph>/area/", area.mark_area, name="photograph_area"),
]
