"""A clinic's list: every row taken and every row refused, with the reason, before anything is saved."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from calciscope.record.patient_list.mapping import Target, propose
from calciscope.record.patient_list.preview import preview
from calciscope.record.patient_list.sheet import LARGEST_BYTES, read_sheet
from calciscope.record.queries.patients import list_patients, patient_page
from calciscope.terms.errors import Refused
from tests.web.test_visit_without_a_script import hidden, text_of

LIST = (
    "MRN;Surname;First name;DOB\nA-1;Alpha;Ann;07/03/2014\nA-2;;Bob;08/03/2014\nA-3;Gamma;Gus;31/02/2014\n"
    "A-4;Delta;Dan;\nA-5;Twin;One;\nA-5;Twin;Two;\n=cmd;Evil;Eve;\n"
)


def sent(content: bytes, name: str = "list.csv") -> dict[str, SimpleUploadedFile]:
    return {"list": SimpleUploadedFile(name, content)}


def test_a_list_is_previewed_mapped_and_taken(web, doctor) -> None:
    page = text_of(web.post(reverse("import_list"), sent(LIST.encode())))
    assert "Date of birth: This is no date that there is." in page
    assert list_patients(by=doctor) == ()
    mapping = {
        "column-hospital_number": "0",
        "column-family_name": "1",
        "column-given_name": "2",
        "column-born_on": "3",
    }
    page = text_of(web.post(reverse("import_list"), hidden(page) | mapping | {"order": "day_first"}))
    assert "4 would be taken, 3 refused" in page
    assert "Family name: This is needed." in page
    assert "Row 6 has the same number" in page
    done = text_of(web.post(reverse("import_list"), hidden(page) | mapping | {"order": "day_first", "take": "1"}))
    assert "4 taken in, 3 refused" in done
    taken = {banner.numbers[0]: banner.born_on for banner in list_patients(by=doctor)}
    assert set(taken) == {"A-1", "A-4", "A-5", "=cmd"}
    assert str(taken["A-1"]) == "2014-03-07"


def test_a_number_that_is_in_the_record_is_refused_and_the_others_taken(web, doctor, patient) -> None:
    page = text_of(web.post(reverse("import_list"), sent(b"mrn,surname\nH-0001,Copy\nH-2,New\n")))
    assert "1 would be taken, 1 refused" in page
    mapping = {"column-hospital_number": "0", "column-family_name": "1", "order": "day_first", "take": "1"}
    done = text_of(web.post(reverse("import_list"), hidden(page) | mapping))
    assert "1 taken in, 1 refused" in done
    assert "in the record already" in done


def test_a_list_changed_on_its_way_is_refused(web, doctor) -> None:
    page = text_of(web.post(reverse("import_list"), sent(LIST.encode())))
    carried = hidden(page)["carried"]
    answer = web.post(reverse("import_list"), {"carried": "x" + carried, "take": "1", "order": "day_first"})
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
    sheet = read_sheet("list.xlsx", excel())
    (row,) = preview(sheet, propose(sheet).mapping).taken
    assert (row.person.hospital_number, str(row.person.born_on)) == ("12", "2014-03-07")


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
        (b"\x00\x01\x02", "no table"),
        (b"PK\x03\x04 no zip", "cannot be read"),
        (b"mrn,surname\n" + b"1,A\n" * 20_001, "At most 20000 rows"),
        (b"mrn,surname\n1," + b"A" * 3000, "letters"),
        (b",".join(b"c%d" % n for n in range(500)) + b"\n" + b",".join([b"1"] * 500), "columns"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_sheet("list.csv", content)


def test_a_zip_bomb_is_refused() -> None:
    content = bomb()
    with pytest.raises(Refused, match="too large"):
        read_sheet("list.csv", content)


def test_a_list_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="larger than"):
        read_sheet("list.csv", b"1" * (LARGEST_BYTES + 1))


def test_a_nurse_imports_and_a_researcher_does_not(people, client_of) -> None:
    from calciscope.record.permissions import Role

    assert client_of(people(Role.NURSE)).get(reverse("import_list")).status_code == 200
    assert client_of(people(Role.RESEARCHER)).get(reverse("import_list")).status_code == 403


REDCAP = (
    "record_id,last_name,first_name,dob,sex,diagnosis,onset_date,diagnosis_date,msa,site_note\n"
    "7,Alpha,Ann,2014-03-07,2,JDM,Mar 2019,12 Apr 2019,NXP2,x\n"
    "8,Beta,Bob,2013-01-02,1,gout,,,,y\n"
)


def test_a_redcap_export_brings_diagnosis_and_antibody_with_it(web, doctor) -> None:
    page = text_of(web.post(reverse("import_list"), sent(REDCAP.encode(), "redcap.csv")))
    assert "1 would be taken, 1 refused" in page
    assert "Diagnosis: This word is not known" in page
    assert "Not taken over: site_note" in page
    sheet = read_sheet("redcap.csv", REDCAP.encode())
    columns = propose(sheet).mapping.columns
    mapping = {f"column-{target}": str(sheet.columns.index(columns[target])) for target in Target if target in columns}
    web.post(reverse("import_list"), hidden(page) | mapping | {"order": "day_first", "take": "1"})
    (banner,) = list_patients(by=doctor)
    told = {fact.noun: fact.data for fact in patient_page(by=doctor, patient=banner.id).facts}
    assert told["diagnosis"] == {"type": "jdm", "onset_on": "2019-03", "diagnosed_on": "2019-04-12"}
    assert told["antibody"]["antibody"] == "nxp2"
    assert banner.synthetic


def test_an_order_of_dates_that_cannot_be_told_is_asked_for(web) -> None:
    doubtful = web.post(reverse("import_list"), sent(b"mrn,surname,dob\n1,A,03/04/2014\n"))
    assert "could be meant either way" in text_of(doubtful)
    clear = web.post(reverse("import_list"), sent(b"mrn,surname,dob\n1,A,13/04/2014\n"))
    assert "could be meant either way" not in text_of(clear)


RESULTS = (
    b"MRN,Collected,LOINC,Result,Unit,Low,High,Lab\n"
    b"H-0001,2026-10-01,2157-6,1240,IU/L,25,190,North\n"
    b"H-0001,2026-10-01,magic,1,U/L,,,North\n"
    b"H-0404,2026-10-01,2157-6,10,U/L,,,North\n"
)


def test_laboratory_results_are_previewed_and_taken_once(web, doctor, patient) -> None:
    page = text_of(web.post(reverse("import_results"), sent(RESULTS)))
    assert "1 would be taken, 2 refused" in page
    assert "No patient in your care has this number" in page
    mapping = {"column-hospital_number": "0", "column-sampled_on": "1", "column-test": "2", "column-value": "3"}
    mapping |= {"column-unit": "4", "column-low": "5", "column-high": "6", "order": "day_first"}
    done = text_of(web.post(reverse("import_results"), hidden(page) | mapping | {"take": "1"}))
    assert "1 taken in, 2 refused" in done
    (fact,) = [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "laboratory_result"]
    assert (fact.data["test"], fact.data["value"], fact.data["unit"], fact.data["high"]) == (
        "creatine_kinase",
        1240,
        "U/L",
        190,
    )
    again = text_of(web.post(reverse("import_results"), sent(RESULTS)))
    assert "0 would be taken, 3 refused" in again


def test_a_list_of_results_without_units_asks_for_the_column(web) -> None:
    page = text_of(web.post(reverse("import_results"), sent(b"mrn,date,test,result\nH-1,2026-10-01,ck,10\n")))
    assert "Say which column holds: Unit." in page
    assert "would be taken" not in page
