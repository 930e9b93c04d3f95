"""A fact is written once: the database itself refuses every other way, and history shows every version."""

from __future__ import annotations

import pkgutil
import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from calciscope.record.actions.break_glass import break_glass
from calciscope.record.actions.deposits import record_new_deposit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.append_only import AppendOnly, guarded_tables
from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import PlanAmendment, ReadingItem, ReadingPair, ReadingPlan
from calciscope.record.queries.history import versions_of
from calciscope.terms.errors import Broken

TABLES = guarded_tables(list(apps.get_app_config("record").get_models()))
FINDING = {"region": "elbow", "side": "left", "longest_mm": 14, "size_method": "caliper"}


@pytest.fixture
def filled(people, doctor, patient, visit):
    """At least one row in every append-only table."""
    event = {"event": "present", "on": "2026-11-02"}
    record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event)
    break_glass(by=people(name="two"), patient=patient, reason="Brought in unconscious")
    plan = ReadingPlan(
        site_id=doctor.site_id, study="S-1", title="A trial", rules={}, adjudicator_id=doctor.membership_id,
        drawn_by_id=doctor.membership_id,
    )  # fmt: skip
    plan.save()
    sides = [
        ReadingItem(
            plan=plan, patient_id=patient, subject="001", measurement=uuid.uuid4(), visit_number=number,
            reader_id=doctor.membership_id, kind="first", label=f"R-AAAAA{number}", position=number,
        )
        for number in (1, 2)
    ]  # fmt: skip
    for side in sides:
        side.save()
    ReadingPair(plan=plan, label="P-AAAAAA", first=sides[0], second=sides[1]).save()
    PlanAmendment(
        plan=plan, number=1, kind="rules", said={}, reason="Asked for", made_by_id=doctor.membership_id
    ).save()
    if connection.vendor == "postgresql":  # else it refuses TRUNCATE for another reason than ours
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    return patient


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def key_of(table: str) -> str:
    return "number" if table == "record_auditevent" else "id"


def test_clinical_contribution_and_audit_tables_are_among_them() -> None:
    assert set(TABLES) >= {
        "record_entry", "record_contribution", "record_auditevent", "record_patient", "record_visit",
        "record_visitevent", "record_deposit", "record_breakglass",
    }  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_update(table, filled) -> None:
    assert count(table) > 0
    refused(f"UPDATE {table} SET {key_of(table)} = {key_of(table)}")


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_delete(table, filled) -> None:
    before = count(table)
    refused(f"DELETE FROM {table}")
    assert count(table) == before > 0


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_replace_or_truncate(table, filled) -> None:
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table} CASCADE")
    else:
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("record_entry", "uid, version, patient_id, noun, data, status, reason, contribution_id"),
        ("record_visitevent", "visit_id, step, kind, contribution_id"),
    ],
)
def test_a_row_is_not_replaced_by_way_of_another_unique_key(table, columns, filled) -> None:
    """SQLite's REPLACE deletes the row that is in the way of any unique key, with a new primary key too."""
    before = count(table)
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
    else:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}")
    assert count(table) == before


def test_every_unique_set_of_columns_is_guarded() -> None:
    from importlib import import_module

    migrations = import_module("calciscope.record.migrations")
    found = [import_module(f"{migrations.__name__}.{info.name}") for info in pkgutil.iter_modules(migrations.__path__)]
    tables = {name: unique for module in found for name, unique in getattr(module, "TABLES", {}).items()}
    for model in apps.get_app_config("record").get_models():
        if issubclass(model, AppendOnly):
            said = [sorted(columns) for columns in tables[model._meta.db_table]]
            keys = [[model._meta.pk.column]]
            keys += [
                [model._meta.get_field(name).column for name in found.fields]
                for found in model._meta.total_unique_constraints
            ]
            keys += [[field.column] for field in model._meta.concrete_fields if field.unique and not field.primary_key]
            assert sorted(said) == sorted(map(sorted, keys))


def test_the_orm_is_refused_too(filled) -> None:
    row = Entry.unscoped.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.unscoped.update(data={})
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.unscoped.all().delete()
    with pytest.raises(Broken):
        row.save()
    with pytest.raises(Broken):
        row.delete()


def test_a_second_row_of_the_same_version_is_refused(filled) -> None:
    row = Entry.unscoped.first()
    twin = Entry(
        uid=row.uid, version=row.version, patient_id=row.patient_id, noun=row.noun, data={}, contribution_id=row.contribution_id
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_the_guarded_tables_are_those_of_the_append_only_models(db) -> None:
    models = [model for model in apps.get_app_config("record").get_models() if issubclass(model, AppendOnly)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        guarded = {row[0] for row in cursor.fetchall()}
    assert {model._meta.db_table for model in models} == guarded


def test_all_versions_stay_readable(doctor, patient, visit) -> None:
    (uid,) = record_entries(
        by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="examination", data=none_found())]
    )
    later = none_found() | {"remark": "elbows seen again"}
    record_entries(
        by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="examination", data=later, uid=uid, based_on=1)]
    )
    versions = versions_of(by=doctor, patient=patient, uid=uid)
    assert [fact.version for fact in versions] == [1, 2]
    assert [fact.data.get("remark") for fact in versions] == [None, "elbows seen again"]
    assert all(fact.by == "one rheumatologist" and fact.at <= timezone.now() for fact in versions)


def none_found() -> dict[str, object]:
    return {"extent": "whole_body", "outcome": "none_found"}


def test_a_patients_drug_is_changed_at_the_next_visit_though_the_first_is_signed(doctor, patient, visit) -> None:
    from calciscope.record.actions.visits import open_visit, sign_visit
    from calciscope.terms.errors import Refused

    drug = {"therapy": "methotrexate", "started_on": "2026-11-02"}
    examined = Saying(noun="examination", data=none_found())
    uid, seen = record_entries(
        by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="medication", data=drug), examined]
    )
    sign_visit(by=doctor, patient=patient, visit=visit)
    later = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-20", "kind": "planned"})
    stopped = drug | {"stopped_on": "2026-11-20", "stop_reason": "side_effect"}
    record_entries(
        by=doctor, patient=patient, visit=later, sayings=[Saying(noun="medication", data=stopped, uid=uid, based_on=1)]
    )
    assert [fact.visit_id for fact in versions_of(by=doctor, patient=patient, uid=uid)] == [visit, later]
    changed = Saying(
        noun="joint_movement", data={"joint": "elbow", "side": "left", "movement": "flexion", "degrees": 90}
    )
    (moved,) = record_entries(by=doctor, patient=patient, visit=later, sayings=[changed])
    third = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-21", "kind": "planned"})
    with pytest.raises(Refused, match="elsewhere"):
        elsewhere = Saying(noun="joint_movement", data=dict(changed.data), uid=moved, based_on=1)
        record_entries(by=doctor, patient=patient, visit=third, sayings=[elsewhere])
    assert seen != moved


def test_a_fact_of_another_patient_is_not_continued(doctor, patient, visit) -> None:
    from calciscope.record.actions.patients import register_patient
    from calciscope.record.actions.visits import open_visit
    from calciscope.terms.errors import NotAllowed
    from tests.unit.record.conftest import person

    other = register_patient(by=doctor, person=person("H-2"))
    theirs = open_visit(by=doctor, patient=other, details={"held_on": "2026-11-02", "kind": "first"})
    event = {"event": "present", "on": "2026-11-02"}
    deposit = record_new_deposit(by=doctor, patient=other, visit=theirs, finding=FINDING, event=event)
    row = Entry.unscoped.get(deposit=deposit, noun="deposit_finding")
    mine = record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event)
    saying = Saying(noun="deposit_finding", data=FINDING, uid=row.uid, based_on=1, deposit=mine)
    with pytest.raises(NotAllowed):
        record_entries(by=doctor, patient=patient, visit=visit, sayings=[saying])
    with pytest.raises(NotAllowed):
        record_entries(
            by=doctor, patient=patient, visit=theirs, sayings=[Saying(noun="examination", data=none_found())]
        )
    with pytest.raises(NotAllowed):
        record_entries(
            by=doctor,
            patient=patient,
            visit=visit,
            sayings=[Saying(noun="deposit_finding", data=FINDING, deposit=deposit)],
        )
    assert Entry.unscoped.filter(uid=row.uid).count() == 1
    assert uuid.UUID(str(row.uid))
