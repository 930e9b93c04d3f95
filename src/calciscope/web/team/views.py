"""Who is in the team, who joins, who leaves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.team import join_team, leave_team
from calciscope.record.permissions import Permission, require
from calciscope.record.queries.members import care_team, members
from calciscope.record.queries.patients import patient_page
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen


@screen(permission=Permission.SEE_PATIENT)
def team(request: Asked, patient: UUID) -> HttpResponse:
    """The team; those who may change it see how."""
    page = patient_page(by=request.actor, patient=patient)
    problem = ""
    if request.method == "POST":
        require(request.actor.role, Permission.MANAGE_TEAM)
        try:
            _change(request, patient)
            return redirect("team", patient=patient)
        except NotAllowed:
            raise
        except Refused as refused:
            problem = str(refused)
    present = care_team(by=request.actor, patient=patient)
    inside = {member.membership for member in present}
    others = [member for member in members(by=request.actor, in_care_only=True) if member.membership not in inside]
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "team": present,
        "others": others,
        "wrong": [("f-join", "Team", problem)] if problem else [],
    }
    return render(request, "team/team.html", context, status=422 if problem else 200)


def _change(request: Asked, patient: UUID) -> None:
    joins, leaves = request.POST.get("join", ""), request.POST.get("leave", "")
    try:
        member = UUID(joins or leaves)
    except ValueError:
        raise Refused("Choose a person.") from None
    if joins:
        join_team(by=request.actor, patient=patient, membership=member)
        messages.success(request, "Joined the team.")
    else:
        leave_team(by=request.actor, patient=patient, membership=member)
        messages.success(request, "Left the team.")
