"""Rows of a CSV file or an Excel sheet, within limits, or a refusal that says why."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import IO

from calciscope.terms.errors import Refused

LARGEST_FILE_BYTES = 10_000_000  # judgement: 20,000 patients are some 3 MB
LARGEST_UNPACKED_BYTES = 100_000_000  # an Excel file is a zip: what it may grow to
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 2000
EXCEL_START = b"PK\x03\x04"

Rows = list[list[str]]


def rows_of(file: IO[bytes], size_bytes: int) -> Rows:
    """All rows as text, the first with the names of the columns."""
    if size_bytes > LARGEST_FILE_BYTES:
        raise Refused(f"The file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB; send it in parts.")
    content = file.read(LARGEST_FILE_BYTES + 1)
    found = _excel(content) if content.startswith(EXCEL_START) else _csv(content)
    rows = [row for row in islice(found, MOST_ROWS + 2) if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS + 1:
        raise Refused(f"The list has more than {MOST_ROWS} rows; send it in parts.")
    if len(rows) < 2:
        raise Refused("The list has no rows below the names of its columns.")
    if max(map(len, rows)) > MOST_COLUMNS:
        raise Refused(f"The list has more than {MOST_COLUMNS} columns.")
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        raise Refused(f"A cell holds more than {LONGEST_CELL} characters.")
    width = len(rows[0])
    return [(row + [""] * width)[:width] for row in rows]


def _csv(content: bytes) -> Iterator[list[str]]:
    if b"\x00" in content:
        raise Refused("This is neither a CSV file nor an Excel sheet (.xlsx).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise Refused("The CSV file cannot be read; save it anew as CSV, UTF-8.") from None


def _excel(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED_BYTES:
                raise Refused("The Excel file unpacks to far more than a list of patients; save it as CSV.")
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1):
            cells = [_cell(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError):
        raise Refused("The Excel file cannot be read; save it anew as .xlsx or CSV.") from None


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
