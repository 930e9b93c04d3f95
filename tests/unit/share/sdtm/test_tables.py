"""TU, TR, RS and RELREC: what each row says, how they join, and that the same readings give the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zipfile

import pytest

from calciscope.share.sdtm.assessment import Response
from calciscope.share.sdtm.table import Kind
from calciscope.share.sdtm.tables import tables
from calciscope.share.sdtm.write import sdtm_zip
from calciscope.terms.errors import Refused
from tests.unit.share.sdtm.made import ARM, KNEE, assessment, finding, trial

TABLES = {table.name: table for table in tables()}


def files(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rows(name: str, made=None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files(sdtm_zip(made or trial()))[f"{name}.csv"].decode())))


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_names_and_labels_are_as_sdtm_takes_them(table) -> None:
    names = [variable.name for variable in table.variables]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", name) for name in names)
    assert all(0 < len(variable.label) <= 40 for variable in table.variables)
    assert len(table.label) <= 40
    assert set(table.keys) <= set(names)
    assert all(variable.core in ("Req", "Exp", "Perm") for variable in table.variables)
    assert all(re.fullmatch(r"C\d+|ISO 8601|", variable.terms) for variable in table.variables)


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_rows_hold_known_columns_what_is_required_and_no_key_twice(table) -> None:
    found = list(table.rows(trial()))
    assert found
    names = {variable.name for variable in table.variables}
    required = {variable.name for variable in table.variables if variable.core == "Req"}
    for row in found:
        assert set(row) <= names
        assert all(row.get(name) not in (None, "") for name in required)
    keys = [tuple(row.get(name) for name in table.keys) for row in found]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", ["TU", "TR", "RS"])
def test_test_codes_are_short_and_their_names_too(name: str) -> None:
    for row in TABLES[name].rows(trial()):
        assert re.fullmatch(r"[A-Z][A-Z0-9_]{0,7}", row[f"{name}TESTCD"])
        assert len(row[f"{name}TEST"]) <= 40


def test_a_lesion_is_identified_once_by_each_evaluator_where_it_was_seen_first() -> None:
    found = [(row["TUEVALID"], row["TULNKID"], row["VISITNUM"], row["TUORRES"]) for row in rows("tu")]
    assert found == [
        ("READER 1", "R1-L001", "1", "MEASURED"),
        ("READER 1", "R1-L003", "1", "MEASURED"),
        ("READER 1", "R1-L002", "2", "NEW"),
        ("READER 2", "R2-L001", "1", "MEASURED"),
        ("READER 2", "R2-L003", "1", "MEASURED"),
        ("READER 2", "R2-L002", "2", "NEW"),
    ]
    first = rows("tu")[0]
    assert (first["USUBJID"], first["TUSEQ"], first["TULOC"], first["TULAT"]) == ("CALC-01-01-001", "1", "KNEE", "LEFT")
    assert (first["TUTESTCD"], first["TUMETHOD"], first["TUDTC"]) == ("LESIDENT", "CT SCAN", "2025-03-10")
    assert (first["TUEVAL"], first["TUACPTFL"]) == ("INDEPENDENT ASSESSOR", "Y")


def test_results_join_their_identification_and_say_what_is_absent_and_what_is_not_known() -> None:
    found = rows("tr")
    links = {row["TULNKID"] for row in rows("tu")}
    measured = [row for row in found if row["TRORRES"] == "PRESENT"]
    assert {row["TRLNKID"] for row in measured} == {row["TRLNKID"] for row in found} - {""} == links
    states = {(row["TREVALID"], row["VISITNUM"], row["TRLNKID"]): row for row in found if row["TRTESTCD"] == "TUMSTATE"}
    assert states["READER 2", "2", "R2-L001"]["TRORRES"] == "ABSENT"
    unknown = states["READER 1", "2", "R1-L003"]
    assert (unknown["TRORRES"], unknown["TRSTAT"]) == ("", "NOT DONE")
    mass = next(row for row in found if row["TRTESTCD"] == "CALCMASS")
    assert (mass["TRORRES"], mass["TRORRESU"], mass["TRSTRESN"], mass["TRSTRESU"]) == ("412.5", "mg", "412.5", "mg")
    sums = {(row["TREVALID"], row["VISITNUM"]): row["TRSTRESN"] for row in found if row["TRTESTCD"] == "SUMCMASS"}
    assert sums["READER 1", "2"] == "545.25"


def test_a_lesion_of_another_scan_alone_is_never_taken_for_absent_without_proof() -> None:
    """A reader who rejects a proposal that is still there has not shown that it is gone."""
    made = trial(assessment(1, 1, finding(KNEE, 100.0)), assessment(1, 2, finding(ARM, 30.0)))
    assert [row for row in rows("tr", made) if row["TRORRES"] == "ABSENT"] == []


def test_a_scan_that_could_not_be_read_is_not_done_and_says_why() -> None:
    made = trial(
        assessment(1, 1, finding(KNEE, 100.0)),
        assessment(1, 2, evaluable=False, reason="Moved throughout", mass_mg=None, response=Response.NOT_EVALUABLE),
    )
    (row,) = [row for row in rows("tr", made) if row["VISITNUM"] == "2"]
    assert (row["TRSTAT"], row["TRREASND"], row["TRORRES"]) == ("NOT DONE", "Moved throughout", "")
    (response,) = rows("rs", made)
    assert (response["RSSTAT"], response["RSORRES"]) == ("NOT DONE", "")


def test_responses_are_marked_as_ours_and_rest_on_their_visit() -> None:
    found = rows("rs")
    assert [(row["RSEVALID"], row["RSORRES"], row["RSLNKGRP"]) for row in found] == [
        ("READER 1", "INCREASE", "R1-V2"),
        ("READER 2", "DECREASE", "R2-V2"),
    ]
    assert {row["RSLNKGRP"] for row in found} <= {row["TRLNKGRP"] for row in rows("tr")}
    notes = {row["variable"]: row["note"] for row in rows("columns")}
    assert "sponsor-defined" in notes["RSTESTCD"] and "sponsor-defined" in notes["TRTESTCD"]


def test_the_third_reader_has_a_name_of_its_own() -> None:
    made = trial(assessment(3, 1, finding(KNEE, 1.0), accepted=True))
    assert rows("tu", made)[0]["TUEVALID"] == "ADJUDICATOR"


def test_the_same_readings_give_the_same_bytes() -> None:
    assert sdtm_zip(trial()) == sdtm_zip(trial())
    backwards = trial(*reversed(trial().assessments))
    assert sdtm_zip(backwards) == sdtm_zip(trial())


def test_nothing_read_is_refused() -> None:
    empty = trial()
    with pytest.raises(Refused):
        sdtm_zip(type(empty)(study="S", assessments=(), as_of=empty.as_of, software=""))


def test_dataset_json_says_the_same_as_the_csv() -> None:
    packed = files(sdtm_zip(trial()))
    for name, table in TABLES.items():
        document = json.loads(packed[f"{name.lower()}.json"])
        assert document["datasetJSONVersion"] == "1.1.0"
        assert document["records"] == len(document["rows"])
        assert [column["name"] for column in document["columns"]] == [variable.name for variable in table.variables]
        for row, told in zip(rows(name.lower()), document["rows"], strict=True):
            assert ["" if cell is None else str(cell) for cell in told] == list(row.values())


def read_transport(content: bytes) -> tuple[list[tuple[str, str, int, int]], list[list[object]]]:
    """A transport file by its layout, slowly: (name, label, kind, width) of each variable, and the rows."""
    assert len(content) % 80 == 0
    records = [content[at : at + 80] for at in range(0, len(content), 80)]
    assert records[0].startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!")
    assert records[3][48:78] == b"000000000000000001600000000140"
    count = int(records[7][54:58])
    names = content[8 * 80 : 8 * 80 + 140 * count]
    variables = []
    for at in range(0, 140 * count, 140):
        kind, _, width, _ = struct.unpack(">hhhh", names[at : at + 8])
        variables.append(
            (names[at + 8 : at + 16].decode().strip(), names[at + 16 : at + 56].decode().strip(), kind, width)
        )
    start = content.index(b"HEADER RECORD*******OBS     ") + 80
    length, body = sum(width for *_, width in variables), content[start:]
    found = []
    for at in range(0, len(body) - length + 1, length):
        row, place = body[at : at + length], 0
        if not row.strip():
            break
        cells: list[object] = []
        for _, _, kind, width in variables:
            raw, place = row[place : place + width], place + width
            cells.append(raw.decode().rstrip() if kind == 2 else number(raw))
        found.append(cells)
    return variables, found


def number(raw: bytes) -> float | None:
    """Sixteen to the power of (first byte - 64), times the other seven as a fraction."""
    if raw == b"." + bytes(7):
        return None
    sign = -1.0 if raw[0] & 128 else 1.0
    return sign * int.from_bytes(raw[1:], "big") / 2.0**56 * 16.0 ** ((raw[0] & 127) - 64)


@pytest.mark.parametrize("name", TABLES)
def test_the_transport_file_says_the_same_as_the_csv(name: str) -> None:
    variables, found = read_transport(files(sdtm_zip(trial()))[f"{name.lower()}.xpt"])
    table = TABLES[name]
    assert [(one, label) for one, label, *_ in variables] == [(one.name, one.label) for one in table.variables]
    told = rows(name.lower())
    assert len(found) == len(told)
    for row, cells in zip(told, found, strict=True):
        for (one, text), cell, variable in zip(row.items(), cells, table.variables, strict=True):
            if variable.kind is Kind.CHARACTER:
                assert cell == text, one
            else:
                assert (cell is None) if text == "" else cell == pytest.approx(float(text), rel=1e-14), one


def test_letters_outside_ascii_become_question_marks_in_the_transport_file_alone() -> None:
    made = trial(assessment(1, 1, evaluable=False, reason="Bewegung während der Aufnahme", mass_mg=None))
    packed = files(sdtm_zip(made))
    assert "während" in packed["tr.csv"].decode()
    assert b"w?hrend" in packed["tr.xpt"]
