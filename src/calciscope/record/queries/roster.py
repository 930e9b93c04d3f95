"""The list of patients with what one looks for in it, in a fixed number of queries however long the list is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.banner import Banner, banners_of, searched
from calciscope.record.fact import Fact
from calciscope.record.guarded import query
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry, Status
from calciscope.record.permissions import Permission
from calciscope.record.picture.screened import TOLD_BY as TOLD_SCREENINGS
from calciscope.record.scope import PatientScope
from calciscope.record.site_advice import shows_advice

MOST_LISTED = 200
RESULT = "laboratory_result"
NO_TIME = datetime.min.replace(tzinfo=UTC)
WATCHED = ("medication", RESULT, "characteristics", *TOLD_SCREENINGS)
"""Nouns that monitoring is told by."""
TOLD_BY = ("activity", "deposit_event", "plan", "diagnosis", "antibody", "visit_details")


class Narrowing(StrEnum):
    """What a list may be narrowed to."""

    ACTIVE = "active"
    GROWING = "growing"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One patient of the list; None is "not known", never "no"."""

    banner: Banner
    diagnosis: str | None
    antibodies: tuple[str, ...]
    activity: str | None
    deposits: int
    growing: int
    last_visit_on: date | None
    review_on: str | None
    watched: tuple[Fact, ...] = ()  # drugs and results, where the site shows advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One page of the list, and how many there are in all."""

    rows: tuple[RosterRow, ...]
    total: int
    advice_on: bool = False


@query(permission=Permission.LIST_PATIENTS)
def roster(
    *,
    by: Actor,
    search: str = "",
    among: Iterable[UUID] | None = None,
    narrowings: Iterable[Narrowing] = (),
    today: date | None = None,
    offset: int = 0,
    limit: int = 50,
) -> Roster:
    """Patients in the actor's care by name, narrowed to all of ``narrowings`` and to those ``among``."""
    scope = PatientScope.of(by)
    found = searched(scope.patients(), search)
    if among is not None:
        found = found.filter(pk__in=list(among))
    day = (today or date.today()).isoformat()
    for narrowing in narrowings:
        found = found.filter(_narrowed(scope, narrowing, day))
    total = found.count()
    ordered = found.order_by("identity__family_name", "identity__given_name", "pk")
    listed = banners_of(ordered[max(0, offset) :][: max(0, min(limit, MOST_LISTED))])
    keys = [banner.id for banner in listed]
    told, advice_on = _told(scope, keys), shows_advice(by)
    watched = _watched(scope, keys) if advice_on else {}
    audit.mention(count=len(listed), searched=bool(search.split()))
    rows = tuple(_row(banner, told.get(banner.id, []), watched.get(banner.id, [])) for banner in listed)
    return Roster(rows=rows, total=total, advice_on=advice_on)


@query(permission=Permission.SEE_ADVICE)
def watched_patients(*, by: Actor) -> Mapping[UUID, tuple[Fact, ...]] | None:
    """What monitoring is told by, of every patient in the actor's care: of results, only that and when each test was last done.

    None where the site has advice off.
    """
    if not shows_advice(by):
        return None
    scope = PatientScope.of(by)
    rows = scope.current_entries().exclude(status=Status.ENTERED_IN_ERROR)
    found = _facts_by_patient(rows.filter(noun__in=[noun for noun in WATCHED if noun != RESULT]))
    tests = rows.filter(noun=RESULT).annotate(test=KT("data__test"), unit=KT("data__unit"))
    for patient, test, unit, day in tests.values_list("patient", "test", "unit").annotate(day=Max("effective_on")):
        if patient in found:
            data = {"test": test, "unit": unit, "value": 0.0}
            found[patient].append(_fact(uid=uuid4(), noun=RESULT, data=data, effective_on=day))
    audit.mention(patients=len(found))
    return {patient: tuple(facts) for patient, facts in found.items()}


def _standing(scope: PatientScope, noun: str, **same: str) -> QuerySet[Entry]:
    """Of each patient or deposit of the outer query."""
    return scope.entries_of_each(**same).filter(noun=noun).exclude(status=Status.ENTERED_IN_ERROR)


def _narrowed(scope: PatientScope, narrowing: Narrowing, day: str) -> Exists | Q:
    newest_first = (F("effective_on").desc(nulls_last=True), "-pk")
    if narrowing is Narrowing.ACTIVE:
        newest = _standing(scope, "activity", patient="pk").order_by(*newest_first)
        active = scope.patients().annotate(word=_word(newest, "state")).filter(word="active")
        return Q(pk__in=active.values("pk"))
    if narrowing is Narrowing.GROWING:
        newest = _standing(scope, "deposit_event", deposit="pk").order_by(*newest_first)
        growing = scope.rows(Deposit).annotate(word=_word(newest, "event")).filter(word="growing")
        return Q(pk__in=growing.values("patient"))
    review = _standing(scope, "plan", patient="pk").filter(data__review_on__lt=day)
    since = _standing(scope, "visit_details", patient="patient").filter(
        effective_on__gte=OuterRef("effective_on"), effective_on__isnull=False
    )
    since = since.filter(contribution__at__gt=OuterRef("contribution__at"))
    return Exists(review.filter(~Exists(since)))


def _word(rows: QuerySet[Entry], key: str) -> Subquery:
    """What the first of the rows says there, as plain text, since JSON is compared differently by each database."""
    return Subquery(rows.annotate(word=KT(f"data__{key}")).values("word")[:1])


def _told(scope: PatientScope, patients: list[UUID]) -> Mapping[UUID, list[Entry]]:
    rows = scope.current_entries(patients).filter(noun__in=TOLD_BY)
    rows = rows.exclude(status=Status.ENTERED_IN_ERROR).order_by("effective_on", "contribution__at", "pk")
    by_patient: dict[UUID, list[Entry]] = {}
    for row in rows:
        by_patient.setdefault(row.patient_id, []).append(row)
    return by_patient


def _watched(scope: PatientScope, patients: list[UUID]) -> Mapping[UUID, list[Fact]]:
    rows = scope.current_entries(patients).filter(noun__in=WATCHED).exclude(status=Status.ENTERED_IN_ERROR)
    return _facts_by_patient(rows)


def _facts_by_patient(rows: QuerySet[Entry]) -> dict[UUID, list[Fact]]:
    """Facts of each, without who wrote them."""
    columns = ("patient", "uid", "version", "noun", "data", "status", "effective_on", "contribution__at")
    by_patient: dict[UUID, list[Fact]] = {}
    for patient, uid, version, noun, data, status, effective_on, at in rows.values_list(*columns):
        fact = _fact(uid=uid, version=version, noun=noun, data=data, status=status, effective_on=effective_on, at=at)
        by_patient.setdefault(patient, []).append(fact)
    return by_patient


def _fact(**said: Any) -> Fact:
    nobody: dict[str, Any] = {
        "version": 1, "status": Status.FINAL.value, "visit_id": None, "deposit_id": None, "by": "", "role": "", "at": NO_TIME,
        "reason": "", "software": "",
    }  # fmt: skip
    return Fact(**(nobody | said))


def _row(banner: Banner, entries: list[Entry], watched: list[Fact]) -> RosterRow:
    newest = {row.noun: row for row in entries}
    states = {row.deposit_id: str(row.data["event"]) for row in entries if row.noun == "deposit_event"}
    visits = [row.effective_on for row in entries if row.noun == "visit_details" and row.effective_on]
    return RosterRow(
        banner=banner,
        diagnosis=newest["diagnosis"].data["type"] if "diagnosis" in newest else None,
        antibodies=_positive(entries),
        activity=newest["activity"].data["state"] if "activity" in newest else None,
        deposits=len(states),
        growing=sum(state == "growing" for state in states.values()),
        last_visit_on=max(visits, default=None),
        review_on=newest["plan"].data.get("review_on") if "plan" in newest else None,
        watched=tuple(watched),
    )


def _positive(entries: list[Entry]) -> tuple[str, ...]:
    results = {row.data["antibody"]: row.data["result"] for row in entries if row.noun == "antibody"}
    return tuple(sorted(name for name, result in results.items() if result in ("positive", "weakly_positive")))
