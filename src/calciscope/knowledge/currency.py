"""When each file was last held against its sources, and when it is to be again. A date is asked for: nothing here knows today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from calciscope.knowledge.load import Knowledge
from calciscope.knowledge.load_upkeep import seen_on
from calciscope.knowledge.model import Level

A_YEAR_MONTHS = 12
LAST_DAY_OF_EVERY_MONTH = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One file: its folder, id and title, the therapies it is about, when it was checked, and when it is due."""

    folder: str
    id: str
    title: str
    kind: str
    therapies: frozenset[str]
    checked: date
    due: date

    def overdue(self, on: date) -> bool:
        """Whether the day on which it was to be checked again has passed."""
        return self.due < on


def checked_files(knowledge: Knowledge) -> tuple[Checked, ...]:
    """Every therapy, rule and trial, the one that is due first at the head."""
    found = [*_therapies(knowledge), *_rules(knowledge), *_trials(knowledge)]
    return tuple(sorted(found, key=lambda one: (one.due, one.folder, one.id)))


def overdue_files(knowledge: Knowledge, on: date) -> tuple[Checked, ...]:
    """Those that are overdue on that day, the longest first."""
    return tuple(one for one in checked_files(knowledge) if one.overdue(on))


def _therapies(knowledge: Knowledge) -> Iterator[Checked]:
    for one in knowledge.therapies.values():
        kind = "experimental_therapy" if one.experimental else "therapy"
        yield Checked(
            folder="therapies",
            id=one.id,
            title=one.title,
            kind=kind,
            therapies=frozenset({one.id}),
            checked=one.checked,
            due=_due(knowledge, kind, one.checked, one.check_months),
        )


def _rules(knowledge: Knowledge) -> Iterator[Checked]:
    for one in knowledge.rules.values():
        kind = "stop" if one.level in (Level.STOP, Level.RED_FLAG) else "rule"
        yield Checked(
            folder="rules",
            id=one.id,
            title=one.because,
            kind=kind,
            therapies=one.therapies,
            checked=one.checked,
            due=_due(knowledge, kind, one.checked, one.check_months),
        )


def _trials(knowledge: Knowledge) -> Iterator[Checked]:
    for one in knowledge.trials.values():
        day = seen_on(one.seen_on)
        if day is not None:
            kind = "open_trial" if one.open else "closed_trial"
            yield Checked(
                folder="trials",
                id=one.id,
                title=one.title,
                kind=kind,
                therapies=frozenset({one.therapy} if one.therapy else ()),
                checked=day,
                due=_due(knowledge, kind, day, None),
            )


def _due(knowledge: Knowledge, kind: str, checked: date, own_months: int | None) -> date:
    """The same day some months later, sooner where the file asks for it; the 29th to 31st become the 28th, which every month has."""
    usual = knowledge.intervals[kind].months
    years, month = divmod(checked.month - 1 + min(usual, own_months or usual), A_YEAR_MONTHS)
    return date(checked.year + years, month + 1, min(checked.day, LAST_DAY_OF_EVERY_MONTH))
