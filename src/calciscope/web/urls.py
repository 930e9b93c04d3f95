"""Addresses of the web application. Those of log-in come from allauth; screens add theirs in their own folders."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("accounts/", include("allauth.urls"))]
