"""Addresses of the audit."""

from __future__ import annotations

from django.urls import path

from calciscope.web.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/export.csv", views.export, name="audit_export"),
    path("audit/notices/<int:notice>/", views.read_notice, name="read_notice"),
]
