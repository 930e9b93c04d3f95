"""Two scans of a subject side by side: which is the earlier is drawn, recorded, and told to nobody before all is locked."""

from __future__ import annotations

import json
from dataclasses import asdict
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from calciscope.flows.export_trial import trial_of
from calciscope.record.actions.trial_readings import Said, lock_reading, save_reading
from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import ReadingItem, ReadingPair
from calciscope.record.queries.reading_plans import readings_of_plan
from calciscope.record.queries.trial_readings import reading_task, worklist
from calciscope.record.refusals import Invalid
from calciscope.record.trials.draw import Shown, draw_pairs
from calciscope.record.trials.plan import Rules
from calciscope.record.trials.reading import reading_key
from calciscope.share.sdtm.assessment import Response
from tests.unit.record.trials.made import Trial, decide, made_trial

READERS = (UUID(int=1), UUID(int=2))
PAIRS = [
    tuple(
        Shown(
            subject=f"01-{subject:03d}",
            patient=uuid5(NAMESPACE_URL, f"patient {subject}"),
            measurement=uuid5(NAMESPACE_URL, f"scan {subject} {visit}"),
            visit_number=visit,
        )
        for visit in (1, 4)
    )
    for subject in range(40)
]


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def trial(people, doctor) -> Trial:
    return made_trial(people, doctor, pairs=True, repeat_percent=0)


def both_of(reader) -> list[UUID]:
    task = reading_task(by=reader, item=worklist(by=reader).listed[0].item)
    return [task.item, task.other]


def test_the_same_seed_draws_the_same_sides_and_neither_side_is_mostly_the_earlier() -> None:
    drawn = draw_pairs(PAIRS, READERS, Rules(seed=7, repeat_percent=0))
    assert drawn == draw_pairs(list(reversed(PAIRS)), READERS, Rules(seed=7, repeat_percent=0))
    assert len(drawn) == 80
    for reader in READERS:
        earlier_first = sum(one.first.scan.visit_number == 1 for one in drawn if one.first.reader == reader)
        assert 10 <= earlier_first <= 30
    assert len({label for one in drawn for label in (one.label, one.first.label, one.second.label)}) == 240


def test_a_pair_is_one_line_and_tells_no_order(trial) -> None:
    for reader in trial.readers:
        listed = worklist(by=reader).listed
        assert len(listed) == 2 and all(one.side_by_side for one in listed)
        for line in listed:
            first = reading_task(by=reader, item=line.item)
            second = reading_task(by=reader, item=first.other)
            assert (first.letter, second.letter, first.label) == ("A", "B", second.label)
            assert [len(one.families) for one in (first, second)] == [3, 3]
            told = json.dumps([asdict(first), asdict(second)], default=str)
            hidden = ["stable", "grown", "earlier", "later", "visit", "2025", "2026", *trial.patients.values()]
            assert [word for word in hidden if word in told] == []


def test_both_are_locked_together_and_compared(trial) -> None:
    reader = trial.readers[0]
    here, there = both_of(reader)
    seen = decide(reader, here)
    with pytest.raises(Invalid, match="compare"):
        lock_reading(by=reader, item=here, said=Said(seen=seen))
    with pytest.raises(Invalid) as left:
        lock_reading(by=reader, item=here, said=Said(seen=seen, beside="more"))
    assert [problem.field for problem in left.value.problems] == ["o-1", "o-2", "o-3"]
    save_reading(by=reader, item=there, said=Said(quality="not_evaluable", remark="Moved throughout"))
    lock_reading(by=reader, item=here, said=Said(seen=seen, beside="not_comparable"))
    kept = {key: Entry.unscoped.filter(uid=reading_key(key)).latest("version").data for key in (here, there)}
    assert [kept[key]["state"] for key in (here, there)] == ["locked", "locked"]
    assert kept[there]["quality"] == "not_evaluable" and kept[there]["beside"] == "not_comparable"


def test_the_order_is_told_once_all_is_locked_and_turns_words_into_a_change(trial) -> None:
    for reader in trial.readers:
        while following := worklist(by=reader).following:
            here = reading_task(by=reader, item=following.item)
            decide(reader, here.other)
            more_in_later = ReadingItem.unscoped.get(pk=here.item).visit_number == 2
            said = Said(seen=decide(reader, here.item), beside="more" if more_in_later else "less")
            assert reading_task(by=reader, item=here.item).order == ""
            lock_reading(by=reader, item=here.item, said=said)
    pair = ReadingPair.unscoped.filter(first__reader_id=trial.readers[0].membership_id)[0]
    task = reading_task(by=trial.readers[0], item=pair.first_id)
    assert task.order == ("earlier" if pair.first.visit_number == 1 else "later")
    read = trial_of(readings_of_plan(by=trial.doctor, plan=trial.plan))
    said = {(one.visit_number, one.compared) for one in read.assessments}
    assert said == {(1, None), (2, Response.INCREASE)}


def test_what_tracking_says_is_not_shown_where_it_would_tell_the_order() -> None:
    assert [one.field for one in Rules(pairs=True, shows_events=True).problems()] == ["shows_events"]
