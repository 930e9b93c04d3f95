"""Addresses of the knowledge."""

from __future__ import annotations

from django.urls import path

from calciscope.web.knowledge import views

urlpatterns = [
    path("knowledge/", views.knowledge_state, name="knowledge"),
    path("knowledge/changes/", views.changes, name="knowledge_changes"),
]
