"""The course of a patient: what stands on the page, its tables as files, its pictures, and scans that say little."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import pypdf
import pytest
from django.urls import reverse

from calciscope.record.actions.candidates import Decision, decide_candidates
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.visits import open_visit
from tests.unit.record.scans.made import BURDEN, compared_first, compared_scan, measured_scan
from tests.web.test_visit_without_a_script import text_of


@pytest.fixture(autouse=True)
def _folder(files) -> None:
    """Scans go to a folder of the test's own."""


@pytest.fixture
def scans(doctor, patient) -> tuple[UUID, UUID]:
    return measured_scan(doctor, patient, done_on="2025-03-10"), measured_scan(doctor, patient, done_on="2026-03-10")


def page(web, patient, scan: str = "") -> str:
    answer = web.get(reverse("course", args=[patient]), {"scan": scan} if scan else {})
    assert answer.status_code == 200
    return " ".join(text_of(answer).split())


def felt(doctor, patient, on: str, pain: int) -> None:
    visit = open_visit(by=doctor, patient=patient, details={"held_on": on, "kind": "planned"})
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="skin_effects", data={"pain": pain})])


def test_two_scans_with_what_was_felt_and_given(web, doctor, patient, scans) -> None:
    compared_scan(doctor, patient, *scans)
    felt(doctor, patient, "2025-03-01", 6)
    felt(doctor, patient, "2026-03-01", 3)
    drug = {"therapy": "tofacitinib", "started_on": "2025-04-02", "indication": "treatment"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="medication", data=drug)])
    said = page(web, patient)
    assert (
        "Left knee 462 → 381 mg (10 Mar 2025, 10 Mar 2026), beyond measurement error (48 mg); 1 new; loss: cause not recorded; "
        "pain 6 → 3 since tofacitinib (02 Apr 2025)."
    ) in said
    for part in (
        "Calcium mass on CT",
        "The patient's own",
        "measurement error alone",
        "412 → 297 mg",
        "not wholly in view",
    ):
        assert part in said, part
    assert said.count('alt="') == 3 and "borrowed" in said


def test_the_cause_comes_from_the_record_also_after_the_comparison(web, doctor, patient, scans) -> None:
    compared_scan(doctor, patient, *scans)
    (deposit,) = decide_candidates(
        by=doctor, patient=patient, measurement=scans[0], decisions=[Decision(candidate=1, decision="accept", new=True)]
    )
    assert "loss: cause not recorded" in page(web, patient)
    cut = {"kind": "excision", "done_on": "2025-09-04", "deposits": [str(deposit)]}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="procedure", data=cut)])
    said = page(web, patient)
    assert "loss: removed by a procedure;" in said
    assert "excision, 04 Sep 2025" in said, "the fact it rests on"


def test_another_setting_and_contrast_are_said_before_the_figures(web, doctor, patient, scans) -> None:
    widened = {"slice_class": "up to 3 mm", "widened_by": ["tube voltage 120 kV, then 80 kV"]}
    compared_scan(doctor, patient, *scans, limit=widened, message="Scan 2 was made with contrast agent.")
    said = page(web, patient)
    assert said.index("limits are wider because a setting changed (tube voltage") < said.index(
        "Then, now and the difference"
    )
    assert "made with contrast agent" in said


def test_scans_that_cannot_be_compared_give_no_change(web, doctor, patient, scans) -> None:
    why = "The earlier scan and this scan show different parts of the body."
    compared_scan(doctor, patient, *scans, outcome="not_comparable", message=why, burden={}, families=[])
    said = page(web, patient)
    assert "Left knee cannot be compared" in said and "There is no difference to show" in said
    assert "line x1" not in said


def test_one_scan_and_none(web, doctor, patient) -> None:
    assert "No scan has been measured yet." in page(web, patient)
    measured_scan(doctor, patient)
    assert "there is no second scan to compare it with" in page(web, patient)


def test_three_scans_form_one_course_and_another_part_its_own(web, doctor, patient, scans) -> None:
    third = measured_scan(doctor, patient, done_on="2026-09-10")
    elbow = measured_scan(doctor, patient, done_on="2026-10-10", regions=("elbow",))
    compared_scan(doctor, patient, *scans)
    compared_scan(doctor, patient, scans[1], third)
    assert "Left elbow" in page(web, patient).partition("</nav>")[2] and "no second scan" in page(web, patient)
    said = page(web, patient, str(third))
    assert "(10 Mar 2026, 10 Sep 2026)" in said
    rows = list(
        csv.reader(io.StringIO(web.get(reverse("course_csv", args=[patient]), {"scan": str(third)}).content.decode()))
    )
    mass = next(row for row in rows if row[1] == "mass on CT")
    assert [cell for cell in mass[3:] if cell] == ["462", "381", "381"]
    assert str(elbow) in page(web, patient)


def test_the_newest_of_three_is_held_against_the_first_by_a_limit_of_its_own(web, doctor, patient, scans) -> None:
    third = measured_scan(doctor, patient, done_on="2026-09-10")
    compared_scan(doctor, patient, *scans)
    compared_scan(doctor, patient, scans[1], third)
    assert "Since the first scan: not compared yet (10 Mar 2025, 10 Sep 2026)." in page(
        web, patient
    )
    burden = BURDEN | {"followup_mg": 350.0, "change_mg": -112.0, "limit_mg": 55.0}
    compared_first(doctor, patient, scans[0], third, burden=burden)
    said = page(web, patient)
    since = "462 → 350 mg (10 Mar 2025, 10 Sep 2026), beyond measurement error (55 mg)"
    assert f"Since the first scan: {since}." in said and f"since the first scan: {since}" in said
    assert "Left knee 462 → 381 mg (10 Mar 2026, 10 Sep 2026)" in said, "the sentence still tells of the last two"
    assert web.get(reverse("course_sheet", args=[patient])).status_code == 200
    rows = csv.DictReader(io.StringIO(web.get(reverse("course_deposits_csv", args=[patient])).content.decode()))
    assert ("2025-03-10", "2026-09-10") in {(row["first scan"], row["second scan"]) for row in rows}


def test_two_scans_have_no_line_of_their_own_since_the_first(web, doctor, patient, scans) -> None:
    compared_scan(doctor, patient, *scans)
    assert "Since the first scan" not in page(web, patient)


def test_pictures_and_report_come_through_the_scope(web, patient, scans, doctor, stranger, client_of) -> None:
    compared_scan(doctor, patient, *scans)
    address = reverse("course_picture", args=[patient, scans[1], "coronal", "now"])
    assert web.get(address).content.startswith(b"\x89PNG")
    assert web.get(reverse("course_difference", args=[patient, scans[1]])).content.startswith(b"\x89PNG")
    assert web.get(reverse("course_report", args=[patient, scans[1]])).content.startswith(b"%PDF")
    assert client_of(stranger).get(address).status_code == 404
    assert web.get(reverse("course_picture", args=[patient, scans[1], "coronal", "never"])).status_code == 404
    assert web.get(reverse("course_picture", args=[patient, scans[0], "coronal", "now"])).status_code == 422


def test_deposits_as_a_file(web, doctor, patient, scans) -> None:
    compared_scan(doctor, patient, *scans)
    text = web.get(reverse("course_deposits_csv", args=[patient])).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["event"] for row in rows] == ["shrunk", "new", "stable", "not evaluable"]
    assert rows[0]["cause of loss"] == "cause not recorded" and rows[0]["percent a year"] == "−28 %"
    assert rows[1]["mg then"] == "none"
    assert rows[3]["change mg"] == "" and rows[3]["mg now"] == "not seen", "its place was not in view"


def test_a_page_for_the_family_in_two_versions(web, doctor, patient, scans) -> None:
    compared_scan(doctor, patient, *scans)
    felt(doctor, patient, "2025-03-01", 6)
    texts = {}
    for version in ("plain", "child"):
        pdf = web.get(reverse("course_family", args=[patient]), {"for": version}).content
        (sheet,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
        texts[version] = " ".join(sheet.extract_text().split())
    assert "Then there were 462 mg. Now there are 381 mg." in texts["plain"]
    assert "by up to 48 mg by chance" in texts["plain"] and "We do not know why there is less" in texts["plain"]
    assert "It was 6 then. We have no number for now." in texts["plain"]
    assert "do not show if the illness itself is better or worse" in texts["plain"]
    assert "chalk" in texts["child"] and "chalk" not in texts["plain"]


def test_the_page_for_the_family_of_a_patient_without_a_scan(web, patient) -> None:
    pdf = web.get(reverse("course_family", args=[patient])).content
    (sheet,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert "Next visit" in sheet.extract_text() or "You come again" in sheet.extract_text()


def test_one_page_for_a_colleague(web, doctor, patient, scans) -> None:
    compared_scan(doctor, patient, *scans)
    felt(doctor, patient, "2025-03-01", 6)
    reader = pypdf.PdfReader(io.BytesIO(web.get(reverse("course_sheet", args=[patient])).content))
    (sheet,) = reader.pages
    text = " ".join(sheet.extract_text().split())
    assert "beyond measurement error (48 mg)" in text and "cause not recorded" in text and "Research use only" in text
    assert "Calcium mass on CT" in text, "the chart is text, not a picture"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
