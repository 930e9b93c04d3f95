"""Reading plans of the own site as their coordinator sees them: who is how far, what was read, and what counts in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.entry import Entry
from calciscope.record.models.membership import Membership
from calciscope.record.models.reading_plan import PlanAmendment, ReadingItem, ReadingKind, ReadingPair, ReadingPlan
from calciscope.record.permissions import Permission, Role
from calciscope.record.reading_scope import ReadingScope, compared, measured, pairs_of, readings_of
from calciscope.record.scans.followed import BEFORE, FIRST
from calciscope.record.trials.amended import rules_of
from calciscope.record.trials.asked import is_locked
from calciscope.record.trials.plan import READERS, Rules
from calciscope.terms.errors import Refused

THIRD = 3
BLIND = "You read for this plan: what others read is shown to you once every reading is locked."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSeat:
    """Somebody of the site who may read for a trial."""

    membership: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderProgress:
    """How far one reader is."""

    name: str
    role: str  # reader 1 | reader 2 | third reader
    asked: int
    locked: int
    begun: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """One amendment: what it changed, why, by whom and when."""

    number: int
    kind: str  # rules | scans
    said: Mapping[str, Any]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeen:
    """A plan, and how far it is."""

    id: UUID
    study: str
    title: str
    rules: Rules
    drawn_by: str
    drawn_at: datetime
    subjects: int
    scans: int
    readers: Sequence[ReaderProgress]
    adjudications: int
    complete: bool
    amendments: Sequence[Amended]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedReading:
    """A locked reading with its scan, by subject number. ``reader`` is 1, 2 or 3 (who decided where those differed)."""

    subject: str
    visit_number: int
    measurement: UUID
    scan_on: date | None
    reader: int
    kind: str
    label: str
    data: Mapping[str, Any]
    because: Sequence[str]
    locked_at: datetime
    accepted: bool
    shown_as: str = ""  # A or B where it was read side by side with another


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReadings:
    """All that was read: what statistics and SDTM tables are made from. No name, no number of a hospital."""

    study: str
    rules: Rules
    complete: bool
    asked: int
    asked_third: int
    readings: Sequence[LockedReading]
    scans: Mapping[UUID, Mapping[str, Any]]  # measurement -> what was measured
    comparisons: Sequence[Mapping[str, Any]]


@query(permission=Permission.RUN_TRIAL)
def readers_of_site(*, by: Actor) -> tuple[ReaderSeat, ...]:
    """Who may be chosen as a reader, by name."""
    found = Membership.objects.filter(
        site_id=by.site_id, role=Role.READER.value, ended_at__isnull=True, user__is_active=True
    ).select_related("user")
    seats = tuple(ReaderSeat(membership=row.pk, name=row.user.name) for row in found.order_by("user__name"))
    audit.mention(count=len(seats))
    return seats


@query(permission=Permission.READ_COHORT)
def reading_plans(*, by: Actor) -> tuple[PlanSeen, ...]:
    """Plans of the own site, the newest first."""
    scope = ReadingScope.of(by)
    plans = tuple(_seen(scope, plan) for plan in scope.plans().order_by("-drawn_at", "pk"))
    audit.mention(count=len(plans))
    return plans


@query(permission=Permission.READ_COHORT)
def reading_plan(*, by: Actor, plan: UUID) -> PlanSeen:
    """One of them. Counts alone are told, so a reader may look."""
    scope = ReadingScope.of(by)
    seen = _seen(scope, scope.plan(plan))
    audit.mention(plan=plan)
    return seen


@query(permission=Permission.READ_COHORT)
def readings_of_plan(*, by: Actor, plan: UUID) -> TrialReadings:
    """What was read, for statistics of agreement; refused to a reader of the plan until all is locked."""
    found = _readings(by, plan)
    audit.mention(plan=plan, count=len(found.readings))
    return found


@query(permission=Permission.EXPORT_TRIAL)
def export_readings(*, by: Actor, plan: UUID) -> TrialReadings:
    """The same, to be taken out of the record; the audit says so."""
    found = _readings(by, plan)
    audit.mention(plan=plan, count=len(found.readings), subjects=len({one.subject for one in found.readings}))
    return found


def _seen(scope: ReadingScope, plan: ReadingPlan) -> PlanSeen:
    items = list(scope.items_of(plan))
    readings = readings_of(items)
    return PlanSeen(
        id=plan.pk,
        study=plan.study,
        title=plan.title,
        rules=rules_of(plan),
        drawn_by=plan.drawn_by.user.name,
        drawn_at=plan.drawn_at,
        subjects=len({item.subject for item in items}),
        scans=len({item.measurement for item in items}),
        readers=_progress(plan, items, readings),
        adjudications=sum(item.kind == ReadingKind.ADJUDICATION for item in items),
        complete=_complete(items, readings),
        amendments=tuple(_amended(one) for one in plan.amendments.order_by("number").select_related("made_by__user")),
    )


def _amended(one: PlanAmendment) -> Amended:
    return Amended(
        number=one.number, kind=one.kind, said=one.said, reason=one.reason, by=one.made_by.user.name, at=one.made_at
    )


def _progress(
    plan: ReadingPlan, items: Sequence[ReadingItem], readings: Mapping[UUID, Entry]
) -> tuple[ReaderProgress, ...]:
    numbers = _reader_numbers(plan)
    of_reader: dict[int, list[ReadingItem]] = defaultdict(list)
    for item in items:
        of_reader[numbers[item.reader_id]].append(item)
    names = {numbers[item.reader_id]: item.reader.user.name for item in items}
    names[THIRD] = plan.adjudicator.user.name
    return tuple(
        ReaderProgress(
            name=names[number],
            role="third reader" if number == THIRD else f"reader {number}",
            asked=len(of_reader[number]),
            locked=sum(is_locked(readings.get(item.pk)) for item in of_reader[number]),
            begun=sum(item.pk in readings for item in of_reader[number]),
        )
        for number in sorted(names)
    )


def _reader_numbers(plan: ReadingPlan) -> dict[UUID, int]:
    """Membership -> 1 or 2 for the readers as the plan names them, 3 for the third."""
    return {UUID(key): place for place, key in enumerate(plan.rules[READERS], 1)} | {plan.adjudicator_id: THIRD}


def _complete(items: Sequence[ReadingItem], readings: Mapping[UUID, Entry]) -> bool:
    return all(is_locked(readings.get(item.pk)) for item in items)


def _readings(by: Actor, key: UUID) -> TrialReadings:
    scope = ReadingScope.of(by)
    plan = scope.plan(key)
    items = list(scope.items_of(plan))
    readings = readings_of(items)
    complete = _complete(items, readings)
    people = {item.reader.user_id for item in items} | {plan.adjudicator.user_id}
    if by.user_id in people and not complete:
        raise Refused(BLIND)
    scans = measured(items)
    numbers = _reader_numbers(plan)
    locked = [item for item in items if is_locked(readings.get(item.pk))]
    accepted = _accepted(items, readings, numbers)
    pairs = pairs_of(locked)
    reaches = (BEFORE, FIRST) if pairs else (BEFORE,)
    return TrialReadings(
        study=plan.study,
        rules=rules_of(plan),
        complete=complete,
        asked=len(items),
        asked_third=sum(item.kind == ReadingKind.ADJUDICATION for item in items),
        readings=tuple(
            LockedReading(
                subject=item.subject,
                visit_number=item.visit_number,
                measurement=item.measurement,
                scan_on=scans[item.measurement].effective_on,
                reader=numbers[item.reader_id],
                kind=item.kind,
                label=item.label,
                data=readings[item.pk].data,
                because=tuple(item.because),
                locked_at=readings[item.pk].contribution.at,
                accepted=item.pk in accepted,
                shown_as=_letter(item.pk, pairs),
            )
            for item in locked
        ),
        scans={uid: row.data for uid, row in scans.items()},
        comparisons=tuple(row.data for reach in reaches for row in compared(items, reach=reach)),
    )


def _letter(key: UUID, pairs: Mapping[UUID, ReadingPair]) -> str:
    return "" if key not in pairs else "A" if pairs[key].first_id == key else "B"


def _accepted(items: Iterable[ReadingItem], readings: Mapping[UUID, Entry], numbers: Mapping[UUID, int]) -> set[UUID]:
    """The reading of each scan that counts: the third reader's, else that of the reader with the lower number.

    A scan that waits for its third reader, or for one of its two, has none yet.
    """
    by_scan: dict[UUID, list[ReadingItem]] = defaultdict(list)
    for item in items:
        if item.kind != ReadingKind.REPEAT:
            by_scan[item.measurement].append(item)
    return {
        min(asked, key=lambda item: (item.kind != ReadingKind.ADJUDICATION, numbers[item.reader_id])).pk
        for asked in by_scan.values()
        if all(is_locked(readings.get(item.pk)) for item in asked)
    }
