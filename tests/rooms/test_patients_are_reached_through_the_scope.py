"""Patients are reached through PatientScope alone, and every action and query is declared with its permission."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil

import pytest

from tests.rooms.source import Module, modules

pytestmark = pytest.mark.room

# The few places that may go past the scope, and why.
PAST_THE_SCOPE = {
    "record/scope.py": "is the scope",
    "record/ledger.py": "writes rows of a patient it was handed",
    "record/audit.py": "the audit's own chain",
    "record/policies.py": "steps of a visit it was handed",
    "record/actions/patients.py": "makes the patient",
    "record/numbering.py": "numbers of a patient it was handed",
    "record/actions/old_studies.py": "studies that one has named oneself; numbers as a condition on patients in scope",
    "record/queries/old_studies.py": "studies that one has named oneself and that have no patient yet",
    "record/scans/work.py": "the worker's list, in the name of whoever sent each scan",
    "record/actions/team.py": "the team of a patient it was handed",
    "record/actions/break_glass.py": "an emergency: any patient of the own site, with reason, notice and audit",
    "record/actions/drafts.py": "one's own drafts of a patient in scope",
    "record/actions/identity.py": "an officer's duty at the own site; numbers of a patient in scope",
    "record/actions/notices.py": "notices to a role, no patients",
    "record/queries/notices.py": "notices to a role, no patients",
    "record/queries/members.py": "the team of a patient in scope",
    "record/queries/audit_lines.py": "an officer's duty at the own site",
    "record/management/commands/demonstration_people.py": "asks whether any patient is there, for whoever holds the server",
    "record/queries/emergency.py": "the key behind a number of the own site, before the glass is broken",
    "record/queries/identity.py": "an officer's duty at the own site, in counts; names and number of a patient in scope",
    "record/queries/numbers.py": "whether a number is given at the own site, not to whom",
    "record/demonstration/rows.py": "invented patients, in a demonstration only",
    "record/backup/tables.py": "everything, for whoever holds the server",
    "record/backup/restore.py": "everything, for whoever holds the server",
    "record/actions/import_results.py": "numbers as a condition on patients in scope",
    "record/queries/results.py": "numbers as a condition on patients in scope",
    "record/verify.py": "hashes of everything, for whoever holds the server",
    "record/banner.py": "names and numbers as a condition on patients in scope",
    "record/queries/patients.py": "steps of visits of a patient in scope",
    "record/reading_scope.py": "is the scope of a trial's readers: what a plan gave them, without names or days",
    "record/trials/drawing.py": "teams of patients in scope, so that no reader knows a patient",
}
FAMILIES = ("actions", "queries")
WITHOUT_A_PATIENT = {"seats", "take_seat", "visit_states"}


def place(module: Module) -> str:
    return module.place.removeprefix("src/calciscope/")


def test_only_named_places_go_past_the_scope() -> None:
    past = {
        place(module)
        for module in modules()
        if not place(module).startswith("record/models/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"unscoped", "_default_manager", "_base_manager"}
    }
    assert past - set(PAST_THE_SCOPE) == set()
    assert set(PAST_THE_SCOPE) - past == set()


def test_screens_and_flows_touch_no_table() -> None:
    touching = [
        f"{place(module)}:{line}"
        for module in modules()
        if module.room in {"web", "flows", "cli", "cohort"}
        for line, name in module.imported()
        if name.startswith("calciscope.record.models")
    ]
    assert touching == []


def members() -> list[tuple[str, str]]:
    names = []
    for family in FAMILIES:
        package = importlib.import_module(f"calciscope.record.{family}")
        names += [(family, info.name) for info in pkgutil.iter_modules(package.__path__)]
    return names


@pytest.mark.parametrize(("family", "name"), members())
def test_public_functions_are_declared_with_a_permission(family: str, name: str) -> None:
    from calciscope.record.guarded import declared

    module = importlib.import_module(f"calciscope.record.{family}.{name}")
    guarded = {found.name: found for found in declared() if found.module == module.__name__}
    public = {
        found: function
        for found, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not found.startswith("_")
    }
    assert set(public) - WITHOUT_A_PATIENT == set(guarded)
    for found, function in public.items():
        kinds = {parameter.kind for parameter in inspect.signature(function).parameters.values()}
        if found in guarded:
            assert kinds == {inspect.Parameter.KEYWORD_ONLY}
            assert "by" in inspect.signature(function).parameters
            assert guarded[found].kind == ("write" if family == "actions" else "read")
