"""Deposits that a scan shows stand in the picture once: with those on the body map, or by themselves and marked as such."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from calciscope.record.fact import Fact
from calciscope.record.picture.scanned import MOST_FROM_SCANS
from calciscope.record.scans.reading import decision_key
from calciscope.terms.deposits import Layer, Region, Side
from calciscope.terms.picture import DepositForm, SeenDeposit
from tests.unit.record.picture.test_picture import D1, FINDING, drawn, event, fact
from tests.unit.record.scans.made import candidate

SCANNED = date(2026, 10, 1)


def scan(
    *candidates: dict, day: date = SCANNED, regions: tuple[str, ...] = ("knee",), outcome: str = "measured"
) -> tuple[Fact, Fact]:
    study = fact("imaging_study", day, modality="ct", done_on=day.isoformat(), regions=list(regions))
    return study, fact("imaging_measurement", None, study=str(study.uid), outcome=outcome, candidates=list(candidates))


def decided(measurement: Fact, number: int, decision: str = "accept", **more) -> Fact:
    said = fact(
        "candidate_decision", None, measurement=str(measurement.uid), candidate=number, decision=decision, **more
    )
    return replace(said, uid=decision_key(measurement.uid, number))


def mapped(**changed) -> tuple[Fact, Fact]:
    return fact("deposit_finding", deposit=D1, **(FINDING | changed)), event("present")


def seen(*facts: Fact) -> tuple[SeenDeposit, ...]:
    return drawn(*facts).picture.deposits or ()


def test_what_only_a_scan_shows_is_there_and_marked() -> None:
    found = drawn(*scan(candidate(1), candidate(4, kind="vascular")))
    (one,) = found.picture.deposits or ()
    assert (one.site, one.side, one.layer, one.form) == (Region.KNEE, Side.LEFT, Layer.SUBCUTANEOUS, DepositForm.NODULE)
    assert (one.longest_mm, one.from_imaging, one.states, one.symptomatic) == (14.0, True, None, None)
    assert [(each.label, each.from_imaging) for each in found.deposits] == [("scan of 01 Oct 2026, no. 1", True)]


@pytest.mark.parametrize(("kind", "shown"), [("calcinosis", True), ("vascular", False)])
def test_a_scan_that_shows_calcinosis_is_imaging_that_shows_calcium(kind: str, shown: bool) -> None:
    found = drawn(*scan(candidate(1, kind=kind))).picture
    assert ("imaging_shows_calcium" in found.conditions) is shown


def test_those_of_the_body_map_come_first_under_their_labels() -> None:
    found = drawn(*scan(candidate(1)), *mapped())
    assert [one.from_imaging for one in found.picture.deposits or ()] == [False, True]
    assert [one.label for one in found.deposits] == ["D01", "scan of 01 Oct 2026, no. 1"]


def test_a_linked_candidate_is_no_second_deposit_and_gives_its_size() -> None:
    study, measurement = scan(candidate(1, region="elbow", longest_diameter_mm=21.0))
    link = decided(measurement, 1, linked_deposit=str(D1))
    (one,) = seen(study, measurement, link, *mapped(longest_mm="not_assessed"))
    assert (one.longest_mm, one.from_imaging) == (21.0, False)
    (examined_since,) = seen(study, measurement, link, *mapped())
    assert examined_since.longest_mm == 14
    older = fact("deposit_finding", date(2026, 9, 1), deposit=D1, **FINDING), event("present", date(2026, 9, 1))
    (measured_since,) = seen(study, measurement, link, *older)
    assert measured_since.longest_mm == 21.0


def test_the_longest_of_several_linked_parts_counts_and_gaps_are_filled() -> None:
    study, measurement = scan(
        candidate(1, region="elbow", longest_diameter_mm=9.0), candidate(2, region="elbow", longest_diameter_mm=30.0)
    )
    links = [decided(measurement, number, linked_deposit=str(D1)) for number in (1, 2)]
    (one,) = seen(
        study, measurement, *links, *mapped(longest_mm="not_assessed", layer="not_assessed", form="not_assessed")
    )
    assert (one.longest_mm, one.layer, one.form) == (30.0, Layer.SUBCUTANEOUS, DepositForm.NODULE)


def test_one_that_may_be_on_the_map_is_not_counted_twice_but_told() -> None:
    found = drawn(*scan(candidate(1, region="elbow"), candidate(2, region="elbow")), *mapped())
    assert [one.from_imaging for one in found.picture.deposits or ()] == [False, True]
    assert any("taken for as many on the body map" in text for text in found.picture.unread)


@pytest.mark.parametrize(
    ("decision", "more", "count"),
    [("reject", {}, 0), ("relabel", {"kind": "vascular"}, 0), ("accept", {}, 1)],
)
def test_the_clinicians_word_decides(decision: str, more: dict, count: int) -> None:
    study, measurement = scan(candidate(1))
    assert len(seen(study, measurement, decided(measurement, 1, decision, **more))) == count
    study, measurement = scan(candidate(4, kind="vascular"))
    assert len(seen(study, measurement, decided(measurement, 4, "relabel", kind="calcinosis"))) == 1


def test_a_deposit_that_ended_is_not_brought_back_by_an_old_link() -> None:
    study, measurement = scan(candidate(1, region="elbow"))
    link = decided(measurement, 1, linked_deposit=str(D1))
    assert seen(study, measurement, link, *mapped(), event("excised", date(2026, 11, 2))) == ()


def test_a_later_scan_of_the_same_part_counts_alone() -> None:
    first, second = scan(candidate(1), candidate(2, region="elbow")), scan(candidate(1), day=date(2026, 11, 1))
    found = drawn(*first, *second)
    assert sorted(one.label for one in found.deposits) == ["scan of 01 Nov 2026, no. 1", "scan of 01 Oct 2026, no. 2"]
    other_side = scan(candidate(1, side="right"), day=date(2026, 11, 1))
    assert len(seen(*first, *other_side)) == 3


def test_a_scan_of_a_later_day_or_that_failed_is_not_there() -> None:
    assert seen(*scan(candidate(1), day=date(2026, 11, 24))) == ()
    assert seen(*scan(candidate(1), outcome="failed")) == ()


def test_what_continues_a_linked_one_by_tracking_is_the_same() -> None:
    first, second = (
        scan(candidate(1, region="elbow")),
        scan(candidate(5, region="elbow", longest_diameter_mm=25.0), day=date(2026, 11, 2)),
    )
    link = decided(first[1], 1, linked_deposit=str(D1))
    tracked = fact(
        "imaging_comparison", None, measurement=str(second[1].uid), earlier=str(first[1].uid), outcome="compared",
        families=[{"event": "grown", "baseline_ids": [1], "followup_ids": [5], "change_percent": 40.0, "significant": True}],
    )  # fmt: skip
    (one,) = seen(*first, *second, link, tracked, *mapped())
    assert one.longest_mm == 25.0


def test_of_its_skin_only_an_examination_since_tells() -> None:
    whole = fact("examination", date(2026, 10, 2), extent="whole_body", outcome="deposits_found")
    assert seen(*scan(candidate(1)), whole)[0].states == frozenset()
    elsewhere = fact("examination", date(2026, 10, 2), extent="parts", regions=["hand"], outcome="deposits_found")
    before = fact("examination", date(2026, 9, 2), extent="whole_body", outcome="none_found")
    assert seen(*scan(candidate(1)), elsewhere)[0].states is None
    assert seen(*scan(candidate(1)), before)[0].states is None


def test_very_many_are_cut_to_the_heaviest_and_the_rest_is_told() -> None:
    found = drawn(*scan(*(candidate(number) for number in range(1, MOST_FROM_SCANS + 6))))
    assert len(found.deposits) == MOST_FROM_SCANS
    assert found.deposits[0].label.endswith("no. 1")
    assert any(text.startswith("5 more deposits") for text in found.picture.unread)


def test_each_scan_stands_by_its_own_key() -> None:
    study, measurement = scan(candidate(1))
    assert [one.id for one in drawn(study, measurement).deposits] == [measurement.uid]
