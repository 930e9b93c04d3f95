"""Options of the plan as rows of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calciscope.flows.plan_for_record import Weighing, choosable
from calciscope.record.plans.options import DECISIONS
from calciscope.record.refusals import Problem
from calciscope.terms.advice import Card
from calciscope.web.design.noun_form import Input, Typed

SPARE = 1
LABELS = {
    "therapy": "Option",
    "decision": "Decision",
    "reason": "Why",
    "dose": "Dose, as the team decides",
    "stop_rule": "Stop or change when",
    "who": "Who does it",
    "consent": "Consent recorded",
    "override": "Why in spite of the stop",
}
YES_NO = (("true", "yes"), ("false", "no"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One option: its inputs, and the stops that stand against it."""

    title: str
    inputs: Sequence[Input]
    override: Input | None
    stops: Sequence[Card]


def typed_options(typed: Typed) -> list[dict[str, Any]]:
    """Options as typed; rows that nobody touched are none."""
    count = int(first) if (first := "".join(typed.get("rows", ()))).isdigit() else 0
    return [option for place in range(min(count, 80)) if (option := _typed(typed, place))]


def rows(options: Sequence[Mapping[str, Any]], weighing: Weighing, problems: Sequence[Problem]) -> list[Row]:
    """A row for each option, and some to spare."""
    wrong = {problem.field: problem.message for problem in problems}
    filled = [_row(place, option, weighing, wrong) for place, option in enumerate(options)]
    return filled + [_row(len(filled) + more, {}, weighing, {}) for more in range(SPARE)]


def wrong_rows(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    """(id, label, message) for the error summary, of problems at an option."""
    found = []
    for problem in problems:
        parts = problem.field.split(".")
        if len(parts) == 3 and parts[0] == "options":
            _, place, key = parts
            found.append(
                (f"f-o{place}-{key}", f"Option {int(place) + 1}, {LABELS.get(key, key).lower()}", problem.message)
            )
    return found


def _typed(typed: Typed, place: int) -> dict[str, Any]:
    said: dict[str, Any] = {key: "".join(typed.get(f"o{place}-{key}", ())).strip() for key in LABELS}
    if not any(value for key, value in said.items() if key != "consent"):
        return {}
    consent = said.pop("consent")
    option = {key: value for key, value in said.items() if value}
    return option | ({"consent": consent == "true"} if consent else {})


def _row(place: int, option: Mapping[str, Any], weighing: Weighing, wrong: Mapping[str, str]) -> Row:
    therapy = str(option.get("therapy", ""))
    stops = weighing.stops.get(therapy, ())
    inputs = [_input(place, key, option, wrong) for key in LABELS if key != "override"]
    return Row(
        title=choosable().get(therapy, "One more option"),
        inputs=inputs,
        override=_input(place, "override", option, wrong) if stops or option.get("override") else None,
        stops=stops,
    )


def _input(place: int, key: str, option: Mapping[str, Any], wrong: Mapping[str, str]) -> Input:
    value = option.get(key, "")
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    options = {"therapy": tuple(choosable().items()), "decision": tuple(DECISIONS.items()), "consent": YES_NO}.get(
        key, ()
    )
    shape = {"therapy": "select", "decision": "radios", "consent": "radios", "reason": "long", "override": "long"}
    return Input(
        name=f"o{place}-{key}",
        label=LABELS[key],
        shape=f"design/fields/{shape.get(key, 'text')}.html",
        text=text,
        chosen=(text,) if text else (),
        options=options,
        error=wrong.get(f"options.{place}.{key}", ""),
    )
