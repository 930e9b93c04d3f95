"""Addresses of the course."""

from __future__ import annotations

from django.urls import path

from calciscope.web.course import views
from calciscope.web.design.patient_tabs import PatientTab

PATIENT_TAB = PatientTab(title="Course", address="course", place=12)

urlpatterns = [
    path("patients/<uuid:patient>/course/", views.course, name="course"),
    path("patients/<uuid:patient>/course/course.csv", views.course_csv, name="course_csv"),
    path("patients/<uuid:patient>/course/deposits.csv", views.course_deposits_csv, name="course_deposits_csv"),
    path("patients/<uuid:patient>/course/course.pdf", views.course_sheet, name="course_sheet"),
    path("patients/<uuid:patient>/course/family.pdf", views.course_family, name="course_family"),
    path(
        "patients/<uuid:patient>/course/<uuid:measurement>/<slug:plane>/<slug:panel>/",
        views.course_picture,
        name="course_picture",
    ),
    path(
        "patients/<uuid:patient>/course/<uuid:measurement>/difference.png",
        views.course_difference,
        name="course_difference",
    ),
    path("patients/<uuid:patient>/course/<uuid:measurement>/changes.pdf", views.course_report, name="course_report"),
]
