"""A clinic's own list: every row is taken or refused with why, and what was taken is written whole."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calciscope.record.actions.import_list import import_patients
from calciscope.record.models.patient import Patient
from calciscope.record.patient_list.days import DateOrder
from calciscope.record.patient_list.mapping import ColumnMapping, Target, propose
from calciscope.record.patient_list.preview import preview
from calciscope.record.patient_list.sheet import Sheet, read_sheet
from calciscope.record.queries.numbers import numbers_present
from calciscope.record.queries.patients import list_patients, patient_page
from calciscope.record.refusals import Invalid
from calciscope.terms.errors import NotAllowed, Refused

CSV = """MRN;Last name;First name;Date of birth;Sex;Diagnosis;Onset;MSA;Ward
H-1;Öztürk;Ece;02.03.2014;f;JDM;2022-05;Anti-NXP2;A
H-2;"van Dyk, jun.";Jan;31.12.1970;m;dermatomyositis;2019;TIF1-γ;B
H-2;Again;Ann;01.01.1980;f;dm;;;C
;Nameless;Nob;01.01.1980;f;dm;;;
H-4;;Ann;01.01.1980;f;dm;;;
H-5;Future;Ann;01.01.2980;f;dm;;;
H-6;Wrong;Ann;31.02.1980;f;dm;;;
H-7;Word;Ann;01.01.1980;female?;lupus;;;
H-8;Late;Ann;01.01.1980;f;;2019;;
H-9;Short;Ann;01.01.80;f;dm;;;
"""


def workbook(rows: list[list[str]], extra: str = "") -> bytes:
    cells = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{v}</t></is></c>' if not v.isdigit()
        else f'<c r="{chr(65 + c)}{r}"><v>{v}</v></c>' for c, v in enumerate(row) if v) + "</row>"
        for r, row in enumerate(rows, start=1)
    )  # fmt: skip
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        text = f'<?xml version="1.0"?>{extra}<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", text)
    return made.getvalue()


def test_every_row_is_taken_or_refused_with_why() -> None:
    sheet = read_sheet("list.csv", CSV.encode())
    proposal = propose(sheet)
    assert proposal.unused == ("Ward",) and proposal.date_order_is_clear
    told = preview(sheet, proposal.mapping, present={"H-99"})
    assert [row.row for row in told.taken] == [2, 3]
    assert {row.row: [problem.field for problem in row.problems] for row in told.refused} == {
        4: ["hospital_number"], 5: ["hospital_number"], 6: ["family_name"], 7: ["born_on"], 8: ["born_on"],
        9: ["sex", "diagnosis"], 10: ["diagnosis"], 11: ["born_on"],
    }  # fmt: skip
    first, second = told.taken
    assert first.person.born_on == date(2014, 3, 2)
    assert dict(first.facts)["diagnosis"] == {"type": "jdm", "onset_on": "2022-05"}
    assert dict(first.facts)["antibody"]["antibody"] == "nxp2"
    assert dict(second.facts)["antibody"]["antibody"] == "tif1_gamma"
    assert second.person.family_name == "van Dyk, jun."


def test_what_was_taken_is_written_whole_and_not_twice(doctor, people) -> None:
    sheet = read_sheet("list.csv", CSV.encode())
    told = preview(sheet, propose(sheet).mapping)
    keys = import_patients(by=doctor, rows=told.taken)
    page = patient_page(by=doctor, patient=keys[0])
    assert {fact.noun for fact in page.facts} == {"characteristics", "diagnosis", "antibody"}
    assert numbers_present(by=doctor, numbers=["H-1", "H-2", "H-3"]) == {"H-1", "H-2"}
    assert numbers_present(by=people(site="South"), numbers=["H-1"]) == frozenset()
    again = preview(sheet, propose(sheet).mapping, present=numbers_present(by=doctor, numbers=["H-1", "H-2"]))
    assert again.taken == ()
    with pytest.raises(Invalid):
        import_patients(by=doctor, rows=told.taken[::-1])
    assert Patient.unscoped.count() == 2 == len(list_patients(by=doctor))


def test_only_who_registers_imports(people) -> None:
    from calciscope.record.permissions import Role

    with pytest.raises(NotAllowed):
        import_patients(by=people(Role.PHYSIOTHERAPIST), rows=[])


def test_a_workbook_is_read_with_dates_as_excel_keeps_them() -> None:
    rows = [["record_id", "surname", "dob"], ["7", "Öz &amp; Co", "41700"], [], ["8", "Two", "41701"]]
    sheet = read_sheet("list.xlsx", workbook(rows))
    told = preview(sheet, propose(sheet).mapping)
    assert [taken.person.born_on for taken in told.taken] == [date(2014, 3, 2), date(2014, 3, 3)]
    assert told.taken[0].person.family_name == "Öz & Co"


def test_american_dates_are_seen_and_doubt_is_said() -> None:
    american = read_sheet("a.csv", b"id,surname,dob\n1,A,12/31/1980\n2,B,01/02/1980\n")
    assert propose(american).mapping.date_order is DateOrder.MONTH_FIRST
    doubtful = read_sheet("a.csv", b"id,surname,dob\n1,A,03/04/1980\n")
    assert not propose(doubtful).date_order_is_clear
    columns = propose(doubtful).mapping.columns
    months = {
        order: preview(doubtful, ColumnMapping(columns=columns, date_order=order)).taken[0].person.born_on.month
        for order in DateOrder
    }
    assert months == {DateOrder.DAY_FIRST: 4, DateOrder.MONTH_FIRST: 3}


@pytest.mark.parametrize(
    ("name", "whole", "words"),
    [
        ("a.csv", b"", "no rows"),
        ("a.csv", b"id,surname\n", "no rows"),
        ("a.csv", b'id,surname\n1,"Open\n', "quoted"),
        ("a.csv", b"id,ID\n1,2\n", "same name"),
        ("a.csv", b"id,surname\n1,2,3\n", "Row 2"),
        ("a.csv", b"id,surname\n1," + b"x" * 3000, "Row 2"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", ".xlsx"),
        ("a.pdf", b"%PDF-1.7", "no table"),
        ("a.xlsx", b"PK\x03\x04 broken", "cannot be read"),
        ("a.xlsx", workbook([["id", "surname"], ["1", "A"]], '<!DOCTYPE x [<!ENTITY a "b">]>'), "cannot be read"),
        ("a.csv", b"id,surname\n" + b"1,A\n" * 20_001, "at once"),
        ("a.csv", b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name, whole, words) -> None:
    with pytest.raises(Refused, match=words):
        read_sheet(name, whole)


def test_old_encodings_are_read() -> None:
    assert read_sheet("a.csv", "id;surname\n1;Müller\n".encode("cp1252")).rows == (("1", "Müller"),)
    assert read_sheet("a.csv", "id\tsurname\n1\tMüller\n".encode("utf-16")).rows == (("1", "Müller"),)


def test_a_mapping_without_what_is_needed_is_refused() -> None:
    sheet = Sheet(columns=("a", "b"), rows=(("1", "2"),))
    with pytest.raises(Refused, match="hospital number|family name"):
        preview(sheet, ColumnMapping(columns={Target.FAMILY_NAME: "a"}))
    with pytest.raises(Refused, match="not in the file"):
        preview(sheet, ColumnMapping(columns={Target.FAMILY_NAME: "a", Target.HOSPITAL_NUMBER: "c"}))


@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), min_size=1, max_size=5))
def test_any_cells_are_taken_or_refused_never_lost(cells) -> None:
    sheet = Sheet(columns=("id", "surname", "dob", "onset"), rows=tuple(tuple(row) for row in cells))
    told = preview(sheet, propose(sheet).mapping)
    assert sorted(row.row for row in (*told.taken, *told.refused)) == list(range(2, len(cells) + 2))
