"""Find patients, and read one whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.banner import Banner, banner_of, banners_of, searched, with_identity
from calciscope.record.fact import Fact, facts_of
from calciscope.record.guarded import query
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import VisitEvent
from calciscope.record.permissions import Permission
from calciscope.record.scope import PatientScope
from calciscope.record.site_advice import shows_advice

MOST_LISTED = 200
Step = tuple[str, datetime, str]
"""Of a visit: what was done, when and by whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitState:
    """How a visit stands, with its steps so far."""

    id: UUID
    state: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPage:
    """Everything that one patient's page needs, in a fixed number of queries."""

    banner: Banner
    facts: tuple[Fact, ...]
    deposits: tuple[tuple[UUID, str], ...]
    visits: tuple[VisitState, ...]
    glass_until: datetime | None
    advice_on: bool = False  # whether the site shows advice, and the role may see it


@query(permission=Permission.LIST_PATIENTS)
def list_patients(*, by: Actor, search: str = "", offset: int = 0, limit: int = 50) -> tuple[Banner, ...]:
    """Patients in the actor's care by name, those whose name or number begins as searched."""
    found = searched(PatientScope.of(by).patients(), search)
    most = max(0, min(limit, MOST_LISTED))
    listed = found.order_by("identity__family_name", "identity__given_name", "pk")[max(0, offset) :][:most]
    banners = banners_of(listed)
    audit.mention(count=len(banners), searched=bool(search.split()))
    return banners


@query(permission=Permission.SEE_PATIENT)
def patient_page(*, by: Actor, patient: UUID) -> PatientPage:
    """One patient whole: banner, newest versions of all facts, deposits, visits, and whether the glass is broken.

    What blinded readers said for a trial is not among the facts: who treats the patient does not learn it here.
    """
    scope = PatientScope.of(by)
    found = with_identity(scope.patients().filter(pk=patient))
    one = found[0] if found else scope.patient(patient)
    facts = scope.current_entries(one).exclude(noun="reading").exclude(noun="reading_edit", data__has_key="reading")
    glass = scope.glass().filter(patient=one).order_by("-expires_at").first()
    page = PatientPage(
        banner=banner_of(one),
        facts=facts_of(facts.order_by("effective_on", "pk")),
        deposits=tuple((row.pk, row.label) for row in scope.rows(Deposit, one).order_by("number")),
        visits=visit_states(one),
        glass_until=glass.expires_at if glass else None,
        advice_on=shows_advice(by),
    )
    audit.mention(patient_id=one.pk, facts=len(page.facts), glass=str(glass.pk) if glass else "")
    return page


def visit_states(patient: Patient) -> tuple[VisitState, ...]:
    """How each visit of a patient who is in scope stands, in the order in which they were opened."""
    events = VisitEvent.unscoped.filter(visit__patient=patient).order_by("contribution__at", "step")
    by_visit: dict[UUID, list[Step]] = {}
    for visit, kind, at, by in events.values_list("visit", "kind", "contribution__at", "contribution__user__name"):
        by_visit.setdefault(visit, []).append((kind, at, by))
    return tuple(_visit_state(key, steps) for key, steps in by_visit.items())


def _visit_state(key: UUID, steps: Sequence[Step]) -> VisitState:
    kind, at, by = steps[-1]
    closed = kind != "opened"
    return VisitState(
        id=key,
        state=kind if closed else "open",
        opened_at=steps[0][1],
        closed_at=at if closed else None,
        closed_by=by if closed else "",
    )
