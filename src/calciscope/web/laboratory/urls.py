"""The address of a patient's laboratory results."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.laboratory import views

PATIENT_TAB = PatientTab(title="Laboratory", address="laboratory", place=30)

urlpatterns = [path("patients/<uuid:patient>/laboratory/", views.laboratory, name="laboratory")]
