"""Addresses of reading. The key of what is to be read tells neither the patient nor the scan."""

from __future__ import annotations

from django.urls import path

from calciscope.web.reading import views

urlpatterns = [
    path("reading/", views.reading_list, name="reading_list"),
    path("reading/<uuid:reading>/", views.read, name="read"),
    path("reading/<uuid:reading>/proposals/<int:candidate>/cuts.png", views.cuts, name="reading_cuts"),
    path("reading/<uuid:reading>/picture.png", views.picture, name="reading_picture"),
]
