"""The first sheet of an Excel workbook (.xlsx) as text; formulas give their last value, dates their serial number."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from calciscope.terms.errors import Refused

LARGEST_PART_BYTES = 100_000_000  # unpacked; what says it is larger is not unpacked
SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BROKEN = "This Excel file cannot be read; save it anew as .xlsx or CSV."
MOST_CELLS = 2_000_000


def read_workbook(whole: bytes) -> list[list[str]]:
    """Rows of the sheet that comes first."""
    try:
        with ZipFile(io.BytesIO(whole)) as archive:
            sheets = sorted((int(found[1]), name) for name in archive.namelist() if (found := SHEET.fullmatch(name)))
            if not sheets:
                raise Refused(BROKEN)
            return _rows(_part(archive, sheets[0][1]), _shared(archive))
    except (BadZipFile, ElementTree.ParseError, KeyError, IndexError, ValueError):
        raise Refused(BROKEN) from None


def _part(archive: ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > LARGEST_PART_BYTES:
        raise Refused("This Excel file is too large; export the list alone, as CSV.")
    with archive.open(name) as file:
        text = file.read(LARGEST_PART_BYTES + 1)
    if len(text) > LARGEST_PART_BYTES or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refused(BROKEN)  # entities are how small files grow large, and Excel writes none
    return ElementTree.fromstring(text)


def _shared(archive: ZipFile) -> list[str]:
    """Texts that cells point to by number."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [
        "".join(part.text or "" for part in item.iter(f"{SPACE}t")) for item in _part(archive, "xl/sharedStrings.xml")
    ]


def _rows(sheet: ElementTree.Element, shared: list[str]) -> list[list[str]]:
    table: list[list[str]] = []
    cells = 0
    for row in sheet.iter(f"{SPACE}row"):
        number = int(row.get("r", len(table) + 1))
        table += [[] for _ in range(len(table), min(number - 1, MOST_CELLS))]
        found = dict(_cells(row, shared))
        cells += len(found) + 1
        if cells > MOST_CELLS or number > MOST_CELLS:
            raise Refused("This Excel file is too large; export the list alone, as CSV.")
        table.append([found.get(column, "") for column in range(max(found, default=-1) + 1)])
    return table


def _cells(row: ElementTree.Element, shared: list[str]) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(row.iter(f"{SPACE}c")):
        letters = re.match(r"[A-Z]{1,3}", cell.get("r", ""))
        column = _column(letters[0]) if letters else place
        value = cell.find(f"{SPACE}v")
        if cell.get("t") == "inlineStr":
            yield column, "".join(part.text or "" for part in cell.iter(f"{SPACE}t"))
        elif value is not None and value.text:
            yield column, shared[int(value.text)] if cell.get("t") == "s" else value.text


def _column(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
