"""The address of the people of a site."""

from __future__ import annotations

from django.urls import path

from calciscope.web.site_members import views

urlpatterns = [path("people/", views.site_members, name="site_members")]
