"""The list as it is shown: words for codes, what is not known said as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.flows.monitoring_due import monitoring_due
from calciscope.record.queries.roster import Narrowing, Roster, RosterRow
from calciscope.record.vocabulary import words
from calciscope.web.design.patient_banner import age

NARROWING_WORDS = {
    Narrowing.ACTIVE: "active disease",
    Narrowing.GROWING: "deposits growing",
    Narrowing.OVERDUE: "review overdue",
}
MONITORING = "monitoring"  # told by the rules of the drugs that are taken, so not asked of the database
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """What is due of the drugs that are taken: overdue, without a date, and the next day."""

    overdue: int
    unknown: int
    next_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list."""

    id: UUID
    name: str
    born_on: date | None
    age: str
    numbers: str
    diagnosis: str
    antibodies: str
    activity: str
    deposits: str
    growing: int
    last_visit_on: date | None
    review_on: str
    overdue: bool
    monitoring: Monitoring | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the list page shows."""

    rows: Sequence[Row]
    total: int
    first: int
    last: int
    before: int | None
    after: int | None
    advice_on: bool


def listing(roster: Roster, *, offset: int, today: date) -> Listing:
    """One page of the list."""
    last = offset + len(roster.rows)
    return Listing(
        rows=[_row(row, today, advice_on=roster.advice_on) for row in roster.rows],
        total=roster.total,
        first=offset + 1 if roster.rows else 0,
        last=last,
        before=max(0, offset - PAGE) if offset else None,
        after=last if last < roster.total else None,
        advice_on=roster.advice_on,
    )


def _row(row: RosterRow, today: date, *, advice_on: bool) -> Row:
    banner = row.banner
    antibodies = words("antibodies")
    return Row(
        id=banner.id,
        name=", ".join(part for part in (banner.family_name, banner.given_name) if part) or "identity erased",
        born_on=banner.born_on,
        age=age(banner.born_on, today),
        numbers=", ".join(banner.numbers),
        diagnosis=words("diagnoses").get(row.diagnosis or "", "not recorded"),
        antibodies=", ".join(antibodies.get(code, code) for code in row.antibodies) or "none recorded",
        activity=row.activity.replace("_", " ") if row.activity else "not recorded",
        deposits=str(row.deposits) if row.deposits else "none recorded",
        growing=row.growing,
        last_visit_on=row.last_visit_on,
        review_on=row.review_on or "",
        overdue=_overdue(row, today),
        monitoring=_monitoring(row, today) if advice_on else None,
    )


def _monitoring(row: RosterRow, today: date) -> Monitoring:
    found = monitoring_due(row.watched, today)
    ahead = [one.due for one in found if one.due and not one.overdue]
    return Monitoring(
        overdue=sum(bool(one.overdue) for one in found),
        unknown=sum(one.due is None for one in found),
        next_on=min(ahead, default=None),
    )


def _overdue(row: RosterRow, today: date) -> bool:
    due = row.review_on
    if not due or not due[:1].isdigit() or due >= today.isoformat():
        return False
    return row.last_visit_on is None or row.last_visit_on.isoformat() < due
