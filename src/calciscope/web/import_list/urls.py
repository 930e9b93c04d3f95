"""Addresses of the imports."""

from __future__ import annotations

from django.urls import path

from calciscope.web.import_list import views

urlpatterns = [
    path("import/", views.import_list, name="import_list"),
    path("import/results/", views.import_results_list, name="import_results"),
]
