"""The address of emergency access."""

from __future__ import annotations

from django.urls import path

from calciscope.web.emergency import views

urlpatterns = [path("emergency/", views.emergency, name="emergency")]
