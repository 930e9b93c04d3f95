"""Addresses of the start and of the choice of a seat."""

from __future__ import annotations

from django.urls import path

from calciscope.web.accounts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("seats/", views.choose_seat, name="seats"),
]
