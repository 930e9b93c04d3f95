"""Addresses of today's list."""

from __future__ import annotations

from django.urls import path

from calciscope.web.today import views

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/sheets/", views.sheets, name="today_sheets"),
]
