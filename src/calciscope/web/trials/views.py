"""The plans of a site, how far each is, and its tables."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.flows.export_trial import export_trial
from calciscope.record.permissions import Permission
from calciscope.record.queries.reading_plans import PlanSeen, reading_plan, reading_plans
from calciscope.record.trials.plan import Rules
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.trials.amending import told


@screen(permission=Permission.READ_COHORT)
def trials(request: Asked) -> HttpResponse:
    """Every plan of the own site."""
    plans = [(plan, *_done(plan)) for plan in reading_plans(by=request.actor)]
    return render(request, "trials/list.html", {"way": "trials", "plans": plans})


@screen(permission=Permission.READ_COHORT)
def trial(request: Asked, plan: UUID) -> HttpResponse:
    """One plan: its readers' progress, its rules, and the way to agreement and tables."""
    found = reading_plan(by=request.actor, plan=plan)
    locked, asked = _done(found)
    context = {"way": "trials", "plan": found, "locked": locked, "asked": asked, "rules": rule_words(found.rules)}
    context["amendments"] = [(one, told(one)) for one in found.amendments]
    return render(request, "trials/trial.html", context)


@screen(permission=Permission.EXPORT_TRIAL)
def sdtm(request: Asked, plan: UUID) -> HttpResponse:
    """TU, TR, RS and RELREC in one zip, by subject number."""
    study, packed = export_trial(by=request.actor, plan=plan)
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{study}-sdtm.zip"'
    return response


def _done(plan: PlanSeen) -> tuple[int, int]:
    return sum(one.locked for one in plan.readers), sum(one.asked for one in plan.readers)


def rule_words(rules: Rules) -> list[tuple[str, str]]:
    """The rules in words."""
    also = [
        words
        for on, words in (
            (rules.judge_deposits, "the two differ on which deposits are calcinosis"),
            (rules.judge_events, "the two differ on what became of a deposit"),
        )
        if on
    ]
    beyond = (
        f"burdens lie apart by more than {rules.limit_mg:g} mg and by more than {rules.limit_percent:g} % of their mean"
    )
    hidden = [
        words
        for shown, words in ((rules.shows_mass, "measured masses"), (rules.shows_events, "what tracking says"))
        if not shown
    ]
    return [
        ("Read by both readers", f"{rules.double_percent} % of scans"),
        ("Read again by the same reader", f"{rules.repeat_percent} % of scans, after {rules.washout_days} days"),
        (
            "Side by side",
            "first and last scan of each subject, as A and B by lot" if rules.pairs else "no, one scan at a time",
        ),
        ("A third reader decides where", "; or ".join([beyond, *also, "one of the two could not read the scan"])),
        ("Hidden from readers", ", ".join(["name", "date", "order", "other readings", *hidden])),
        ("Seed of the order", str(rules.seed)),
    ]
