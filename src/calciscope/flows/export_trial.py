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
from calciscope.record.trials.reading import result_of
from calciscope.share.sdtm.assessment import Assessment, Finding, Lesion, Response, Trial
from calciscope.share.sdtm.write import sdtm_zip
from calciscope.terms.deposits import Region, Side
from calciscope.terms.errors import Refused

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
        return cls(readings=readings, scans=scans, comparisons=own, lesions=_lesions(scans, order, own.values()))

    def assessments(self) -> list[Assessment]:
        return [self._assessment(reading) for reading in self.readings]

    def _assessment(self, reading: LockedReading) -> Assessment:
        evaluable = reading.data["quality"] != NOT_EVALUABLE
        counted = self._counted(reading) if evaluable else {}
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
            found=self._found(reading.measurement, counted),
            absent=absent,
            not_assessed=unknown,
            mass_mg=reading.data.get("mass_mg") if evaluable else None,
            volume_ml=reading.data.get("volume_ml") if evaluable else None,
            response=self._response(reading, evaluable),
        )

    def _counted(self, reading: LockedReading) -> dict[int, Mapping[str, Any]]:
        """Candidates that the reading took for calcinosis."""
        candidates = self.scans[reading.measurement].get("candidates", ())
        counted = result_of(reading.data["decisions"], candidates).counted
        return {int(one["deposit_id"]): one for one in candidates if int(one["deposit_id"]) in counted}

    def _found(self, scan: UUID, counted: Mapping[int, Mapping[str, Any]]) -> list[Finding]:
        parts: dict[Lesion, list[Mapping[str, Any]]] = defaultdict(list)
        for number, candidate in counted.items():
            parts[self.lesions[scan, number]].append(candidate)
        return [
            Finding(
                lesion=lesion,
                mass_mg=_sum(one.get("mass_mg") for one in pieces),
                volume_ml=_sum(one.get("volume_ml") for one in pieces),
                longest_mm=max(float(one.get("longest_diameter_mm") or 0.0) for one in pieces) or None,
            )
            for lesion, pieces in parts.items()
        ]

    def _others(
        self, reading: LockedReading, counted: Mapping[int, Mapping[str, Any]]
    ) -> tuple[list[Lesion], list[Lesion]]:
        """Lesions that were not counted: gone by the proof of tracking or by the reader's word on what is there; or unknown."""
        scan = reading.measurement
        here = {self.lesions[scan, number] for number in counted}
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

    def _response(self, reading: LockedReading, evaluable: bool) -> Response | None:
        """Since the scan before by the same evaluator's reading of it; the third reader's is held against the accepted one."""
        if reading.visit_number == 1:
            return None
        comparison = self.comparisons.get(reading.measurement)
        if not evaluable or comparison is None:
            return Response.NOT_EVALUABLE
        earlier = self._earlier(reading, UUID(str(comparison["earlier"])))
        if earlier is None:
            return None
        if earlier.data["quality"] == NOT_EVALUABLE:
            return Response.NOT_EVALUABLE
        before, after = (
            {number: one.get("mass_mg") for number, one in self._counted(which).items()} for which in (earlier, reading)
        )
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
