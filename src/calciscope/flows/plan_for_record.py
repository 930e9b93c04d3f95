"""A plan for the record: each option that was chosen or set aside is weighed on the day of the plan, and keeps its stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from calciscope.flows.advise_record import advise_patient_of_record
from calciscope.knowledge import knowledge
from calciscope.knowledge.model import Therapy
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.queries.advice import advice_is_on
from calciscope.record.written_days import written
from calciscope.terms.advice import Card

UNWEIGHED = "nobody: advice was off at this site, so that no stop was looked for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Stops against each therapy for this patient, and by which knowledge they were found."""

    stops: Mapping[str, Sequence[Card]]
    by: str


def weigh(*, by: Actor, patient: UUID, on: date) -> Weighing:
    """Without advice nothing is weighed, and the plan says so."""
    if not advice_is_on(by=by):
        return Weighing(stops={}, by=UNWEIGHED)
    advice = advise_patient_of_record(by=by, patient=patient, on=on).advice
    stops = {one.therapy: one.stops for one in advice.options}
    return Weighing(stops=stops, by=f"knowledge base {advice.knowledge_version} on {written(on.isoformat())}")


def write_plan(
    *, by: Actor, patient: UUID, said: Mapping[str, Any], options: Sequence[Mapping[str, Any]], based_on: int, on: date
) -> None:
    """Write a version of the plan. Raises Invalid where an option lacks its reason, or a stop is overridden without one."""
    weighing = weigh(by=by, patient=patient, on=on)
    data = {**said, "options": [_whole(option, weighing) for option in options], "weighed_by": weighing.by}
    record_entries(by=by, patient=patient, sayings=[Saying(noun="plan", data=data, based_on=based_on)])


def choosable() -> dict[str, str]:
    """Id -> title of every therapy, those that are not offered too: a team may still choose one and say why."""
    return {one.id: one.title for one in sorted(knowledge().therapies.values(), key=lambda one: one.title)}


def _whole(option: Mapping[str, Any], weighing: Weighing) -> dict[str, Any]:
    """With what the knowledge base says of it; whatever was sent in its place is not taken."""
    therapy = knowledge().therapies.get(str(option.get("therapy", "")))
    kept = {
        name: value for name, value in option.items() if name not in {"stops", "off_label", "experimental", "title"}
    }
    if therapy is None:
        return kept | {"therapy": ""}
    stops = [{"rule": card.rule, "because": card.because} for card in weighing.stops.get(therapy.id, ())]
    flags = {"off_label": _off_label(therapy), "experimental": therapy.experimental}
    return kept | flags | {"title": therapy.title, "stops": stops}


def _off_label(therapy: Therapy) -> bool:
    """Every drug is: none is labelled for calcinosis. An operation, a device or care has no label."""
    return bool(therapy.atc)
