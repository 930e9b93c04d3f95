"""A scan's way into the record: taken in in any order of parts, asked about, measured once, recorded with its dose."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from django.utils import timezone

from calciscope.record.actions.candidates import Decision, decide_candidates, undo_decision
from calciscope.record.actions.scans import (
    Seen,
    add_scan_part,
    begin_scan,
    discard_scan,
    name_scan,
    record_scan,
    say_whose,
    settle_scan,
    start_again,
)
from calciscope.record.models.scan import Scan, ScanState
from calciscope.record.permissions import Role
from calciscope.record.queries.history import versions_of
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.scans import measured_file, scan_seen, scan_source
from calciscope.record.refusals import Conflict, Invalid
from calciscope.record.register import burdens, dose_register
from calciscope.record.scans import files, work
from calciscope.record.scans.reading import decision_key, read_candidates
from calciscope.record.scans.review import reviewed
from calciscope.record.scans.whose import InFiles
from calciscope.record.stories import stories
from calciscope.record.verify import verify_record
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import doctor, patient, people, visit
from tests.unit.record.scans.made import QUESTION, WORKER, measured_scan, waiting_scan

__all__ = ["doctor", "patient", "people", "visit"]
SAID = {"modality": "ct", "question": QUESTION}
NOBODY = InFiles()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def begun(doctor, patient, sizes=(6,), suffixes=(".zip",)):
    return begin_scan(by=doctor, patient=patient, sizes=list(sizes), suffixes=list(suffixes), said=SAID)


def part(doctor, patient, scan, offset, data, number=0):
    return add_scan_part(by=doctor, patient=patient, scan=scan, number=number, offset=offset, part=data)


def test_parts_are_taken_up_where_they_stopped(doctor, patient) -> None:
    scan = begun(doctor, patient)
    assert part(doctor, patient, scan, 0, b"abc") == 3
    assert part(doctor, patient, scan, 0, b"abc") == 3, "sent twice, kept once"
    assert scan_seen(by=doctor, patient=patient, scan=scan).received == [3]
    with pytest.raises(Refused):
        part(doctor, patient, scan, 5, b"f")
    with pytest.raises(Refused):
        part(doctor, patient, scan, 3, b"defgh")
    assert part(doctor, patient, scan, 2, b"cdef") == 6, "what overlaps is laid over"
    assert scan_source(by=doctor, patient=patient, scan=scan).read_bytes() == b"abcdef"


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ([], "Choose"),
        ([0], "empty"),
        ([files.LARGEST_BYTES + 1], "more than 8 GB"),
        ([1] * (files.MOST_FILES + 1), "files"),
    ],
)
def test_too_much_or_nothing_is_refused_at_the_field(doctor, patient, sizes, says) -> None:
    with pytest.raises(Invalid) as refused:
        begun(doctor, patient, sizes, [""] * len(sizes))
    assert [problem.field for problem in refused.value.problems] == ["files"]
    assert says in str(refused.value)
    assert not Scan.unscoped.exists()


def test_a_folder_of_the_server_is_taken_below_the_roots_alone(doctor, patient, settings, tmp_path) -> None:
    (tmp_path / "open" / "study").mkdir(parents=True)
    (tmp_path / "closed").mkdir()
    (tmp_path / "open" / "way_out").symlink_to(tmp_path / "closed")

    def named(place):
        return name_scan(by=doctor, patient=patient, place=str(place), said=SAID)

    with pytest.raises(Invalid, match="administrator"):
        named(tmp_path / "open" / "study")
    settings.SCAN_ROOTS = [tmp_path / "open"]
    scan = named(tmp_path / "open" / "study")
    assert scan_source(by=doctor, patient=patient, scan=scan) == tmp_path / "open" / "study"
    for place in ("closed", "open/way_out", "open/../closed", "open/nothing", "\0"):
        with pytest.raises(Invalid, match="no such folder"):
            named(f"{tmp_path}/{place}")


def test_a_childs_scan_needs_its_question_and_an_adults_does_not(doctor, patient) -> None:
    for said in ({"modality": "ct"}, {"modality": "ct", "question": " "}):
        with pytest.raises(Invalid, match="what this scan would change"):
            begin_scan(by=doctor, patient=patient, sizes=[1], suffixes=[""], said=said)
    for said in ({"done_elsewhere": True}, {"done_on": "2090-01-01"}, {"question": "Surgery?"}):
        try:
            begin_scan(by=doctor, patient=patient, sizes=[1], suffixes=[""], said={"modality": "ct"} | said)
        except Invalid as refused:
            assert "future" in str(refused)


def test_a_date_that_nobody_says_is_asked_for(doctor, patient) -> None:
    scan = begun(doctor, patient)
    with pytest.raises(Invalid, match="when the scan was made"):
        settle_scan(by=doctor, patient=patient, scan=scan, seen=Seen(whose=NOBODY, done_on=None), said={})
    assert settle_scan(
        by=doctor, patient=patient, scan=scan, seen=Seen(whose=NOBODY, done_on=None), said={"done_on": "2026-03-10"}
    )
    assert scan_seen(by=doctor, patient=patient, scan=scan).state == "waiting"


def test_images_of_somebody_else_are_never_measured_silently(doctor, patient) -> None:
    scan = begun(doctor, patient)
    other = Seen(whose=InFiles(name="Other Person", born_on=date(1980, 1, 1), number="X"), done_on=date(2026, 3, 10))
    assert not settle_scan(by=doctor, patient=patient, scan=scan, seen=other, said={})
    assert scan_seen(by=doctor, patient=patient, scan=scan).asked == ("name", "born_on", "number")
    assert work.next_work(WORKER) is None
    with pytest.raises(Invalid):
        say_whose(by=doctor, patient=patient, scan=scan, reason="same")
    say_whose(by=doctor, patient=patient, scan=scan, reason="Name before adoption, see letter")
    found = work.next_work(WORKER)
    assert found is not None and found.said["identity_note"] == "Name before adoption, see letter"
    assert "Other" not in str(Scan.unscoped.values_list().get())


def test_what_was_measured_is_recorded_with_its_dose_and_what_was_sent_is_gone(
    doctor, patient, folder, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        measurement = measured_scan(doctor, patient)
    facts = patient_page(by=doctor, patient=patient).facts
    (dose,) = dose_register(facts)
    assert (dose.on, dose.dlp_mgy_cm) == (date(2026, 3, 10), 120.0)
    (burden,) = burdens(facts)
    assert burden.mass_mg == pytest.approx(100 + 50 + 100 / 3)
    assert not list((folder / "incoming").iterdir())
    assert measured_file(by=doctor, patient=patient, measurement=measurement, name="report.pdf").startswith(b"%PDF")
    with pytest.raises(NotAllowed):
        measured_file(by=doctor, patient=patient, measurement=measurement, name="../../secret")
    assert verify_record().whole


def test_a_study_sent_twice_counts_its_dose_once(doctor, patient) -> None:
    measured_scan(doctor, patient)
    measured_scan(doctor, patient)
    facts = patient_page(by=doctor, patient=patient).facts
    assert len(dose_register(facts)) == 1
    assert len([fact for fact in facts if fact.noun == "imaging_measurement"]) == 2


def test_a_killed_worker_is_followed_by_another_and_three_are_enough(doctor, patient) -> None:
    scan = waiting_scan(doctor, patient)
    host = work.worker_name().rpartition(":")[0]
    for attempt in (1, 2, 3):
        dead = f"{host}:{2**22 + attempt}"  # beyond the highest process number of Linux
        found = work.next_work(dead)
        assert found is not None and found.scan == scan
        assert work.beat(scan, dead, "Finding deposits", 0.5)
    assert work.next_work(WORKER) is None
    seen = scan_seen(by=doctor, patient=patient, scan=scan)
    assert (seen.state, seen.attempts) == ("failed", 3)
    assert "three times" in seen.message
    start_again(by=doctor, patient=patient, scan=scan)
    assert work.next_work(WORKER) is not None


def test_a_living_worker_keeps_its_scan_until_it_is_silent_for_long(doctor, patient) -> None:
    scan = waiting_scan(doctor, patient)
    mine = work.worker_name()
    assert work.next_work(mine) is not None
    assert work.next_work(WORKER) is None
    Scan.unscoped.filter(pk=scan).update(worker="another computer:1", beat_at=timezone.now() - timedelta(seconds=60))
    assert work.next_work(WORKER) is None
    Scan.unscoped.filter(pk=scan).update(beat_at=timezone.now() - timedelta(seconds=100))
    assert work.next_work(WORKER) is not None
    assert os.getpid() == int(mine.rpartition(":")[2])


def test_a_discarded_scan_is_recorded_by_nobody(doctor, patient, folder) -> None:
    scan = waiting_scan(doctor, patient)
    work.next_work(WORKER)
    discard_scan(by=doctor, patient=patient, scan=scan)
    assert not work.beat(scan, WORKER, "", 0.1)
    with pytest.raises(Refused, match="discarded"):
        record_scan(by=doctor, patient=patient, scan=scan, worker=WORKER, study={}, measurement={})
    assert not patient_page(by=doctor, patient=patient).facts
    with pytest.raises(Refused):
        start_again(by=doctor, patient=patient, scan=scan)


def test_uploads_that_nobody_went_on_with_are_dropped(doctor, patient, folder) -> None:
    scan = begun(doctor, patient)
    part(doctor, patient, scan, 0, b"abc")
    assert work.clear_unfinished() == 0
    Scan.unscoped.filter(pk=scan).update(changed_at=timezone.now() - timedelta(days=8))
    assert work.clear_unfinished() == 1
    assert Scan.unscoped.get().state == ScanState.DISCARDED
    assert not list((folder / "incoming").iterdir())


class TestDecisions:
    def decide(self, doctor, patient, measurement, *decisions):
        return decide_candidates(by=doctor, patient=patient, measurement=measurement, decisions=list(decisions))

    def read(self, doctor, patient, measurement):
        facts = patient_page(by=doctor, patient=patient).facts
        fact = next(fact for fact in facts if fact.uid == measurement)
        return read_candidates(fact, facts)

    def standing(self, doctor, patient):
        page = patient_page(by=doctor, patient=patient)
        return [story for story in stories(page.facts, page.deposits) if story.stands]

    def test_the_automatic_result_stays_and_the_word_stands_beside_it(self, doctor, patient) -> None:
        measurement = measured_scan(doctor, patient)
        before = patient_page(by=doctor, patient=patient).facts
        new, none, _, vessel = self.decide(
            doctor,
            patient,
            measurement,
            Decision(candidate=1, decision="accept", new=True),
            Decision(candidate=2, decision="relabel", kind="physiological", reason="Sesamoid"),
            Decision(candidate=3, decision="reject"),
            Decision(candidate=4, decision="relabel", kind="calcinosis", new=True),
        )
        assert none is None and new and vessel
        after = patient_page(by=doctor, patient=patient).facts
        assert [fact for fact in after if fact.noun == "imaging_measurement"] == [
            fact for fact in before if fact.noun == "imaging_measurement"
        ]
        read = self.read(doctor, patient, measurement)
        assert [one.kind for one in read] == ["calcinosis", "physiological", "", "calcinosis"]
        assert {one.decision.by for one in read} == {"one rheumatologist"}
        review = reviewed(next(fact for fact in after if fact.uid == measurement), after)
        assert (len(review.counted), review.burden.mass_mg) == (2, 125.0)
        first, second = self.standing(doctor, patient)
        assert [first.label, second.label] == ["D01", "D02"]
        assert first.newest.data["size_method"] == "ct" and first.newest.data["longest_mm"] == 14.0
        assert first.state == "present" and first.events[0].data["basis"] == "imaging"
        assert first.newest.effective_on == date(2026, 3, 10)

    def test_two_who_decide_at_once_meet(self, doctor, patient, people) -> None:
        measurement = measured_scan(doctor, patient)
        self.decide(doctor, patient, measurement, Decision(candidate=1, decision="accept", new=True))
        with pytest.raises(Conflict):
            self.decide(
                doctor,
                patient,
                measurement,
                Decision(candidate=2, decision="accept", new=True),
                Decision(candidate=1, decision="reject"),
            )
        assert len(self.standing(doctor, patient)) == 1, "all or none"

    def test_undone_and_decided_anew_every_word_stays_readable(self, doctor, patient) -> None:
        measurement = measured_scan(doctor, patient)
        self.decide(doctor, patient, measurement, Decision(candidate=1, decision="accept", new=True))

        def undo(based_on):
            undo_decision(
                by=doctor, patient=patient, measurement=measurement, candidate=1, based_on=based_on,
                reason="Linked to the wrong deposit",
            )  # fmt: skip

        with pytest.raises(Conflict):
            undo(7)
        undo(1)
        assert self.standing(doctor, patient) == []
        assert self.read(doctor, patient, measurement)[0].decision is None
        with pytest.raises(Refused):
            undo(2)
        self.decide(doctor, patient, measurement, Decision(candidate=1, decision="accept", new=True, based_on=2))
        (story,) = self.standing(doctor, patient)
        assert story.label == "D02", "a number is never given twice"
        said = versions_of(by=doctor, patient=patient, uid=decision_key(measurement, 1))
        assert [version.status for version in said] == ["final", "entered_in_error", "final"]

    def test_a_deposit_of_which_more_was_recorded_stays_when_the_link_is_undone(self, doctor, patient) -> None:
        first = measured_scan(doctor, patient)
        (deposit,) = self.decide(doctor, patient, first, Decision(candidate=1, decision="accept", new=True))
        second = measured_scan(doctor, patient, done_on="2026-09-10")
        self.decide(doctor, patient, second, Decision(candidate=1, decision="accept", deposit=deposit))
        undo_decision(
            by=doctor,
            patient=patient,
            measurement=second,
            candidate=1,
            based_on=1,
            reason="Linked to the wrong deposit",
        )
        assert len(self.standing(doctor, patient)) == 1

    def test_who_may_not_decide_does_not(self, doctor, patient, people) -> None:
        measurement = measured_scan(doctor, patient)
        nurse = people(Role.NURSE)
        with pytest.raises(NotAllowed):
            self.decide(nurse, patient, measurement, Decision(candidate=1, decision="reject"))
        stranger = people(name="stranger")
        with pytest.raises(NotAllowed):
            self.decide(stranger, patient, measurement, Decision(candidate=1, decision="reject"))
        with pytest.raises(Invalid, match="no such candidate"):
            self.decide(doctor, patient, measurement, Decision(candidate=9, decision="reject"))
