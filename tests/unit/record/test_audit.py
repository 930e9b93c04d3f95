"""The audit is a chain: a line changed, added or taken out shows, and so does a changed fact."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from calciscope.record.actions.break_glass import break_glass
from calciscope.record.actions.notices import mark_read
from calciscope.record.actions.patients import register_patient
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.permissions import Role
from calciscope.record.queries.audit_lines import audit_lines, broken_glasses, export_audit
from calciscope.record.queries.emergency import find_by_number
from calciscope.record.queries.notices import notices
from calciscope.record.queries.patients import patient_page
from calciscope.record.verify import verify_record
from calciscope.terms.errors import Broken, NotAllowed
from tests.unit.record.conftest import person


@pytest.fixture
def without_guards(visit):
    """What somebody who owns the database server could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE record_auditevent DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE record_entry DISABLE TRIGGER USER")
        else:
            for table in ("record_auditevent", "record_entry"):
                for name in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER {table}_no_{name}")
        yield cursor


def test_an_untouched_record_is_whole(doctor, patient, visit) -> None:
    found = verify_record()
    assert found.whole
    assert found.lines == AuditEvent.unscoped.count() == 2
    assert found.contributions == 2
    assert found.head == AuditEvent.unscoped.order_by("-number")[0].hash


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE record_auditevent SET outcome = 'denied' WHERE number = 2",
        "UPDATE record_auditevent SET name = 'nothing' WHERE number = 2",
        "DELETE FROM record_auditevent WHERE number = 2",
    ],
)
def test_a_line_that_was_tampered_with_shows(doctor, patient, visit, without_guards, crime) -> None:
    patient_page(by=doctor, patient=patient)
    without_guards.execute(crime)
    found = verify_record()
    assert not found.whole
    assert found.first_broken_line in {2, 3}
    with pytest.raises(CommandError, match="does not fit"):
        call_command("verify_record")


def test_a_fact_that_was_tampered_with_shows(doctor, patient, visit, without_guards) -> None:
    without_guards.execute("UPDATE record_entry SET status = 'entered_in_error'")
    found = verify_record()
    assert found.first_broken_line is None
    assert len(found.changed_contributions) == 1


def test_a_chain_cut_short_shows_against_the_kept_head(doctor, patient, visit, without_guards) -> None:
    kept = verify_record().head
    without_guards.execute("DELETE FROM record_auditevent WHERE number = 2")
    assert verify_record().head != kept


def test_the_officer_reads_own_sites_lines_only(people, doctor, patient) -> None:
    officer = people(Role.OFFICER)
    elsewhere = people(Role.OFFICER, site="South")
    said = audit_lines(by=officer, patient=patient)
    assert [line.what for line in said] == ["register_patient"]
    assert said[0].name == "one rheumatologist"
    assert audit_lines(by=elsewhere, patient=patient) == ()
    with pytest.raises(NotAllowed):
        audit_lines(by=doctor)
    assert audit_lines(by=officer, outcome="denied")[0].what == "audit_lines"


def test_a_denied_stranger_of_another_site_is_seen_by_the_patients_officer(people, patient) -> None:
    stranger = people(site="South", name="stranger")
    with pytest.raises(NotAllowed):
        patient_page(by=stranger, patient=patient)
    (line,) = audit_lines(by=people(Role.OFFICER), outcome="denied")
    assert line.user_id == stranger.user_id


def test_the_export_holds_no_names_of_patients(people, doctor, patient) -> None:
    exported = export_audit(by=people(Role.OFFICER))
    assert [line["what"] for line in exported] == ["register_patient"]
    assert "Example" not in str(exported) and "H-0001" not in str(exported)


def test_a_broken_glass_reaches_the_officer(people, patient) -> None:
    surgeon, officer = people(Role.SURGEON), people(Role.OFFICER)
    assert find_by_number(by=surgeon, number=" H-0001 ") == patient
    assert find_by_number(by=surgeon, number="H-000") is None
    assert find_by_number(by=people(Role.SURGEON, site="South"), number="H-0001") is None
    break_glass(by=surgeon, patient=patient, reason="Brought in unconscious")
    (notice,) = notices(by=officer)
    (glass,) = broken_glasses(by=officer)
    assert notice.subject_id == glass.id
    assert glass.reason == "Brought in unconscious"
    with pytest.raises(NotAllowed):
        mark_read(by=people(Role.OFFICER, site="South"), notice=notice.id)
    mark_read(by=officer, notice=notice.id)
    assert notices(by=officer) == ()


def test_lines_say_nothing_of_the_contents(doctor) -> None:
    register_patient(by=doctor, person=person("H-77", family_name="Verysecret"))
    assert "Verysecret" not in str(list(AuditEvent.unscoped.values()))
    assert "H-77" not in str(list(AuditEvent.unscoped.values()))


def test_nothing_is_read_without_its_line(doctor, patient, monkeypatch) -> None:
    def full(**_said: object) -> None:
        raise Broken("The disk is full.")

    monkeypatch.setattr("calciscope.record.audit.append", full)
    with pytest.raises(Broken):
        patient_page(by=doctor, patient=patient)
