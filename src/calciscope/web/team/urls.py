"""The address of a patient's team."""

from __future__ import annotations

from django.urls import path

from calciscope.web.team import views

urlpatterns = [path("patients/<uuid:patient>/team/", views.team, name="team")]
