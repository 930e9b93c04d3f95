"""A clinic's list: every row taken and every row refused, with the reason, before anything is saved."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from calciscope.record.queries.patients import list_patients
from calciscope.terms.errors import Refused
from calciscope.web.import_list.mapping import guessed, lines
from calciscope.web.import_list.reading import rows_of
from tests.web.test_visit_without_a_script import hidden, text_of

LIST = (
    "MRN;Surname;First name;DOB\nA-1;Alpha;Ann;07/03/2014\nA-2;;Bob;08/03/2014\nA-3;Gamma;Gus;31/02/2014\n"
    "A-4;Delta;Dan;\nA-5;Twin;One;\nA-5;Twin;Two;\n=cmd;Evil;Eve;\n"
)


def sent(content: bytes, name: str = "list.csv") -> dict[str, SimpleUploadedFile]:
    return {"list": SimpleUploadedFile(name, content)}


def test_a_list_is_previewed_mapped_and_taken(web, doctor) -> None:
    page = text_of(web.post(reverse("import_list"), sent(LIST.encode())))
    assert "not a date as chosen above" in page
    assert list_patients(by=doctor) == ()
    mapping = {
        "column-hospital_number": "0",
        "column-family_name": "1",
        "column-given_name": "2",
        "column-born_on": "3",
    }
    page = text_of(web.post(reverse("import_list"), hidden(page) | mapping | {"order": "dmy"}))
    assert "3 would be taken, 4 refused" in page
    assert "Family name: This is needed." in page
    assert "stands in the list twice" in page
    done = text_of(web.post(reverse("import_list"), hidden(page) | mapping | {"order": "dmy", "take": "1"}))
    assert "3 taken in, 4 refused" in done
    taken = {banner.numbers[0]: banner.born_on for banner in list_patients(by=doctor)}
    assert set(taken) == {"A-1", "A-4", "=cmd"}
    assert str(taken["A-1"]) == "2014-03-07"


def test_a_number_that_is_in_the_record_is_refused_and_the_others_taken(web, doctor, patient) -> None:
    page = text_of(web.post(reverse("import_list"), sent(b"mrn,surname\nH-0001,Copy\nH-2,New\n")))
    assert "1 would be taken, 1 refused" in page
    mapping = {"column-hospital_number": "0", "column-family_name": "1", "order": "iso", "take": "1"}
    done = text_of(web.post(reverse("import_list"), hidden(page) | mapping))
    assert "1 taken in, 1 refused" in done
    assert "in the record already" in done


def test_a_list_changed_on_its_way_is_refused(web, doctor) -> None:
    page = text_of(web.post(reverse("import_list"), sent(LIST.encode())))
    carried = hidden(page)["carried"]
    answer = web.post(reverse("import_list"), {"carried": "x" + carried, "take": "1", "order": "iso"})
    assert answer.status_code == 422
    assert list_patients(by=doctor) == ()


def excel() -> bytes:
    book = Workbook()
    book.active.append(["record_id", "last_name", "first_name", "dob"])
    book.active.append([12, "Alpha", "Ann", "2014-03-07"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_an_excel_sheet_is_read() -> None:
    content = excel()
    rows = rows_of(io.BytesIO(content), len(content))
    (line,) = lines(rows, guessed(rows[0]), "iso")
    assert line.person is not None
    assert (line.person.hospital_number, str(line.person.born_on)) == ("12", "2014-03-07")


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 150_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no rows"),
        (b"mrn,surname\n", "no rows"),
        (b"\x00\x01\x02", "neither a CSV"),
        (b"PK\x03\x04 no zip", "cannot be read"),
        (b"mrn,surname\n" + b"1,A\n" * 20_001, "more than 20000 rows"),
        (b"mrn,surname\n1," + b"A" * 3000, "characters"),
        (b",".join([b"c"] * 300) + b"\n" + b",".join([b"1"] * 300), "columns"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        rows_of(io.BytesIO(content), len(content))


def test_a_zip_bomb_is_refused() -> None:
    content = bomb()
    with pytest.raises(Refused, match="unpacks"):
        rows_of(io.BytesIO(content), len(content))


def test_a_list_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="larger than"):
        rows_of(io.BytesIO(b""), 10_000_001)


def test_a_nurse_imports_and_a_researcher_does_not(people, client_of) -> None:
    from calciscope.record.permissions import Role

    assert client_of(people(Role.NURSE)).get(reverse("import_list")).status_code == 200
    assert client_of(people(Role.RESEARCHER)).get(reverse("import_list")).status_code == 403
