"""A scan by forms alone: sent, looked at, asked about, measured, decided on; and in parts as the script sends it."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import nibabel
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from calciscope.flows.scan_worker import measure_next, sort_next
from calciscope.record.actions.team import join_team
from calciscope.record.models.scan import Scan
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from calciscope.record.scans import work
from tests.cli.conftest import SPACING_MM, legs_with_two_balls
from tests.unit.read import dicom_maker as make
from tests.unit.record.scans.made import measured_scan, waiting_scan
from tests.web.test_visit_without_a_script import hidden, text_of

WHY = "Whether the plaque is cut out"
OWN = {"PatientName": "EXAMPLE^ADA", "PatientBirthDate": "20140302", "PatientID": "H-0001"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def incoming(folder: Path) -> list[Path]:
    return (
        [path for path in (folder / "incoming").rglob("*") if path.is_file()] if (folder / "incoming").exists() else []
    )


def zipped(tmp_path: Path, **tags) -> bytes:
    make.write_series(tmp_path / "scan", make.leg(12), **tags)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((tmp_path / "scan").rglob("*")):
            if path.is_file():
                archive.write(path, path.name)
    return held.getvalue()


def file(data: bytes, name: str = "Jane_Doe.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def send(web, patient, **said):
    return web.post(reverse("send_scan", args=[patient]), {"question": WHY} | said, follow=True)


def facts(doctor, patient, noun):
    return [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == noun and fact.holds]


@pytest.fixture(scope="module")
def nifti(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("nifti") / "legs.nii.gz"
    affine = np.diag([-SPACING_MM[2], -SPACING_MM[1], SPACING_MM[0], 1.0])
    nibabel.save(nibabel.Nifti1Image(legs_with_two_balls().transpose(2, 1, 0), affine), path)
    return path.read_bytes()


def test_from_a_file_to_a_result_in_the_record(
    web, doctor, patient, nifti, folder, django_capture_on_commit_callbacks
) -> None:
    page = text_of(send(web, patient, files=file(nifti, "legs.nii.gz"), done_on="10 Mar 2026"))
    assert "waits to be measured" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert measure_next("here:1")
    assert not measure_next("here:1")
    (measured,) = facts(doctor, patient, "imaging_measurement")
    (study,) = facts(doctor, patient, "imaging_study")
    assert study.effective_on.isoformat() == "2026-03-10" and study.data["question"] == WHY
    assert measured.data["deposits"] == 2 and measured.data["mass_lower_mg"] < measured.data["mass_mg"]
    assert incoming(folder) == [], "what was sent is removed"
    address = reverse("measured", args=[patient, measured.uid])
    assert address in text_of(web.get(reverse("imaging", args=[patient])))
    assert "2 to decide" in text_of(web.get(address))
    assert web.get(reverse("measured_overview", args=[patient, measured.uid])).content.startswith(b"\x89PNG")
    assert web.get(reverse("measured_report", args=[patient, measured.uid])).content.startswith(b"%PDF")
    assert "Calcium mass on CT" in text_of(web.get(reverse("patient", args=[patient])))


def test_images_of_this_patient_wait_and_those_of_another_are_asked_about(
    web, doctor, patient, tmp_path, folder
) -> None:
    assert "waits to be measured" in text_of(send(web, patient, files=file(zipped(tmp_path / "own", **OWN))))
    other = OWN | {"PatientName": "SOMEBODY^ELSE", "PatientBirthDate": "19800101"}
    answer = send(web, patient, files=file(zipped(tmp_path / "other", **other)))
    page = text_of(answer)
    assert "Is this the same person?" in page and "the name and the date of birth are not" in page
    assert "SOMEBODY" not in page
    address = answer.redirect_chain[-1][0]
    refused = web.post(address, {"whose": "1", "reason": "yes"})
    assert refused.status_code == 422 and 'href="#f-reason"' in text_of(refused)
    assert Scan.unscoped.filter(state="asked").count() == 1
    assert "was discarded" in text_of(web.post(address, {"discard": "1"}, follow=True))
    assert len(incoming(folder)) == 2  # in a test nothing is ever committed, so the discarded one is still there


def test_many_slices_are_sent_as_single_files(web, patient, tmp_path) -> None:
    make.write_series(tmp_path / "scan", make.leg(120), **OWN)
    slices = [path for path in sorted((tmp_path / "scan").rglob("*")) if path.is_file()]
    assert len(slices) > 100, "more than a form holds unless it is told to"
    answer = send(web, patient, files=[file(path.read_bytes(), path.name) for path in slices])
    assert "waits to be measured" in text_of(answer)


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dcm", b"\0" * 1000)
    data = bytearray(held.getvalue())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<L", 0xFFFFFFF0)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no scan at all", "holds no CT image"),
        (bomb(), "claims to unpack to"),
        (b"PK\x03\x04 torn", "is not a whole zip archive"),
        (b"", "The file is empty"),
    ],
    ids=["no DICOM", "zip bomb", "torn zip", "empty"],
)
def test_what_is_no_scan_is_told_at_the_field_and_leaves_nothing(
    web, doctor, patient, data, says, folder, tmp_path
) -> None:
    answer = send(web, patient, files=file(data))
    assert answer.status_code == 422
    page = text_of(answer)
    assert says in page and 'href="#f-files"' in page
    assert str(tmp_path) not in page, "no path of the server"
    assert WHY in page, "what was typed is kept"
    assert not Scan.unscoped.exclude(state="discarded").exists()
    assert facts(doctor, patient, "imaging_study") == []


def test_two_patients_or_two_studies_in_one_zip_are_refused(web, patient, tmp_path) -> None:
    make.write_series(tmp_path / "a" / "scan", make.leg(4), series=1, **OWN)
    make.write_series(tmp_path / "b" / "scan", make.leg(4), series=2, **(OWN | {"PatientID": "H-2"}))
    both = [
        SimpleUploadedFile(f"{number}.dcm", path.read_bytes())
        for number, path in enumerate(sorted(tmp_path.glob("[ab]/scan/*")))
    ]
    answer = send(web, patient, files=both)
    assert answer.status_code == 422 and "holds images of 2 patients" in text_of(answer)


def test_a_childs_scan_is_not_taken_without_its_question(web, patient, nifti) -> None:
    answer = send(web, patient, question="", files=file(nifti, "legs.nii.gz"), done_on="10 Mar 2026")
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'href="#f-question"' in page and 'value="10 Mar 2026"' in page
    assert not Scan.unscoped.exists()


def test_a_missing_date_is_asked_for_without_sending_again(web, patient, nifti) -> None:
    answer = send(web, patient, files=file(nifti, "legs.nii.gz"))
    page = text_of(answer)
    assert "The scan is here whole" in page
    address = answer.redirect_chain[-1][0]
    assert "when the scan was made" in text_of(web.post(address, {"finish": "1"}))
    assert "no such day" in text_of(web.post(address, {"finish": "1", "done_on": "31 Feb 2026"}))
    assert "waits to be measured" in text_of(web.post(address, {"finish": "1", "done_on": "10 Mar 2026"}, follow=True))


def test_in_parts_as_the_script_sends_them(web, patient, nifti) -> None:
    script = {"headers": {"X-Requested-With": "calciscope"}}
    address = reverse("send_scan", args=[patient])
    refused = web.post(address, {"sizes": "[]", "names": "[]"}, **script)
    assert (refused.status_code, refused.json()["problems"][0][0]) == (422, "question")
    said = {"question": WHY, "done_on": "10 Mar 2026", "sizes": json.dumps([len(nifti)]), "names": '[".nii.gz"]'}
    told = web.post(address, said, **script).json()

    def part(offset: int, data: bytes):
        headers = {"X-File": "0", "X-Offset": str(offset)} | script["headers"]
        return web.post(told["part"], data, content_type="application/octet-stream", headers=headers)

    half = len(nifti) // 2
    assert part(0, nifti[:half]).json() == {"here": half}
    assert web.get(told["part"]).json() == {"sizes": [len(nifti)], "received": [half]}
    assert "still missing" in text_of(web.get(told["page"]))
    assert web.post(told["page"], {"finish": "1"}).status_code == 422, "not whole yet"
    assert part(half + 1, b"x").status_code == 409
    assert part(half, nifti[half:]).json() == {"here": len(nifti)}
    assert "waits to be measured" in text_of(web.post(told["page"], {"finish": "1"}, follow=True))


def test_a_folder_of_the_server(web, patient, settings, tmp_path) -> None:
    make.write_series(tmp_path / "open" / "study", make.leg(12), **OWN)
    page = text_of(web.get(reverse("send_scan", args=[patient])))
    assert "folder of the server" not in page
    settings.SCAN_ROOTS = [tmp_path / "open"]
    answer = send(web, patient, place=str(tmp_path))
    assert answer.status_code == 422 and 'href="#f-place"' in text_of(answer)
    assert "waits to be measured" in text_of(send(web, patient, place=str(tmp_path / "open" / "study")))


class TestDeciding:
    @pytest.fixture
    def measurement(self, doctor, patient):
        return measured_scan(doctor, patient)

    def decide(self, web, patient, measurement, **chosen):
        page = text_of(web.get(reverse("measured", args=[patient, measurement])))
        address = reverse("decide_candidates", args=[patient, measurement])
        return web.post(
            address, hidden(page) | {name.replace("_", "-"): said for name, said in chosen.items()}, follow=True
        )

    def test_suggested_filled_in_saved_and_undone(self, web, doctor, patient, deposit, measurement) -> None:
        page = text_of(web.get(reverse("measured", args=[patient, measurement])))
        assert "It is D01: same part (left elbow), same layer (subcutaneous), same form (nodule), 14 mm here" in page
        filled = text_of(self.decide(web, patient, measurement, fill="1"))
        assert f'<option value="link:{deposit}" selected>' in filled
        assert facts(doctor, patient, "candidate_decision") == [], "nothing is saved by filling in"
        page = text_of(
            self.decide(
                web, patient, measurement, c_1="new", c_2="kind:bone", c_3=f"link:{deposit}", c_4="new calcinosis"
            )
        )
        assert "4 decisions are recorded" in page and "Accepted as D01 left elbow" in page and "It is bone" in page
        assert "By the clinicians" in page
        assert "D03 left knee" in page
        undo = reverse("undo_candidate", args=[patient, measurement, 3])
        assert undo in page
        answer = web.post(undo, hidden(text_of(web.get(undo))) | {"reason": "Linked to the wrong deposit"}, follow=True)
        assert "the decision is taken back" in text_of(answer)
        assert "It is D01" in text_of(answer), "it is offered again"
        assert "1 decision is recorded" in text_of(self.decide(web, patient, measurement, c_3="reject"))

    def test_two_to_one_deposit_need_a_word(self, web, doctor, patient, deposit, measurement) -> None:
        link = f"link:{deposit}"
        answer = self.decide(web, patient, measurement, c_1=link, c_2=link)
        assert answer.status_code == 422 and "Two are linked to the same deposit" in text_of(answer)
        assert facts(doctor, patient, "candidate_decision") == []
        said = self.decide(web, patient, measurement, c_1=link, c_2=link, r_1="two parts", r_2="two parts")
        assert "2 decisions are recorded" in text_of(said)

    def test_somebody_else_was_faster(self, web, client_of, people, doctor, patient, measurement) -> None:
        page = text_of(web.get(reverse("measured", args=[patient, measurement])))
        self.decide(web, patient, measurement, c_1="reject")
        address = reverse("decide_candidates", args=[patient, measurement])
        answer = web.post(address, hidden(page) | {"c-1": "new", "c-2": "new"})
        assert answer.status_code == 409 and "Nothing was saved" in text_of(answer)
        assert len(facts(doctor, patient, "candidate_decision")) == 1

    @pytest.mark.parametrize("nonsense", ["link:no key", "kind:banana", "what"])
    def test_nonsense_is_no_choice(self, web, doctor, patient, measurement, nonsense) -> None:
        assert self.decide(web, patient, measurement, c_1=nonsense).status_code == 422
        assert facts(doctor, patient, "candidate_decision") == []

    def test_who_may_not_decide_sees_no_choices(self, people, client_of, doctor, patient, measurement) -> None:

        nurse = people(Role.NURSE)
        join_team(by=doctor, patient=patient, membership=nurse.membership_id)
        page = text_of(client_of(nurse).get(reverse("measured", args=[patient, measurement])))
        assert "Not decided yet" in page and "Save the decisions" not in page


def test_the_dose_register_adds_up(web, doctor, patient) -> None:
    measured_scan(doctor, patient)
    measured_scan(doctor, patient, done_on="2026-09-10")
    page = text_of(web.get(reverse("imaging", args=[patient])))
    assert page.index("10 Sep 2026") < page.index("10 Mar 2026")
    assert '<td class="number">240</td>' in page and WHY in page
    assert "240 mGy·cm in 2 scans" in text_of(web.get(reverse("send_scan", args=[patient])))


class TestOldStudies:
    @pytest.fixture
    def shelf(self, settings, tmp_path) -> Path:
        """A folder with a study of the clinic's patient, one with her number but another's name, one of nobody, and a text."""
        settings.SCAN_ROOTS = [tmp_path]
        shelf = tmp_path / "shelf"
        make.write_series(shelf / "1 own", make.leg(8), **OWN)
        make.write_series(shelf / "2 other", make.leg(8), **(OWN | {"PatientName": "SOMEBODY^ELSE"}))
        make.write_series(
            shelf / "3 unknown", make.leg(8), PatientID="X-9", PatientName="EXAMPLE^ADA", PatientBirthDate="20140302"
        )
        (shelf / "4 letter.txt").write_text("no scan")
        return shelf

    def test_each_is_given_to_its_patient_or_left_to_a_person(self, web, doctor, patient, shelf) -> None:
        address = reverse("old_studies")
        assert "4 studies are new" in text_of(web.post(address, {"place": str(shelf)}, follow=True))
        assert "0 studies are new" in text_of(web.post(address, {"place": str(shelf)}, follow=True))
        while sort_next():
            pass
        own = Scan.unscoped.get(patient=patient)
        assert (own.state, Path(own.place).name, own.said["done_on"]) == ("waiting", "1 own", "2022-03-01")
        page = text_of(web.get(address))
        assert "shelf/2 other" in page and "name or date of birth differ" in page
        assert "shelf/3 unknown" in page and "No patient in your care has the number" in page
        assert "shelf/4 letter.txt" in page and "holds no CT image" in page
        assert "SOMEBODY" not in page and "shelf/1 own" not in page
        unknown = reverse("assign_study", args=[Scan.unscoped.get(place__endswith="3 unknown").pk])
        assert "EXAMPLE ADA" in text_of(web.get(unknown))
        wrong = web.post(unknown, {"number": "H-999"})
        assert wrong.status_code == 422 and 'href="#f-number"' in text_of(wrong)
        given = text_of(web.post(unknown, {"number": "H-0001"}, follow=True))
        assert "waits to be measured" in given
        other = reverse("assign_study", args=[Scan.unscoped.get(place__endswith="2 other").pk])
        assert "Is this the same person?" in text_of(web.post(other, {"number": "H-0001"}, follow=True))
        letter = reverse("assign_study", args=[Scan.unscoped.get(place__endswith="letter.txt").pk])
        assert "left out" in text_of(web.post(letter, {"drop": "1"}, follow=True))
        assert (shelf / "4 letter.txt").exists()

    def test_new_scans_are_measured_before_old_ones(self, web, doctor, patient, shelf) -> None:
        web.post(reverse("old_studies"), {"place": str(shelf)})
        sort_next()
        fresh = waiting_scan(doctor, patient)
        found = work.next_work("here:1")
        assert found is not None and found.scan == fresh

    def test_a_colleague_sees_nothing_of_it(self, web, client_of, stranger, patient, shelf) -> None:
        web.post(reverse("old_studies"), {"place": str(shelf)})
        while sort_next():
            pass
        other = client_of(stranger)
        assert "shelf" not in text_of(other.get(reverse("old_studies")))
        key = Scan.unscoped.get(place__endswith="3 unknown").pk
        for answer in (other.get(reverse("assign_study", args=[key])), other.post(reverse("assign_study", args=[key]))):
            assert answer.status_code == 404

    @pytest.mark.parametrize("place", ["", "/", "nowhere"])
    def test_a_folder_that_is_not_opened_is_refused_at_the_field(self, web, patient, shelf, place) -> None:
        answer = web.post(reverse("old_studies"), {"place": place})
        assert answer.status_code == 422 and 'href="#f-place"' in text_of(answer)
        assert not Scan.unscoped.exists()


def test_a_series_that_was_measured_twice_is_one_point_and_other_parts_are_another_line(web, doctor, patient) -> None:
    measured_scan(doctor, patient)
    measured_scan(doctor, patient)
    measured_scan(doctor, patient, done_on="2026-09-10", regions=["chest"])
    sheet = text_of(web.get(reverse("flowsheet_csv", args=[patient])))
    rows = [line for line in sheet.splitlines() if "Calcium mass on CT" in line]
    assert [row.count(" to ") for row in rows] == [1, 1]
    assert '"Calcium mass on CT, knee (whole scan, 95 % interval)"' in rows[0] and "chest" in rows[1]
    page = text_of(web.get(reverse("patient", args=[patient])))
    assert page.count("Calcium mass on CT</text>") == 2
    assert "3 to decide" in page and "All imaging" in page
