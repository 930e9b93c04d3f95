"""Addresses of the plan of a patient."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.plan import views, writing

PATIENT_TAB = PatientTab(title="Plan", address="plan", place=17, beside=("plan_write",))

urlpatterns = [
    path("patients/<uuid:patient>/plan/", views.plan, name="plan"),
    path("patients/<uuid:patient>/plan/write/", writing.plan_write, name="plan_write"),
]
