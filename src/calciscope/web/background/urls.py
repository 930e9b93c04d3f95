"""Addresses of the background and of single facts."""

from __future__ import annotations

from django.urls import path

from calciscope.web.background import facts, interview, views
from calciscope.web.design.patient_tabs import PatientTab

FACT = "patients/<uuid:patient>/facts/<uuid:fact>/"

PATIENT_TAB = PatientTab(
    title="History",
    address="background",
    place=20,
    beside=("interview", "new_fact", "edit_fact", "undo_fact", "fact_history"),
)

urlpatterns = [
    path("patients/<uuid:patient>/background/", views.background, name="background"),
    path("patients/<uuid:patient>/interview/", interview.interview, name="interview"),
    path("patients/<uuid:patient>/facts/new/<slug:name>/", facts.new_fact, name="new_fact"),
    path(FACT, facts.edit_fact, name="edit_fact"),
    path(FACT + "undo/", facts.undo_fact, name="undo_fact"),
    path(FACT + "versions/", views.fact_history, name="fact_history"),
]
