"""Ask the third reader, as soon as the last reading that the rule compares is locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import ReadingItem, ReadingKind
from calciscope.record.nouns.reading import NOT_EVALUABLE
from calciscope.record.reading_scope import compared, measured, readings_of
from calciscope.record.scans.followed import followed
from calciscope.record.trials.amended import rules_of
from calciscope.record.trials.asked import is_locked
from calciscope.record.trials.draw import blinded_label
from calciscope.record.trials.plan import Rules
from calciscope.record.trials.reading import Result, result_of
from calciscope.record.trials.rule import EVENTS, QUALITY, differ, events_read

Pair = tuple[Entry, Entry]


def ask_third_reader(item: ReadingItem) -> list[UUID]:
    """After a first reading was locked: the new items for the third reader, of this scan and of those that it is compared with."""
    firsts = [one for one in item.plan.items.filter(patient_id=item.patient_id, kind=ReadingKind.FIRST)]
    pairs = _pairs(firsts)
    scans = measured(firsts)
    rules = rules_of(item.plan)
    asked: dict[UUID, list[str]] = {}
    if item.measurement in pairs:
        asked[item.measurement] = list(_reasons(pairs[item.measurement], scans[item.measurement], rules))
    if rules.judge_events:
        for later in _events_differ(item, pairs, scans):
            asked[later] = [*asked.get(later, []), EVENTS]
    return [
        new for measurement, because in asked.items() if because and (new := _ask(item, firsts, measurement, because))
    ]


def _pairs(firsts: Sequence[ReadingItem]) -> dict[UUID, Pair]:
    """Measurement -> both locked readings, the readers in the same order throughout; a scan read by one alone has none."""
    readings = readings_of(firsts)
    found: dict[UUID, Pair] = {}
    for measurement in {one.measurement for one in firsts}:
        both = sorted((one for one in firsts if one.measurement == measurement), key=lambda one: str(one.reader_id))
        locked = [readings[one.pk] for one in both if is_locked(readings.get(one.pk))]
        if len(locked) == 2:
            found[measurement] = (locked[0], locked[1])
    return found


def _reasons(pair: Pair, scan: Entry, rules: Rules) -> tuple[str, ...]:
    readable = [one.data["quality"] != NOT_EVALUABLE for one in pair]
    if not all(readable):
        return (QUALITY,) if any(readable) else ()
    first, second = (_result(one, scan) for one in pair)
    return differ(first, second, rules)


def _events_differ(item: ReadingItem, pairs: Mapping[UUID, Pair], scans: Mapping[UUID, Entry]) -> list[UUID]:
    """Later scans of comparisons that this scan is part of, where the two readers' events are not the same."""
    found = []
    for comparison in compared([item]):
        earlier, later = (UUID(str(comparison.data[name])) for name in ("earlier", "measurement"))
        if item.measurement not in (earlier, later) or not {earlier, later} <= set(pairs):
            continue
        readings = [*pairs[earlier], *pairs[later]]
        if any(one.data["quality"] == NOT_EVALUABLE for one in readings):
            continue
        families = followed(comparison.data.get("families", ()))
        first, second = (
            events_read(families, _result(then, scans[earlier]), _result(now, scans[later]))
            for then, now in zip(pairs[earlier], pairs[later], strict=True)
        )
        if first != second:
            found.append(later)
    return found


def _result(reading: Entry, scan: Entry) -> Result:
    return result_of(reading.data, scan.data.get("candidates", ()))


def _ask(item: ReadingItem, firsts: Sequence[ReadingItem], measurement: UUID, because: list[str]) -> UUID | None:
    """A new item for the third reader, unless one was asked for already."""
    plan = item.plan
    if plan.items.filter(measurement=measurement, kind=ReadingKind.ADJUDICATION).exists():
        return None
    like = next(one for one in firsts if one.measurement == measurement)
    taken = set(plan.items.values_list("label", flat=True))
    new = ReadingItem(
        plan=plan,
        patient_id=like.patient_id,
        subject=like.subject,
        measurement=measurement,
        visit_number=like.visit_number,
        reader_id=plan.adjudicator_id,
        kind=ReadingKind.ADJUDICATION,
        label=blinded_label(taken, plan.rules["seed"], plan.adjudicator_id, measurement, ReadingKind.ADJUDICATION),
        position=1 + plan.items.filter(reader_id=plan.adjudicator_id).count(),
        because=because,
    )
    new.save()
    return new.pk
