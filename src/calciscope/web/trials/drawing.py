"""Draw a reading plan: the study, its readers, its rules, and which patients stand under which subject number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.reading_plans import draw_reading_plan
from calciscope.record.permissions import Permission
from calciscope.record.queries.reading_plans import readers_of_site
from calciscope.record.queries.trial_subjects import patients_with_scans
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.trials.plan import Rules
from calciscope.web.gate.screen import Asked, screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A rule that is a number."""

    name: str
    label: str
    unit: str
    hint: str
    whole: bool = True


FIGURES = (
    Figure(name="double_percent", label="Read by both readers", unit="% of scans", hint="The others are read by one of them."),
    Figure(name="repeat_percent", label="Read again by the same reader", unit="% of scans", hint="Under another label."),
    Figure(name="washout_days", label="Not again before", unit="days", hint="After the first reading was locked."),
    Figure(
        name="limit_mg", label="Third reader: burdens apart by more than", unit="mg", hint="And beyond the share below.", whole=False
    ),
    Figure(name="limit_percent", label="and by more than", unit="% of their mean", hint="", whole=False),
    Figure(name="seed", label="Seed of the order", unit="", hint="The same seed draws the same order again. Keep it from readers."),
)  # fmt: skip
SWITCHES = (
    ("pairs", "First and last scan of each subject side by side, their order concealed"),
    ("judge_events", "A third reader also where the two differ on what became of a deposit"),
    ("judge_deposits", "A third reader also where the two differ on which deposits are calcinosis"),
    ("shows_mass", "Readers see the measured masses"),
    ("shows_events", "Readers see what tracking says became of each deposit"),
)
SEATS = (("reader_1", "Reader 1"), ("reader_2", "Reader 2"), ("reader_3", "Third reader, where they differ"))
LABELS = {"study": "Study", "title": "Title", "readers": "Readers", "subjects": "Subjects"} | {
    figure.name: figure.label for figure in FIGURES
}
FIRST_FIELD = {"readers": "f-reader_1", "subjects": "subjects"}


@screen(permission=Permission.RUN_TRIAL)
def new_trial(request: Asked) -> HttpResponse:
    """The form; a plan that cannot be drawn says why at its fields, and nothing typed is lost."""
    wrong: list[tuple[str, str, str]] = []
    readable = patients_with_scans(by=request.actor)
    if request.method == "POST":
        try:
            plan = _drawn(request, [one.banner.id for one in readable])
        except Invalid as invalid:
            wrong = [
                (FIRST_FIELD.get(one.field, f"f-{one.field}"), LABELS.get(one.field, ""), one.message)
                for one in invalid.problems
            ]
        else:
            messages.success(request, "The plan is drawn. Its readers find their scans under Reading.")
            return redirect("trial", plan=plan)
    context = {
        "way": "trials",
        "wrong": wrong,
        "readers": readers_of_site(by=request.actor),
        "seats": [(name, words, request.POST.get(name, "")) for name, words in SEATS],
        "typed": request.POST,
        "figures": [(figure, _shown(request, figure)) for figure in FIGURES],
        "switches": [(name, words, _is_on(request, name)) for name, words in SWITCHES],
        "subjects": [
            (one, request.POST.get(f"s-{one.banner.id}", f"{place:03d}"), f"in-{one.banner.id}" in request.POST)
            for place, one in enumerate(readable, 1)
        ],
    }
    return render(request, "trials/new.html", context, status=422 if wrong else 200)


def _drawn(request: Asked, patients: Sequence[UUID]) -> UUID:
    problems: list[Problem] = []
    figures = {figure.name: number_of(request, figure, problems) for figure in FIGURES}
    if problems:
        raise Invalid(problems)
    switches: Mapping[str, Any] = {name: name in request.POST for name, _ in SWITCHES}
    subjects = {key: request.POST.get(f"s-{key}", "").strip() for key in patients if f"in-{key}" in request.POST}
    chosen = [_key(request.POST.get(f"reader_{number}", "")) for number in (1, 2, 3)]
    return draw_reading_plan(
        by=request.actor,
        study=request.POST.get("study", "").strip(),
        title=request.POST.get("title", ""),
        subjects=subjects,
        readers=[key for key in chosen[:2] if key],
        adjudicator=chosen[2],
        rules=Rules(**figures, **switches),
    )


def number_of(request: Asked, figure: Figure, problems: list[Problem]) -> Any:
    """A rule that is a number, as it was typed; what is none is a problem at its field."""
    text = request.POST.get(figure.name, "").strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value != value or abs(value) > 1e12 or (figure.whole and not value.is_integer()):
        problems.append(
            Problem(field=figure.name, message="This takes a whole number." if figure.whole else "This takes a number.")
        )
        return 0
    return int(value) if figure.whole else value


def _shown(request: Asked, figure: Figure) -> str:
    return str(request.POST.get(figure.name, f"{getattr(Rules(), figure.name):g}"))


def _is_on(request: Asked, name: str) -> bool:
    return name in request.POST if request.method == "POST" else bool(getattr(Rules(), name))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
