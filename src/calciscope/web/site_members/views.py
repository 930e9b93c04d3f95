"""Take people on and end their roles; a password is set by its owner, through "forgotten password"."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.members import end_membership, end_sessions, take_on
from calciscope.record.actions.site_phone import set_site_phone
from calciscope.record.permissions import Permission, Role
from calciscope.record.queries.advice import advice_is_on
from calciscope.record.queries.members import members
from calciscope.record.queries.site_phone import site_phone
from calciscope.terms.errors import Refused
from calciscope.web.design.problems import Line, lines_of, problems_of
from calciscope.web.gate.screen import Asked, screen

LABELS = {"email": "E-mail address", "name": "Name", "role": "Role", "phone": "Phone number"}


@screen(permission=Permission.MANAGE_USERS)
def site_members(request: Asked) -> HttpResponse:
    """The list of people, a form for one more, and whether the site shows advice, and which phone number its patients call."""
    wrong: list[Line] = []
    if request.method == "POST":
        try:
            _change(request)
            return redirect("site_members")
        except Refused as refused:
            wrong = lines_of(problems_of(refused), LABELS)
    context = {
        "way": "members",
        "members": members(by=request.actor),
        "roles": [role.value for role in Role if role is not Role.PATIENT],
        "typed": {name: request.POST.get(name, "") for name in LABELS},
        "advice_on": advice_is_on(by=request.actor),
        "phone": request.POST.get("phone", site_phone(by=request.actor)),
        "wrong": wrong,
    }
    return render(request, "site_members/members.html", context, status=422 if wrong else 200)


def _change(request: Asked) -> None:
    if "advice" in request.POST:
        on = request.POST["advice"] == "on"
        set_advice(by=request.actor, on=on)
        messages.success(request, f"Advice on options is {'on' if on else 'off'} at this site.")
        return
    if "phone" in request.POST:
        set_site_phone(by=request.actor, phone=request.POST["phone"])
        messages.success(request, "The phone number is recorded.")
        return
    if ends := request.POST.get("end", ""):
        end_membership(by=request.actor, membership=_key(ends))
        messages.success(request, "The role has ended.")
        return
    if logged_out := request.POST.get("log_out", ""):
        count = end_sessions(by=request.actor, membership=_key(logged_out))
        messages.success(request, f"Logged out everywhere ({count} log-ins).")
        return
    role = request.POST.get("role", "")
    if role not in set(Role):
        raise Refused("Choose a role.")
    take_on(by=request.actor, email=request.POST.get("email", ""), name=request.POST.get("name", ""), role=Role(role))
    messages.success(request, 'Taken on. The password is set by "Forgotten your password?" on the log-in page.')


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("There is no such role here.") from None
