"""From a chosen file to columns with a meaning: what both imports have in common.

Each step carries the list in the form itself, signed, so that nothing of it lies about on the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from calciscope.record.patient_list.days import DateOrder
from calciscope.record.patient_list.preview import RefusedRow
from calciscope.record.patient_list.sheet import LARGEST_BYTES, Sheet, read_sheet
from calciscope.record.refusals import Problem
from calciscope.terms.errors import Refused
from calciscope.web.gate.screen import Asked

Meaning = TypeVar("Meaning", bound=StrEnum)

SALT = "calciscope.import"
KEPT_S = 3600  # an hour to look the preview over
ORDERS = {DateOrder.DAY_FIRST: "07/03/2014, the day first", DateOrder.MONTH_FIRST: "03/07/2014, the month first"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the file as the preview shows it; ``problem`` is empty where it is taken."""

    number: int
    cells: Sequence[str]
    problem: str


def sheet_of(request: Asked) -> Sheet:
    """The file that was chosen, or the one that the form carries."""
    sent: Any = request.FILES.get("list")
    if isinstance(sent, UploadedFile) and sent.file:
        if (sent.size or 0) > LARGEST_BYTES:
            raise Refused(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB; split the list.")
        return read_sheet(sent.name or "", sent.read())
    try:
        columns, rows, first_row = signing.loads(request.POST.get("carried", ""), salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        raise Refused("Choose a file (the preview lasts for an hour).") from None
    return Sheet(columns=tuple(columns), rows=tuple(map(tuple, rows)), first_row=first_row)


def carried(sheet: Sheet) -> str:
    """The list for the form to carry."""
    return signing.dumps([sheet.columns, sheet.rows, sheet.first_row], salt=SALT, compress=True)


def chosen_columns(request: Asked, sheet: Sheet, meanings: Iterable[Meaning]) -> dict[Meaning, str]:
    """What a person has said of the columns."""
    places = {meaning: request.POST.get(f"column-{meaning.value}", "") for meaning in meanings}
    return {
        meaning: sheet.columns[int(place)]
        for meaning, place in places.items()
        if place.isdigit() and int(place) < len(sheet.columns)
    }


def chosen_order(request: Asked) -> DateOrder:
    """How a person has said that dates are meant."""
    said = request.POST.get("order", "")
    return DateOrder(said) if said in {order.value for order in DateOrder} else DateOrder.DAY_FIRST


def mapping_context(
    sheet: Sheet,
    columns: Mapping[Meaning, str],
    order: DateOrder,
    meanings: Iterable[Meaning],
    needed: Iterable[Meaning],
) -> dict[str, Any]:
    """What the part of the page shows in which columns are given their meaning."""
    wanted = set(needed)
    fields = [
        (one.value, words_of(one), sheet.columns.index(columns[one]) if one in columns else -1, one in wanted)
        for one in meanings
    ]
    return {
        "carried": carried(sheet),
        "header": list(enumerate(sheet.columns)),
        "fields": fields,
        "orders": [(name.value, words, name is order) for name, words in ORDERS.items()],
        "unused": [name for name in sheet.columns if name and name not in columns.values()],
        "lacking": [words_of(one) for one in meanings if one in wanted and one not in columns],
        "shown_fields": [words_of(one) for one in columns],
    }


def lines(sheet: Sheet, columns: Mapping[Meaning, str], refused: Sequence[RefusedRow]) -> list[Line]:
    """Every row with what becomes of it."""
    places = [sheet.columns.index(name) for name in columns.values()]
    why = {row.row: problem_words(row.problems) for row in refused}
    return [
        Line(number=number, cells=[row[place] for place in places], problem=why.get(number, ""))
        for number, row in enumerate(sheet.rows, start=sheet.first_row)
    ]


def problem_words(problems: Iterable[Problem]) -> str:
    """Why a row is refused."""
    return "; ".join(f"{words_of(problem.field)}: {problem.message}" for problem in problems)


def words_of(name: str) -> str:
    """A field or meaning as a label."""
    words = {"born_on": "date of birth", "sampled_on": "date of the sample", "onset_on": "onset", "low": "lower limit",
             "diagnosed_on": "date of diagnosis", "email": "e-mail address", "high": "upper limit"}.get(str(name))  # fmt: skip
    said = words or str(name).replace("_", " ")
    return said[:1].upper() + said[1:]
