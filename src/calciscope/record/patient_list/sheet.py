"""A table of text out of the bytes of a CSV file or an Excel workbook, within bounds."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import PurePath

from calciscope.record.patient_list.workbook import read_workbook
from calciscope.terms.errors import Refused

LARGEST_BYTES = 20_000_000  # judgement: some hundred thousand rows
MOST_ROWS = 20_000
MOST_COLUMNS = 400
LONGEST_CELL = 2_000
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Column names and rows, all of one length, trimmed. ``first_row`` is the number of the first row as the file shows it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int = 2


def read_sheet(name: str, whole: bytes) -> Sheet:
    """Read a file by its contents; refused in words where it cannot be read."""
    if len(whole) > LARGEST_BYTES:
        raise Refused(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB; split the list.")
    if whole[:4] == b"PK\x03\x04":
        return _checked(read_workbook(whole))
    if whole[:4] == b"\xd0\xcf\x11\xe0":
        raise Refused("This is an old Excel file (.xls); save it as .xlsx or CSV.")
    if PurePath(name).suffix.lower() in {".pdf", ".docx", ".zip"} or (b"\x00" in whole and not _is_utf16(whole)):
        raise Refused("This is no table; export the list as CSV or .xlsx.")
    return _checked(_csv(whole))


def _csv(whole: bytes) -> list[list[str]]:
    text = _decoded(whole)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Refused("The file breaks off inside a quoted cell; export it again.") from None


def _decoded(whole: bytes) -> str:
    for encoding in ENCODINGS:
        if (encoding == "utf-16") != _is_utf16(whole):
            continue
        try:
            return whole.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("The letters of this file cannot be read; save it as UTF-8.")


def _is_utf16(whole: bytes) -> bool:
    return whole[:2] in (b"\xff\xfe", b"\xfe\xff")


def _checked(table: list[list[str]]) -> Sheet:
    filled = [(number, [cell.strip() for cell in row]) for number, row in enumerate(table, start=1) if any(row)]
    if len(filled) < 2:
        raise Refused("The table has no rows below its column names.")
    columns = filled[0][1]
    if len(columns) > MOST_COLUMNS or len(filled) > MOST_ROWS:
        raise Refused(f"At most {MOST_ROWS} rows of {MOST_COLUMNS} columns are read at once; split the list.")
    if len({name.lower() for name in columns if name}) != len([name for name in columns if name]):
        raise Refused("Two columns have the same name; rename one.")
    rows = []
    for number, row in filled[1:]:
        if len(row) > len(columns) and any(row[len(columns) :]):
            raise Refused(f"Row {number} has more cells than there are column names.")
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise Refused(f"Row {number} has a cell of more than {LONGEST_CELL} letters.")
        rows.append(tuple((row + [""] * len(columns))[: len(columns)]))
    return Sheet(columns=tuple(columns), rows=tuple(rows), first_row=filled[1][0])
