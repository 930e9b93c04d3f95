"""A plan is amended beside what was drawn: with a reason, by somebody who does not read, and never what readers see."""

from __future__ import annotations

import pytest

from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.plan_amendments import add_scans, amend_rules
from calciscope.record.actor import Actor
from calciscope.record.models.membership import Membership
from calciscope.record.models.reading_plan import PlanAmendment, ReadingItem, ReadingPlan
from calciscope.record.permissions import Role
from calciscope.record.queries.reading_plans import reading_plan
from calciscope.record.queries.trial_readings import worklist
from calciscope.record.refusals import Invalid
from calciscope.terms.errors import Broken, NotAllowed, Refused
from tests.unit.record.conftest import person
from tests.unit.record.trials.made import Trial, made_trial, read_all, recorded_scan

WHY = "Pilot readings differed by more than was expected"


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def trial(people, doctor) -> Trial:
    return made_trial(people, doctor, repeat_percent=0)


def test_other_rules_hold_from_then_on_and_the_drawn_ones_stay(people, doctor) -> None:
    trial = made_trial(people, doctor, repeat_percent=0, judge_events=False)
    read_all(trial.readers[0])
    amend_rules(by=trial.doctor, plan=trial.plan, changed={"limit_mg": 500.0}, reason=WHY)
    assert read_all(trial.readers[1], 1) == 0, "burdens 100 mg apart ask nobody any more"
    seen = reading_plan(by=trial.doctor, plan=trial.plan)
    assert seen.rules.limit_mg == 500.0
    assert ReadingPlan.unscoped.get().rules["limit_mg"] == 10.0
    (one,) = seen.amendments
    assert (one.number, one.kind, one.said, one.reason) == (1, "rules", {"limit_mg": [10.0, 500.0]}, WHY)
    assert one.by and one.at


def test_an_amendment_is_never_changed(trial) -> None:
    amend_rules(by=trial.doctor, plan=trial.plan, changed={"limit_mg": 500.0}, reason=WHY)
    with pytest.raises(Broken):
        PlanAmendment.unscoped.get().save()


@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({"limit_mg": 500.0}, "no", "reason"),
        ({"limit_mg": 10.0}, WHY, "rules"),
        ({"shows_mass": True}, WHY, "rules"),
        ({"seed": 4}, WHY, "rules"),
        ({"limit_mg": -1.0}, WHY, "limit_mg"),
    ],
)
def test_what_cannot_be_amended_is_named(trial, changed, reason, field) -> None:
    with pytest.raises(Invalid) as wrong:
        amend_rules(by=trial.doctor, plan=trial.plan, changed=changed, reason=reason)
    assert [problem.field for problem in wrong.value.problems] == [field]
    assert not PlanAmendment.unscoped.exists()


def test_scans_that_came_since_are_read_behind_the_others(trial) -> None:
    with pytest.raises(Refused, match="nothing was added"):
        add_scans(by=trial.doctor, plan=trial.plan, subjects={}, reason=WHY)
    before = set(ReadingItem.unscoped.values_list("pk", flat=True))
    patient = next(iter(trial.patients))
    recorded_scan(trial.doctor, patient, done_on="2026-09-10")
    new = register_patient(by=trial.doctor, person=person("H-777", family_name="Latename"))
    recorded_scan(trial.doctor, new, done_on="2026-05-10")
    assert add_scans(by=trial.doctor, plan=trial.plan, subjects={new: "01-009"}, reason=WHY) == 4
    added = ReadingItem.unscoped.exclude(pk__in=before)
    assert {(one.subject, one.visit_number) for one in added} == {(trial.patients[patient], 3), ("01-009", 1)}
    for reader in trial.readers:
        assert sorted(one.position for one in added.filter(reader_id=reader.membership_id)) == [5, 6]
        assert len(worklist(by=reader).listed) == 6
    (one,) = reading_plan(by=trial.doctor, plan=trial.plan).amendments
    assert one.said == {"scans": 2, "readings": 4, "subjects": sorted(["01-009", trial.patients[patient]])}


def test_a_scan_before_one_that_was_drawn_is_not_slipped_in(trial) -> None:
    recorded_scan(trial.doctor, next(iter(trial.patients)), done_on="2025-06-10")
    with pytest.raises(Refused, match="lies before one that was drawn"):
        add_scans(by=trial.doctor, plan=trial.plan, subjects={}, reason=WHY)


def test_who_reads_or_belongs_elsewhere_amends_nothing(trial, people) -> None:
    reader = trial.readers[0]
    seat = Membership.objects.create(user_id=reader.user_id, site_id=reader.site_id, role=Role.RADIOLOGIST)
    with pytest.raises(Refused, match="does not read"):
        amend_rules(by=Actor.of(seat), plan=trial.plan, changed={"limit_mg": 500.0}, reason=WHY)
    for by in (reader, people(Role.RESEARCHER), people(Role.RHEUMATOLOGIST, site="South", name="far")):
        with pytest.raises(NotAllowed):
            amend_rules(by=by, plan=trial.plan, changed={"limit_mg": 500.0}, reason=WHY)
