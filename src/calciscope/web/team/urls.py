"""The address of a patient's team."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.team import views

PATIENT_TAB = PatientTab(title="Team", address="team", place=80)

urlpatterns = [path("patients/<uuid:patient>/team/", views.team, name="team")]
