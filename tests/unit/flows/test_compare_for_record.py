"""A scan beside the one before it: recorded once with what became of each deposit; scans that cannot be compared say so."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from calciscope.flows import compare_for_record
from calciscope.flows.compare_for_record import compare_around, compare_with_earlier, give_up_comparing
from calciscope.flows.scan_worker import compare_next
from calciscope.record.actions.candidates import Decision, decide_candidates
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.models.scan import Scan
from calciscope.record.queries.patients import patient_page
from calciscope.record.scans import work
from calciscope.record.scans.followed import comparison_of, comparison_with_first, families, tracked_to
from calciscope.terms.errors import Refused
from tests.unit.record.conftest import doctor, patient, people
from tests.unit.record.scans.made import measured_scan

__all__ = ["doctor", "patient", "people"]
FAMILY = {"baseline_mass_mg": 100.0, "followup_mass_mg": 150.0, "change_mg": 50.0, "limit_mg": 10.0, "note": ""}
BURDEN = {
    "baseline_mg": 183.3, "followup_mg": 200.0, "change_mg": 16.7, "change_percent": 9.0, "limit_mg": 5.0, "significant": True,
}  # fmt: skip


@pytest.fixture
def two_scans(doctor, patient, settings, tmp_path) -> tuple[UUID, UUID]:
    settings.MEDIA_ROOT = tmp_path / "files"
    return measured_scan(doctor, patient), measured_scan(doctor, patient, done_on="2026-09-10")


def tracking(monkeypatch, answer) -> list[tuple[Path, ...]]:
    """Stand in for the tracking of pixels, which has tests of its own."""
    asked: list[tuple[Path, ...]] = []

    def track(request):
        asked.append(request.scans)
        return answer(request)

    monkeypatch.setattr(compare_for_record, "track_scans", track)
    return asked


def found(_request) -> SimpleNamespace:
    told = [
        FAMILY | {"event": "grown", "baseline_ids": [1], "followup_ids": [2], "change_percent": 50.0, "significant": True},
        FAMILY | {"event": "resolved", "baseline_ids": [3], "followup_ids": [], "change_percent": None, "significant": None},
    ]
    text = json.dumps({"comparisons": [{"families": told, "burden": BURDEN}]})
    return SimpleNamespace(json_text=text, warnings=("A sharp kernel.",))


def test_what_became_of_each_deposit_is_recorded_and_leads_the_link(doctor, patient, two_scans, monkeypatch) -> None:
    first, second = two_scans
    asked = tracking(monkeypatch, found)
    assert compare_with_earlier(by=doctor, patient=patient, measurement=first) is None
    assert asked == [], "there is nothing before the first"
    (deposit,) = decide_candidates(
        by=doctor, patient=patient, measurement=first, decisions=[Decision(candidate=1, decision="accept", new=True)]
    )
    key = compare_with_earlier(by=doctor, patient=patient, measurement=second)
    facts = patient_page(by=doctor, patient=patient).facts
    comparison = comparison_of(second, facts)
    assert comparison is not None and comparison.uid == key and comparison.data["earlier"] == str(first)
    grown, resolved = families(comparison)
    assert (grown.event, grown.significant, resolved.followup_ids) == ("grown", True, ())
    assert tracked_to(second, facts) == {2: (deposit, "grown")}


def test_scans_that_cannot_be_compared_say_why_without_a_path(doctor, patient, two_scans, monkeypatch, tmp_path) -> None:
    def refuse(request):
        raise Refused(f"{request.scans[0]} and {request.scans[1]} show different parts of the body.")

    tracking(monkeypatch, refuse)
    compare_with_earlier(by=doctor, patient=patient, measurement=two_scans[1])
    comparison = comparison_of(two_scans[1], patient_page(by=doctor, patient=patient).facts)
    assert comparison is not None and comparison.data["outcome"] == "not_comparable"
    assert comparison.data["message"] == "The earlier scan and this scan show different parts of the body."
    assert families(comparison) == ()


def test_the_cause_of_a_loss_is_what_the_record_says_on_that_day(doctor, patient, two_scans, monkeypatch) -> None:
    first, second = two_scans
    lost = FAMILY | {"event": "resolved", "baseline_ids": [1], "followup_ids": [], "change_mg": -100.0, "significant": True}
    unlinked = lost | {"baseline_ids": [2]}
    text = json.dumps({"comparisons": [{"families": [lost, unlinked], "burden": BURDEN, "limit": {"widened_by": ["kernel"]}}]})
    tracking(monkeypatch, lambda _request: SimpleNamespace(json_text=text, warnings=()))
    (deposit,) = decide_candidates(
        by=doctor, patient=patient, measurement=first, decisions=[Decision(candidate=1, decision="accept", new=True)]
    )
    excised = {"kind": "excision", "done_on": "2026-06-04", "deposits": [str(deposit)]}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="procedure", data=excised)])
    compare_with_earlier(by=doctor, patient=patient, measurement=second)
    comparison = comparison_of(second, patient_page(by=doctor, patient=patient).facts)
    assert comparison is not None and comparison.data["limit"] == {"widened_by": ["kernel"]}
    assert [one["cause"] for one in comparison.data["families"]] == ["excised", "unknown"]


def test_a_scan_is_held_against_the_newest_one_of_the_same_part(doctor, patient, settings, tmp_path, monkeypatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    knee = measured_scan(doctor, patient, done_on="2026-01-10")
    measured_scan(doctor, patient, done_on="2026-05-10", regions=("elbow",))
    later = measured_scan(doctor, patient, done_on="2026-09-10")
    tracking(monkeypatch, found)
    compare_with_earlier(by=doctor, patient=patient, measurement=later)
    comparison = comparison_of(later, patient_page(by=doctor, patient=patient).facts)
    assert comparison is not None and comparison.data["earlier"] == str(knee)


def test_the_third_scan_is_held_against_the_first_as_well(doctor, patient, two_scans, monkeypatch) -> None:
    first, second = two_scans
    third = measured_scan(doctor, patient, done_on="2026-11-10")
    asked = tracking(monkeypatch, found)
    for scan in (first, second, third):
        compare_around(by=doctor, patient=patient, measurement=scan)
    assert len(asked) == 3, "second with first, third with second, third with first"
    facts = patient_page(by=doctor, patient=patient).facts
    assert comparison_of(third, facts).data["earlier"] == str(second), "the neighbour stays what leads links and events"
    assert comparison_with_first(third, first, facts).data["reach"] == "first"
    compare_around(by=doctor, patient=patient, measurement=third)
    assert len(asked) == 3


def test_a_comparison_that_is_there_is_not_made_again(doctor, patient, two_scans, monkeypatch) -> None:
    asked = tracking(monkeypatch, found)
    key = compare_with_earlier(by=doctor, patient=patient, measurement=two_scans[1])
    assert compare_with_earlier(by=doctor, patient=patient, measurement=two_scans[1]) == key
    give_up_comparing(by=doctor, patient=patient, measurement=two_scans[1])
    assert len(asked) == 1
    told = [one for one in patient_page(by=doctor, patient=patient).facts if one.noun == "imaging_comparison"]
    assert [one.data["outcome"] for one in told] == ["compared"]


def test_a_worker_that_was_lost_while_it_compared_is_followed_by_another(
    doctor, patient, two_scans, monkeypatch
) -> None:
    asked = tracking(monkeypatch, found)
    Scan.unscoped.update(worker="", compared=False)
    assert compare_next("here:1") and compare_next("here:1")
    assert not compare_next("here:1"), "the first has nothing before it, the second is compared"
    assert len(asked) == 1
    assert not Scan.unscoped.filter(compared=False).exists()


def test_a_comparison_that_breaks_off_again_and_again_is_said_to_have(doctor, patient, two_scans, monkeypatch) -> None:
    def broken(_request):
        raise OSError("no room")

    tracking(monkeypatch, broken)
    Scan.unscoped.update(worker="", compared=True)
    Scan.unscoped.filter(measurement=two_scans[1]).update(compared=False)
    turns = 0
    while compare_next("here:1"):
        turns += 1
    assert turns == work.MOST_IN_ALL
    comparison = comparison_of(two_scans[1], patient_page(by=doctor, patient=patient).facts)
    assert comparison is not None and comparison.data["outcome"] == "not_comparable"
    assert "broke off" in comparison.data["message"]


def test_a_scan_that_came_late_is_what_a_later_one_is_held_against(doctor, patient, two_scans, monkeypatch) -> None:
    first, second = two_scans
    asked = tracking(monkeypatch, found)
    assert compare_around(by=doctor, patient=patient, measurement=second) is not None
    old = measured_scan(doctor, patient, done_on="2025-03-10")
    assert compare_around(by=doctor, patient=patient, measurement=old) is None
    facts = patient_page(by=doctor, patient=patient).facts
    held = {key: comparison_of(key, facts) for key in (first, second)}
    assert [str(one.data["earlier"]) for one in held.values() if one] == [str(old), str(first)]
    assert len(asked) == 3, "what was compared once stays as it was; the newest is held against the new first as well"
