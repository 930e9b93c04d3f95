"""The ways to what there is of one patient: each screen names its own in its addresses, as ``PATIENT_TAB``."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.urls import reverse

from calciscope.record.permissions import Permission

register = template.Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTab:
    """``address`` is the name of a screen that takes a patient alone; ``beside`` are screens that belong to it."""

    title: str
    address: str
    place: int
    permission: Permission = Permission.SEE_PATIENT
    beside: tuple[str, ...] = ()


@cache
def tabs() -> tuple[PatientTab, ...]:
    """All of them, from the left."""
    screens = importlib.import_module("calciscope.web.urls").SCREENS
    modules = [importlib.import_module(f"calciscope.web.{name}.urls") for name in screens]
    found = [module.PATIENT_TAB for module in modules if hasattr(module, "PATIENT_TAB")]
    return tuple(sorted(found, key=lambda tab: tab.place))


@register.inclusion_tag("design/patient_tabs.html", takes_context=True)
def patient_tabs(context: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the role may open; the one that is open now is marked."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.url_name if match else ""
    patient = context["banner"].id
    allowed = [tab for tab in tabs() if tab.permission.value in context["may"]]
    return {"tabs": [(tab.title, reverse(tab.address, args=[patient]), _mark(tab, here)) for tab in allowed]}


def _mark(tab: PatientTab, here: str | None) -> str:
    """As aria-current says it: this page, or one that belongs to it."""
    if here == tab.address:
        return "page"
    return "true" if here in tab.beside else ""
