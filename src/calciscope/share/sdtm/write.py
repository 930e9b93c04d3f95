"""One zip of all tables: CSV, Dataset-JSON 1.1, and a listing of every column. The same readings give the same bytes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence

from calciscope.share.sdtm.assessment import Trial
from calciscope.share.sdtm.table import Kind, Row, Table, Value, Variable, cells
from calciscope.share.sdtm.tables import tables
from calciscope.share.sdtm.xpt import transport_file
from calciscope.terms.errors import Refused

LISTING = ("dataset", "variable", "label", "type", "length", "core", "codelist", "note")
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can name; the day of packing is no part of the content


def sdtm_zip(trial: Trial) -> bytes:
    """Every table as ``<name>.csv``, ``<name>.json`` and ``<name>.xpt``, and ``columns.csv``.

    Raises:
        Refused: nothing was read yet.
    """
    if not trial.assessments:
        raise Refused("No reading of this trial is locked yet; there is nothing to export.")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        listing: list[Sequence[Value]] = []
        for table in tables():
            rows = list(table.rows(trial))
            name = table.name.lower()
            _add(packed, f"{name}.csv", _csv([variable.name for variable in table.variables], _plain(table, rows)))
            _add(packed, f"{name}.json", _dataset_json(trial, table, rows))
            _add(packed, f"{name}.xpt", transport_file(table, rows, made_at=trial.as_of))
            listing += _columns(table, rows)
        _add(packed, "columns.csv", _csv(LISTING, listing))
    return held.getvalue()


def _plain(table: Table, rows: Iterable[Row]) -> list[Sequence[Value]]:
    return [cells(table, row) for row in rows]


def _columns(table: Table, rows: Sequence[Row]) -> list[Sequence[Value]]:
    return [
        (
            table.name, one.name, one.label, one.kind.value, longest(rows, one.name) if one.kind is Kind.CHARACTER else 8,
            one.core, one.terms, one.note,
        )
        for one in table.variables
    ]  # fmt: skip


def longest(rows: Iterable[Row], name: str) -> int:
    """Characters of the longest value, at least 1."""
    return max([1, *(len(str(value)) for row in rows if (value := row.get(name)) is not None)])


def _csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode()


def _dataset_json(trial: Trial, table: Table, rows: Sequence[Row]) -> bytes:
    """CDISC Dataset-JSON 1.1 (attributes: secondary, by the documentation of a library that validates against its schema)."""
    at = trial.as_of.strftime("%Y-%m-%dT%H:%M:%S")
    document = {
        "datasetJSONCreationDateTime": at,
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{trial.study}.{table.name}",
        "sourceSystem": {"name": "Calciscope", "version": trial.software.removeprefix("calciscope ")},
        "studyOID": trial.study,
        "itemGroupOID": f"IG.{table.name}",
        "records": len(rows),
        "name": table.name,
        "label": table.label,
        "columns": [
            {
                "itemOID": f"IT.{table.name}.{one.name}",
                "name": one.name,
                "label": one.label,
                "dataType": "string" if one.kind is Kind.CHARACTER else "double",
                **({"length": longest(rows, one.name)} if one.kind is Kind.CHARACTER else {}),
                **({"keySequence": table.keys.index(one.name) + 1} if one.name in table.keys else {}),
            }
            for one in table.variables
        ],
        "rows": [
            ["" if cell is None and one.kind is Kind.CHARACTER else cell for cell, one in _paired(table, row)]
            for row in rows
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode()


def _paired(table: Table, row: Row) -> Iterable[tuple[Value, Variable]]:
    return zip(cells(table, row), table.variables, strict=True)


def _add(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    packed.writestr(entry, content)
