"""Choose a file, say what its columns mean, look at every row, then take it in: patients, and laboratory results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.actions.import_list import import_patients
from calciscope.record.actions.import_results import import_results
from calciscope.record.patient_list.mapping import NEEDED, ColumnMapping, Target, propose
from calciscope.record.patient_list.preview import Preview, preview
from calciscope.record.patient_list.sheet import Sheet
from calciscope.record.permissions import Permission
from calciscope.record.queries.numbers import numbers_present
from calciscope.record.queries.results import results_there
from calciscope.record.refusals import Invalid
from calciscope.record.result_list.mapping import NEEDED as RESULT_NEEDED
from calciscope.record.result_list.mapping import ResultColumn, ResultMapping, propose_results
from calciscope.record.result_list.preview import ResultPreview, preview_results
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.import_list.steps import (
    chosen_columns,
    chosen_order,
    lines,
    mapping_context,
    problem_words,
    sheet_of,
)

PATIENTS = {"title": "Import a list of patients", "one": "patient", "back": "patients", "address": "import_list"}
RESULTS = {"title": "Import laboratory results", "one": "result", "back": "patients", "address": "import_results"}


@screen(permission=Permission.REGISTER_PATIENT)
def import_list(request: Asked) -> HttpResponse:
    """A clinic's own list of patients."""
    if request.method != "POST":
        return _page(request, PATIENTS, {})
    try:
        sheet = sheet_of(request)
        mapping, clear = _patient_mapping(request, sheet)
        lacking = NEEDED - set(mapping.columns)
        told = Preview(taken=(), refused=()) if lacking else _preview(request, sheet, mapping)
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, PATIENTS, {"wrong": [("f-list", "List", str(refused))]}, status=422)
    if "take" in request.POST and not lacking:
        return _patients_taken(request, sheet, mapping, told)
    context = mapping_context(sheet, mapping.columns, mapping.date_order, Target, NEEDED) | {
        "clear": clear,
        "lines": [] if lacking else lines(sheet, mapping.columns, told.refused),
        "taken": len(told.taken),
        "refused": len(told.refused),
    }
    return _page(request, PATIENTS, context)


@screen(permission=Permission.RECORD)
def import_results_list(request: Asked) -> HttpResponse:
    """A laboratory's list of results of patients in one's care."""
    if request.method != "POST":
        return _page(request, RESULTS, {})
    try:
        sheet = sheet_of(request)
        mapping, clear = _result_mapping(request, sheet)
        lacking = [column for column in RESULT_NEEDED if column not in mapping.columns]
        there = results_there(by=request.actor)
        told = ResultPreview(taken=(), refused=()) if lacking else preview_results(
            sheet, mapping, patients=there.patients, present=there.present
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, RESULTS, {"wrong": [("f-list", "List", str(refused))]}, status=422)
    if "take" in request.POST and not lacking:
        import_results(by=request.actor, rows=told.taken)
        return _done(request, RESULTS, {row.row: "" for row in told.taken} | _why(told.refused))
    context = mapping_context(sheet, mapping.columns, mapping.date_order, ResultColumn, RESULT_NEEDED) | {
        "clear": clear,
        "lines": [] if lacking else lines(sheet, mapping.columns, told.refused),
        "taken": len(told.taken),
        "refused": len(told.refused),
    }
    return _page(request, RESULTS, context)


def _patient_mapping(request: Asked, sheet: Sheet) -> tuple[ColumnMapping, bool]:
    proposal = propose(sheet)
    if "order" not in request.POST:
        return proposal.mapping, proposal.date_order_is_clear
    return ColumnMapping(columns=chosen_columns(request, sheet, Target), date_order=chosen_order(request)), True


def _result_mapping(request: Asked, sheet: Sheet) -> tuple[ResultMapping, bool]:
    if "order" not in request.POST:
        return propose_results(sheet)
    columns = chosen_columns(request, sheet, ResultColumn)
    return ResultMapping(columns=columns, date_order=chosen_order(request)), True


def _preview(request: Asked, sheet: Sheet, mapping: ColumnMapping) -> Preview:
    place = sheet.columns.index(mapping.columns[Target.HOSPITAL_NUMBER])
    present = numbers_present(by=request.actor, numbers={row[place] for row in sheet.rows} - {""})
    return preview(sheet, mapping, present=present)


def _patients_taken(request: Asked, sheet: Sheet, mapping: ColumnMapping, told: Preview) -> HttpResponse:
    """Each row is its own transaction: one that is refused does not stop the others, and says why."""
    done = _why(told.refused)
    for row in told.taken:
        try:
            import_patients(by=request.actor, rows=(row,), synthetic=settings.DEMONSTRATION)
            done[row.row] = ""
        except Invalid as invalid:
            done[row.row] = problem_words(invalid.problems)
    return _done(request, PATIENTS, done)


def _why(refused: Any) -> dict[int, str]:
    return {row.row: problem_words(row.problems) for row in refused}


def _done(request: Asked, words: Mapping[str, str], done: Mapping[int, str]) -> HttpResponse:
    counted = {"taken": sum(not problem for problem in done.values()), "refused": sum(map(bool, done.values()))}
    return _page(request, words, {"done": sorted(done.items()), **counted})


def _page(request: Asked, words: Mapping[str, str], context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "import_list/import.html", {"way": "import", "words": words, **context}, status=status)
