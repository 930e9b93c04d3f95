"""What a trial's readers found, out of the record as SDTM tables: by subject numbers, audited, without a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from calciscope.record.actor import Actor
from calciscope.record.ledger import software
from calciscope.record.nouns.reading import NOT_EVALUABLE
from calciscope.record.queries.reading_plans import LockedReading, TrialReadings, export_readings
from calciscope.record.scans.followed import followed
from calciscope.record.trials.change import Change, change_read
from calciscope.record.trials.draw import REPEAT
from calciscope.record.trials.lesions import lesions
from calciscope.record.trials.reading import Counted, Result, added_pairs, result_of
from calciscope.share.sdtm.assessment import Assessment, Finding, Lesion, Response, Trial
from calciscope.share.sdtm.write import sdtm_zip
from calciscope.terms.deposits import Region, Side
from calciscope.terms.errors import Refused

BESIDE = {
    "more": Response.INCREASE,
    "less": Response.DECREASE,
    "alike": Response.NO_CHANGE,
    "not_comparable": Response.NOT_EVALUABLE,
}
RESPONSES = {
    Change.INCREASE: Response.INCREASE,
    Change.DECREASE: Response.DECREASE,
    Change.NO_CHANGE: Response.NO_CHANGE,
    Change.NOT_EVALUABLE: Response.NOT_EVALUABLE,
}


def export_trial(*, by: Actor, plan: UUID) -> tuple[str, bytes]:
    """The name of the study, and a zip of its tables. Raises Refused where nothing is locked yet, or a reader asks too early."""
    read = export_readings(by=by, plan=plan)
    return read.study, sdtm_zip(trial_of(read))


def trial_of(read: TrialReadings) -> Trial:
    """As the tables take it. Repeats are for agreement within a reader and are no further assessments."""
    by_subject: dict[str, list[LockedReading]] = defaultdict(list)
    for reading in read.readings:
        if reading.kind != REPEAT:
            by_subject[reading.subject].append(reading)
    assessments = [
        one
        for subject in sorted(by_subject)
        for one in _Subject.of(by_subject[subject], read.scans, read.comparisons).assessments()
    ]
    as_of = max((reading.locked_at for reading in read.readings), default=datetime(1970, 1, 1, tzinfo=UTC))
    return Trial(study=read.study, assessments=assessments, as_of=as_of.astimezone(UTC), software=software())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """All readings of one subject. ``comparisons`` is later scan -> what tracking found since the one before."""

    readings: Sequence[LockedReading]
    scans: Mapping[UUID, Mapping[str, Any]]
    comparisons: Mapping[UUID, Mapping[str, Any]]
    lesions: Mapping[tuple[UUID, int], Lesion]
    added: Mapping[tuple[str, str], Lesion]  # label of a reading, and what was added in it

    @classmethod
    def of(
        cls,
        readings: Sequence[LockedReading],
        scans: Mapping[UUID, Mapping[str, Any]],
        comparisons: Iterable[Mapping[str, Any]],
    ) -> _Subject:
        visits = {one.measurement: one.visit_number for one in readings}
        order = sorted(visits, key=lambda one: visits[one])
        own = {
            UUID(str(one["measurement"])): one
            for one in comparisons
            if {UUID(str(one["measurement"])), UUID(str(one["earlier"]))} <= set(order)
        }
        known = _lesions(scans, order, own.values())
        added = _added(readings, scans, 1 + max((one.number for one in known.values()), default=0))
        return cls(readings=readings, scans=scans, comparisons=own, lesions=known, added=added)

    def assessments(self) -> list[Assessment]:
        return [self._assessment(reading) for reading in self.readings]

    def _assessment(self, reading: LockedReading) -> Assessment:
        evaluable = reading.data["quality"] != NOT_EVALUABLE
        result = self._result(reading)
        counted = result.items if evaluable else ()
        absent, unknown = self._others(reading, counted)
        return Assessment(
            subject=reading.subject,
            visit_number=reading.visit_number,
            scan_on=_day(reading),
            evaluator=reading.reader,
            label=reading.label,
            accepted=reading.accepted,
            evaluable=evaluable,
            reason=str(reading.data.get("remark", "")) if not evaluable else "",
            found=self._found(reading, counted),
            absent=absent,
            not_assessed=unknown,
            mass_mg=reading.data.get("mass_mg") if evaluable else None,
            volume_ml=reading.data.get("volume_ml") if evaluable else None,
            response=self._response(reading, evaluable),
            compared=self._compared(reading, evaluable),
        )

    def _result(self, reading: LockedReading) -> Result:
        return result_of(reading.data, self.scans[reading.measurement].get("candidates", ()))

    def _found(self, reading: LockedReading, counted: Sequence[Counted]) -> list[Finding]:
        parts: dict[Lesion, list[Mapping[str, Any]]] = defaultdict(list)
        for one in counted:
            lesion = self.lesions[reading.measurement, one.of[0]] if one.of else self.added[reading.label, one.id]
            parts[lesion].append(one.row)
        return [
            Finding(
                lesion=lesion,
                mass_mg=_sum(one.get("mass_mg") for one in pieces),
                volume_ml=_sum(one.get("volume_ml") for one in pieces),
                longest_mm=max(float(one.get("longest_diameter_mm") or 0.0) for one in pieces) or None,
            )
            for lesion, pieces in parts.items()
        ]

    def _others(self, reading: LockedReading, counted: Sequence[Counted]) -> tuple[list[Lesion], list[Lesion]]:
        """Lesions that were not counted: gone by the proof of tracking or by the reader's word on what is there; or unknown.

        What was merged into another is none of them: it is told of with that other.
        """
        scan = reading.measurement
        here = {self.lesions[scan, number] for one in counted for number in one.of}
        proposed = {lesion for (one, _), lesion in self.lesions.items() if one == scan}
        comparison = self.comparisons.get(scan)
        gone = {
            self.lesions[UUID(str(comparison["earlier"])), number]
            for family in followed(comparison.get("families", ()))
            if family.event == "resolved"
            for number in family.baseline_ids
        } if comparison else set()  # fmt: skip
        rest = set(self.lesions.values()) - here
        absent = rest & (proposed | gone)
        return sorted(absent, key=_number), sorted(rest - absent, key=_number)

    def _compared(self, reading: LockedReading, evaluable: bool) -> Response | None:
        """The reader's own word on the later of two scans side by side, said before the order was known."""
        if "beside" not in reading.data or reading.visit_number == min(one.visit_number for one in self.readings):
            return None
        return BESIDE[reading.data["beside"]] if evaluable else Response.NOT_EVALUABLE

    def _response(self, reading: LockedReading, evaluable: bool) -> Response | None:
        """Since the scan before by the same evaluator's reading of it; the third reader's is held against the accepted one."""
        if reading.visit_number == min(one.visit_number for one in self.readings):
            return None
        comparison = self.comparisons.get(reading.measurement)
        if not evaluable or comparison is None:
            return Response.NOT_EVALUABLE
        earlier = self._earlier(reading, UUID(str(comparison["earlier"])))
        if earlier is None:
            return None
        if earlier.data["quality"] == NOT_EVALUABLE:
            return Response.NOT_EVALUABLE
        before, after = (self._result(which).masses_mg for which in (earlier, reading))
        return RESPONSES[change_read(comparison, before, after)]

    def _earlier(self, reading: LockedReading, scan: UUID) -> LockedReading | None:
        of_scan = [one for one in self.readings if one.measurement == scan]
        own = next((one for one in of_scan if one.reader == reading.reader), None)
        return own or next((one for one in of_scan if one.accepted and reading.accepted), None)


def _lesions(
    scans: Mapping[UUID, Mapping[str, Any]], order: Sequence[UUID], comparisons: Iterable[Mapping[str, Any]]
) -> dict[tuple[UUID, int], Lesion]:
    """Every candidate's lesion, which lies where its first candidate was found."""
    numbers = lesions(scans, order, comparisons)
    made: dict[int, Lesion] = {}
    for scan in order:
        for candidate in scans[scan].get("candidates", ()):
            number = numbers[scan, int(candidate["deposit_id"])]
            place = Lesion(number=number, region=Region(candidate["region"]), side=Side(candidate["side"]))
            made.setdefault(number, place)
    return {node: made[number] for node, number in numbers.items()}


def _added(
    readings: Sequence[LockedReading], scans: Mapping[UUID, Mapping[str, Any]], first: int
) -> dict[tuple[str, str], Lesion]:
    """What readers have added, each a lesion of its own, the same for readers who added it at the same place of one scan."""
    made: dict[tuple[str, str], Lesion] = {}
    known: dict[UUID, list[tuple[Counted, Lesion]]] = defaultdict(list)
    for reading in sorted(readings, key=lambda one: (one.visit_number, one.reader, one.label)):
        mine = result_of(reading.data, scans[reading.measurement].get("candidates", ())).added
        lesion_of = {id(one): lesion for one, lesion in known[reading.measurement]}
        for own, other in added_pairs(mine, [one for one, _ in known[reading.measurement]]):
            if own is None:
                continue
            fresh = Lesion(
                number=first + len({*made.values()}), region=Region(own.row["region"]), side=Side(own.row["side"])
            )
            lesion = lesion_of[id(other)] if other else fresh
            made[reading.label, own.id] = lesion
            if other is None:
                known[reading.measurement].append((own, lesion))
    return made


def _sum(values: Iterable[Any]) -> float | None:
    numbers = list(values)
    known = [float(one) for one in numbers if isinstance(one, int | float)]
    return sum(known) if len(known) == len(numbers) else None


def _number(lesion: Lesion) -> int:
    return lesion.number


def _day(reading: LockedReading) -> date:
    if reading.scan_on is None:
        raise Refused(f"A scan of subject {reading.subject} has no date any more; correct that first.")
    return reading.scan_on
