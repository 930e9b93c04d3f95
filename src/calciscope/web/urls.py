"""Addresses of the web application: those of log-in come from allauth, each screen brings its own from its folder."""

from __future__ import annotations

import importlib.util
import pkgutil
from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

SCREENS = sorted(
    found.name
    for found in pkgutil.iter_modules([str(Path(__file__).parent)])
    if found.ispkg and importlib.util.find_spec(f"calciscope.web.{found.name}.urls")
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    *(path("", include(f"calciscope.web.{name}.urls")) for name in SCREENS),
]

handler400 = "calciscope.web.gate.answers.wrong_usage"
handler403 = "calciscope.web.gate.answers.not_allowed"
handler404 = "calciscope.web.gate.answers.not_there"
handler500 = "calciscope.web.gate.answers.our_own_fault"
