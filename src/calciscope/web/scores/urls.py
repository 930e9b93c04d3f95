"""Addresses of the instruments of a patient."""

from __future__ import annotations

from django.urls import path

from calciscope.web.scores import views

urlpatterns = [
    path("patients/<uuid:patient>/scores/", views.scores, name="scores"),
    path("patients/<uuid:patient>/scores/<slug:instrument>/", views.score, name="score"),
]
