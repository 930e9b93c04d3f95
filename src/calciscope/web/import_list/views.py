"""Choose a file, say what its columns mean, look at every row, then take it in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.actions.patients import register_patient
from calciscope.record.permissions import Permission
from calciscope.record.queries.numbers import numbers_present
from calciscope.record.refusals import Invalid
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.import_list.mapping import FIELDS, NEEDED, ORDERS, Line, guessed, lines, numbers
from calciscope.web.import_list.reading import Rows, rows_of

SALT = "calciscope.import"
KEPT_S = 3600  # an hour to look the preview over


@screen(permission=Permission.REGISTER_PATIENT)
def import_list(request: Asked) -> HttpResponse:
    """Each step carries the list in the form itself, signed, so that nothing of it lies about on the server."""
    if request.method != "POST":
        return _page(request, {})
    try:
        rows = _rows(request)
        columns, order = _mapping(request, rows)
        present = numbers_present(by=request.actor, numbers=numbers(rows, columns))
        previewed = lines(rows, columns, order, present) if columns else []
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, {"wrong": [("f-list", "List", str(refused))]}, status=422)
    lacking = [FIELDS[name] for name in NEEDED if name not in columns]
    if "take" in request.POST and not lacking:
        return _taken(request, previewed)
    context = {
        "carried": signing.dumps(rows, salt=SALT, compress=True),
        "header": list(enumerate(rows[0])),
        "fields": [(name, words, columns.get(name, -1), name in NEEDED) for name, words in FIELDS.items()],
        "orders": [(name, words, name == order) for name, words in ORDERS.items()],
        "lines": previewed,
        "taken": sum(line.person is not None for line in previewed),
        "refused": sum(line.person is None for line in previewed),
        "lacking": lacking,
        "shown_fields": [(name, words) for name, words in FIELDS.items() if name in columns],
    }
    return _page(request, context)


def _rows(request: Asked) -> Rows:
    sent: Any = request.FILES.get("list")
    if isinstance(sent, UploadedFile) and sent.file:
        return rows_of(sent.file, sent.size or 0)
    carried = request.POST.get("carried", "")
    try:
        rows: Rows = signing.loads(carried, salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        raise Refused("Choose a file (the preview lasts for an hour).") from None
    return rows


def _mapping(request: Asked, rows: Rows) -> tuple[dict[str, int], str]:
    order = request.POST.get("order", "iso")
    if "order" not in request.POST:
        return guessed(rows[0]), "iso"
    chosen = {name: request.POST.get(f"column-{name}", "") for name in FIELDS}
    return {name: int(place) for name, place in chosen.items() if place.isdigit() and int(place) < len(rows[0])}, order


def _taken(request: Asked, previewed: list[Line]) -> HttpResponse:
    """Each row is its own transaction: one that is refused does not stop the others, and says why."""
    done: list[tuple[Line, str]] = []
    for line in previewed:
        problem = line.problem
        if line.person is not None:
            try:
                register_patient(by=request.actor, person=line.person, synthetic=settings.DEMONSTRATION)
            except Invalid as invalid:
                problem = "; ".join(f"{FIELDS.get(p.field, '')}: {p.message}" for p in invalid.problems)
        done.append((line, problem))
    context = {"done": done, "taken": sum(not problem for _, problem in done), "refused": sum(bool(p) for _, p in done)}
    return _page(request, context)


def _page(request: Asked, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "import_list/import.html", {"way": "import", **context}, status=status)
