"""Why mineral was lost between two scans: what the record says of the deposits, never what images suggest. Pure, from facts.

The stored comparison is not touched by it: what is recorded later of a deposit explains an earlier loss as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.fields import first_day
from calciscope.record.scans.followed import MEASUREMENT, Followed
from calciscope.record.scans.reading import read_candidates
from calciscope.record.vocabulary import terms
from calciscope.record.written_days import written
from calciscope.terms.tracking import Cause

BY_PROCEDURE = {
    "excision": Cause.EXCISED,
    "curettage": Cause.EXCISED,
    "debridement": Cause.EXCISED,
    "debridement_grafting": Cause.EXCISED,
    "co2_laser": Cause.EXCISED,
    "amputation": Cause.EXCISED,
    "aspiration": Cause.DRAINED,
    "drainage": Cause.DRAINED,
}
"""What takes mineral away; an injection, a biopsy or a shock wave explains no loss by itself (judgement)."""
BY_SKIN = {"extruding": Cause.EXTRUDED, "draining": Cause.DRAINED}
ORDER = (Cause.EXCISED, Cause.DRAINED, Cause.EXTRUDED, Cause.RESORBED)
MAY_LAST_DAYS = {4: 365, 7: 30}
"""Length of a date without month or day -> how many days after its first it may still mean, at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One fact that explains a loss: in words, with who recorded it."""

    cause: Cause
    words: str
    fact: UUID
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Why a family lost mineral. ``said`` are the facts it rests on; without any the cause is unknown."""

    said: tuple[Said, ...] = ()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """All that were recorded. Mineral that left through the skin or by a hand was not resorbed, as far as one can tell."""
        found = {one.cause for one in self.said}
        left = found - {Cause.RESORBED}
        return tuple(cause for cause in ORDER if cause in (left or found)) or (Cause.UNKNOWN,)

    @property
    def cause(self) -> Cause:
        """The one that a table holds: of several the one that takes most away."""
        return self.causes[0]


UNKNOWN = Loss()


def losses(comparison_of: tuple[Fact, Fact], found: Iterable[Followed], facts: Iterable[Fact]) -> dict[int, Loss]:
    """Place among the families -> why it lost mineral; only those that lost more than measurement error can explain.

    ``comparison_of`` are the earlier and the later measurement.
    """
    known = tuple(fact for fact in facts if fact.holds)
    earlier, later = comparison_of
    linked = [_linked(one, known) for one in (earlier, later)]
    first, last = earlier.effective_on, later.effective_on
    by_place: dict[int, Loss] = {}
    for place, family in enumerate(found):
        if not family.lost:
            continue
        keys = {side[one] for side, ids in zip(linked, (family.baseline_ids, family.followup_ids), strict=True)
                for one in ids if one in side}  # fmt: skip
        said = _said_of(keys, known, first, last) if first and last else ()
        by_place[place] = Loss(said=tuple(said))
    return by_place


def _linked(measurement: Fact, facts: tuple[Fact, ...]) -> Mapping[int, str]:
    if measurement.noun != MEASUREMENT:
        return {}
    return {one.number: one.deposit for one in read_candidates(measurement, facts) if one.deposit}


def _said_of(deposits: set[str], facts: tuple[Fact, ...], first: date, last: date) -> Iterator[Said]:
    for key in sorted(deposits):
        of_it = [fact for fact in facts if str(fact.deposit_id) == key]
        yield from _by_events([fact for fact in of_it if fact.noun == "deposit_event"], first, last)
        yield from _by_skin([fact for fact in of_it if fact.noun == "deposit_finding"], first, last)
        yield from _by_procedures([fact for fact in facts if fact.noun == "procedure"], key, first, last)


def _by_events(events: list[Fact], first: date, last: date) -> Iterator[Said]:
    """Events between the scans, and the state at the first scan where it is one that goes on."""
    known = terms("deposit_events")
    before = [fact for fact in events if fact.effective_on and fact.effective_on <= first]
    newest = max(before, key=lambda fact: (fact.effective_on, fact.at), default=None)
    lasting = [newest] if newest and known[str(newest.data["event"])].get("lasts") else []
    for fact in [*lasting, *(fact for fact in events if _between(str(fact.data["on"]), first, last))]:
        term = known[str(fact.data["event"])]
        if "loss" in term:
            yield _said(Cause(term["loss"]), str(term["words"]), str(fact.data["on"]), fact)


def _by_skin(findings: list[Fact], first: date, last: date) -> Iterator[Said]:
    for fact in findings:
        skin = fact.data.get("skin_state")
        if fact.effective_on and first < fact.effective_on <= last and isinstance(skin, list):
            for word in skin:
                if word in BY_SKIN:
                    yield _said(BY_SKIN[word], f"skin {word}", fact.effective_on.isoformat(), fact)


def _by_procedures(procedures: list[Fact], deposit: str, first: date, last: date) -> Iterator[Said]:
    for fact in procedures:
        treated = fact.data.get("deposits")
        cause = BY_PROCEDURE.get(str(fact.data["kind"]))
        on = str(fact.data["done_on"])
        if cause and isinstance(treated, list) and deposit in map(str, treated) and _between(on, first, last):
            yield _said(cause, str(fact.data["kind"]).replace("_", " "), on, fact)


def _said(cause: Cause, words: str, on: str, fact: Fact) -> Said:
    return Said(cause=cause, words=f"{words}, {written(on)}", fact=fact.uid, by=fact.by)


def _between(on: str, first: date, last: date) -> bool:
    """Whether the day lies after the first scan and not after the last, whichever day a date without one means."""
    begins = first_day(on) if on[:1].isdigit() else None
    if begins is None:
        return False
    ends = begins + timedelta(days=MAY_LAST_DAYS.get(len(on), 0))
    return first < begins and ends <= last
