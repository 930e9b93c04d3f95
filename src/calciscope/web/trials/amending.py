"""Amend a plan: other rules from now on, or further scans. Both with a reason; the plan as it was drawn stays to be seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.plan_amendments import add_scans, amend_rules
from calciscope.record.permissions import Permission
from calciscope.record.queries.reading_plans import Amended, reading_plan
from calciscope.record.queries.trial_subjects import patients_with_scans
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.trials.plan import AMENDABLE
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.trials.drawing import FIGURES, SWITCHES, number_of

WORDS = {
    "washout_days": ("Not again before", "days"),
    "limit_mg": ("Burdens apart by more than", "mg"),
    "limit_percent": ("and by more than", "% of their mean"),
    "judge_deposits": ("A third reader also for deposits", ""),
    "judge_events": ("A third reader also for what became of a deposit", ""),
}


@screen(permission=Permission.RUN_TRIAL)
def amend_trial(request: Asked, plan: UUID) -> HttpResponse:
    """Both forms; what cannot be amended is said at its field."""
    seen = reading_plan(by=request.actor, plan=plan)
    wrong: list[tuple[str, str, str]] = []
    if request.method == "POST":
        try:
            said = _rules(request, plan) if request.POST.get("what") == "rules" else _scans(request, plan)
        except Invalid as invalid:
            wrong = [(f"f-{one.field}", WORDS.get(one.field, ("", ""))[0], one.message) for one in invalid.problems]
        except NotAllowed:
            raise
        except Refused as refused:
            wrong = [("", "", str(refused))]
        else:
            messages.success(request, said)
            return redirect("trial", plan=plan)
    typed = request.POST if wrong and request.POST.get("what") == "rules" else None
    now = seen.rules.kept()
    context = {
        "way": "trials",
        "plan": seen,
        "wrong": wrong,
        "reason": request.POST.get("reason", ""),
        "figures": [
            (one, typed.get(one.name, "") if typed else f"{now[one.name]:g}")
            for one in FIGURES
            if one.name in AMENDABLE
        ],
        "switches": [
            (name, words, (name in typed) if typed else now[name]) for name, words in SWITCHES if name in AMENDABLE
        ],
        "subjects": [
            (one, request.POST.get(f"s-{one.banner.id}", "")) for one in patients_with_scans(by=request.actor)
        ],
    }
    return render(request, "trials/amend.html", context, status=422 if wrong else 200)


def told(one: Amended) -> list[str]:
    """What an amendment changed, in words."""
    if one.kind == "scans":
        subjects = ", ".join(one.said["subjects"])
        return [f"{one.said['scans']} further scans of subjects {subjects}: {one.said['readings']} readings"]
    return [_changed(name, *values) for name, values in one.said.items()]


def _changed(name: str, before: Any, after: Any) -> str:
    words, unit = WORDS[name]
    if isinstance(after, bool):
        return f"{words}: {'yes' if after else 'no'} from now on"
    return f"{words}: {before:g} to {after:g} {unit}"


def _rules(request: Asked, plan: UUID) -> str:
    problems: list[Problem] = []
    changed: dict[str, Any] = {one.name: number_of(request, one, problems) for one in FIGURES if one.name in AMENDABLE}
    if problems:
        raise Invalid(problems)
    changed |= {name: name in request.POST for name, _ in SWITCHES if name in AMENDABLE}
    number = amend_rules(by=request.actor, plan=plan, changed=changed, reason=request.POST.get("reason", ""))
    return f"Amendment {number} holds for what is locked from now on."


def _scans(request: Asked, plan: UUID) -> str:
    typed = {
        one.banner.id: request.POST.get(f"s-{one.banner.id}", "").strip()
        for one in patients_with_scans(by=request.actor)
    }
    subjects = {key: number for key, number in typed.items() if number}
    count = add_scans(by=request.actor, plan=plan, subjects=subjects, reason=request.POST.get("reason", ""))
    return f"{count} readings were added behind those that were drawn before."
