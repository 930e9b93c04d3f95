"""Where one comes to after log-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from calciscope.record.permissions import Permission, may
from calciscope.record.queries.access import seats
from calciscope.terms.errors import NotAllowed
from calciscope.web.gate.middleware import SEAT, sit_down
from calciscope.web.gate.screen import Asked, Needs, open_screen, screen

FIRST_SCREENS = (
    (Permission.LIST_PATIENTS, "patients"),
    (Permission.READ_TRIAL, "reading_list"),
    (Permission.READ_COHORT, "trials"),
    (Permission.READ_AUDIT, "audit"),
    (Permission.MANAGE_USERS, "site_members"),
)


@screen(permission=Permission.USE)
def home(request: Asked) -> HttpResponse:
    """To the first screen of the role."""
    for permission, name in FIRST_SCREENS:
        if may(request.actor.role, permission):
            return redirect(name)
    return render(request, "accounts/nothing_yet.html")


@open_screen(needs=Needs.LOG_IN)
def choose_seat(request: HttpRequest) -> HttpResponseBase:
    """Choose in which role, at which site, one works now."""
    user: Any = request.user
    found = seats(user=user.pk)
    if request.method == "POST":
        wanted = request.POST.get("seat", "")
        seat = next((seat for seat in found if str(seat.membership) == wanted), None)
        if seat is None:
            raise NotAllowed("This role is not yours, or has ended.")
        sit_down(request, UUID(wanted), f"{seat.role}, {seat.site}")
        return redirect(_back(request))
    held = request.session.get(SEAT, "")
    return render(request, "accounts/seats.html", {"seats": found, "held": held, "back": request.GET.get("next", "")})


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if back and ours else "/"
