"""The page of agreement: numbers with intervals, a plot with its table, and the readings as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.cohort.statistics.bland_altman import LimitsOfAgreement
from calciscope.record.permissions import Permission
from calciscope.record.queries.reading_plans import export_readings, reading_plan, readings_of_plan
from calciscope.terms.errors import Refused
from calciscope.web.design.charts.agreement_plot import AgreementPlot, Line
from calciscope.web.design.charts.agreement_plot import spelled as as_tick
from calciscope.web.design.csv_cells import safe_cell
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.trials.agreement import Agreement, Pair, Within, agreement_of, spelled

COLUMNS = (
    "subject",
    "visit_number",
    "reader",
    "kind",
    "label",
    "quality",
    "deposits",
    "mass_mg",
    "volume_ml",
    "accepted",
    "shown_as",
    "beside",
    "steps",
)


@screen(permission=Permission.READ_COHORT)
def agreement(request: Asked, plan: UUID) -> HttpResponse:
    """Between readers, and of each at a second reading. A reader of the plan is told to wait until all is locked."""
    seen = reading_plan(by=request.actor, plan=plan)
    context: dict[str, object] = {"way": "trials", "plan": seen}
    try:
        read = readings_of_plan(by=request.actor, plan=plan)
    except Refused as refused:
        return render(request, "trials/agreement.html", {**context, "wait": str(refused)})
    found = agreement_of(read)
    context |= {"found": found, "locked": len(read.readings), "asked": read.asked, "facts": _facts(found)}
    context |= {"plots": _plots(found), "within": [(one, _within(one)) for one in found.within]}
    context["pairs"] = [
        (pair, (pair.first_mg + pair.second_mg) / 2, pair.first_mg - pair.second_mg) for pair in found.between.pairs
    ]
    return render(request, "trials/agreement.html", context)


@screen(permission=Permission.EXPORT_TRIAL)
def readings_csv(request: Asked, plan: UUID) -> HttpResponse:
    """Every locked reading, repeats among them, by subject number."""
    read = export_readings(by=request.actor, plan=plan)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in read.readings:
        row = {
            "subject": one.subject, "visit_number": one.visit_number, "reader": one.reader, "kind": one.kind, "label": one.label,
            "accepted": "yes" if one.accepted else "", "shown_as": one.shown_as,
        } | {name: one.data.get(name, "") for name in ("quality", "deposits", "mass_mg", "volume_ml", "beside", "steps")}  # fmt: skip
        writer.writerow([safe_cell(str(row[name])) for name in COLUMNS])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{read.study}-readings.csv"'
    return response


def _facts(found: Agreement) -> list[tuple[str, str, str]]:
    """(what, number with its interval, what it means) between the two readers."""
    between, facts = found.between, []
    if between.intraclass:
        agreement, consistency = between.intraclass.agreement, between.intraclass.consistency
        facts.append(
            ("ICC(2,1), absolute agreement", spelled(agreement), "a reader who reads high throughout counts as error")
        )
        facts.append(("ICC(3,1), consistency", spelled(consistency), "these two readers alone"))
    if between.limits:
        limits = between.limits
        facts.append(("Bias, reader 1 minus reader 2", spelled(limits.bias, 1, "mg"), "mean of the differences"))
        facts.append(
            (
                "Lower limit of agreement",
                spelled(limits.lower_limit, 1, "mg"),
                "95 % of differences lie between the limits",
            )
        )
        facts.append(("Upper limit of agreement", spelled(limits.upper_limit, 1, "mg"), ""))
    if between.ratios:
        ratios = between.ratios
        facts.append(("Ratio, reader 1 to reader 2", spelled(ratios.bias, 3), "geometric mean"))
        said = f"{ratios.lower_limit.estimate:.3f} to {ratios.upper_limit.estimate:.3f}"
        facts.append(("Limits of agreement as ratios", said, "95 % of ratios lie between them"))
    if between.kappa:
        kappa = between.kappa
        words = spelled(kappa.kappa) if kappa.kappa else "not told: one answer throughout"
        facts.append(("Kappa, calcinosis or not", words, f"{kappa.agreed} of {kappa.pairs} proposals judged alike"))
    return facts


def _within(one: Within) -> list[tuple[str, str]]:
    found = one.repeatability
    if found is None:
        return []
    facts = [
        ("Within-reader SD", spelled(found.within_sd, 1, "mg")),
        ("Repeatability coefficient", spelled(found.coefficient, 1, "mg")),
    ]
    if found.within_cv_percent:
        facts.append(("Coefficient of variation", spelled(found.within_cv_percent, 1, "%")))
    return facts


def _plots(found: Agreement) -> list[tuple[str, AgreementPlot]]:
    between, plots = found.between, []
    if between.limits:
        words = "Differences over means, in mg"
        plots.append(
            (
                words,
                _plot(between.limits, between.pairs, across="Mean of both readers, mg", up="Reader 1 − reader 2, mg"),
            )
        )
    if between.ratios and between.limits and between.limits.is_proportional:
        words = "Ratios over geometric means: the difference grows with the burden, so that ratios describe it better"
        plots.append(
            (words, _plot(between.ratios, between.pairs, across="Geometric mean, mg", up="Reader 1 / reader 2"))
        )
    return plots


def _plot(limits: LimitsOfAgreement, pairs: Sequence[Pair], *, across: str, up: str) -> AgreementPlot:
    lines = [
        Line(words=f"{words} {as_tick(one.estimate)}", value=one.estimate, lower=one.lower, upper=one.upper, kind=kind)
        for words, one, kind in (
            ("upper limit", limits.upper_limit, "limit"),
            ("bias", limits.bias, "bias"),
            ("lower limit", limits.lower_limit, "limit"),
        )
    ]
    points = [
        (mean, difference, f"{pair.subject}, visit {pair.visit_number}: {pair.first_mg:g} and {pair.second_mg:g} mg")
        for mean, difference, pair in zip(limits.means, limits.differences, pairs, strict=True)
    ]
    title = f"{up}, over {across.lower()}; every point stands in the table below"
    return AgreementPlot(title=title, across=across, up=up, points=points, lines=lines, logarithmic=limits.as_ratio)
