"""Two scans of a phantom in one invented patient's record: recorded once, linked across the year, some left to decide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from calciscope.flows.demonstration_scans import LEFT_OPEN, load_scans
from calciscope.record.demonstration.scanned import PATIENT, demonstration_doctor
from calciscope.record.queries.patients import list_patients, patient_page
from calciscope.record.queries.scans import measured_file
from calciscope.record.scans.reading import read_candidates
from calciscope.record.verify import verify_record
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.scans.made import candidate

DOCTOR = "doctor@demo.example"


def measured(folder: Path, date: str, shift_mm: float) -> Path:
    """A folder as `calciscope measure` leaves it, as far as the record looks."""
    found = [
        candidate(
            number, region="thigh", x_mm=37.0 * number + shift_mm, y_mm=11.0 * number**2 + shift_mm, layer_also=[]
        )
        for number in range(1, 12)
    ]
    document = {
        "schema": "calciscope.measurement",
        "software": {"version": "0"},
        "series": {
            "date": date, "study_uid": f"1.2.{date[:4]}", "series_uid": "1.3", "pixel_sha256": date,
            "dose": {"ctdi_vol_mgy": None, "dlp_mgy_cm": 1e9},
        },
        "burden": {
            "mass_mg": 500.0, "mass_lower_mg": 400.0, "mass_upper_mg": 600.0, "volume_ml": 3.0, "deposits": len(found),
        },
        "deposits": found,
        "coverage": [{"region": "thigh"}, {"region": "unknown"}],
        "checks": [{"id": "kernel", "passed": False, "message": "A sharp kernel.", "voids": []}],
        "recipe": {"calibration": {}, "matrix": {}},
    }  # fmt: skip
    folder.mkdir(parents=True)
    (folder / "measurement.json").write_text(json.dumps(document))
    (folder / "overview.png").write_bytes(b"\x89PNG made up")
    return folder


@pytest.fixture
def folders(db, settings, tmp_path) -> list[Path]:
    settings.MEDIA_ROOT = tmp_path / "files"
    call_command("demonstration_people", verbosity=0)
    return [measured(tmp_path / "later", "2026-03-12", 5.0), measured(tmp_path / "first", "2025-03-10", 0.0)]


def test_both_are_there_once_and_deposits_go_through_the_year(folders) -> None:
    assert load_scans(folders) == 2
    assert load_scans(folders) == 0, "the next start finds them there"
    by = demonstration_doctor(DOCTOR)
    (banner,) = list_patients(by=by, search=PATIENT)
    facts = patient_page(by=by, patient=banner.id).facts
    first, second = sorted((f for f in facts if f.noun == "imaging_measurement"), key=lambda f: f.effective_on)
    assert measured_file(by=by, patient=banner.id, measurement=first.uid, name="overview.png").endswith(b"made up")
    before = {one.number: one for one in read_candidates(first, facts)}
    after = {one.number: one for one in read_candidates(second, facts)}
    assert all(one.decision for one in before.values())
    assert [number for number, one in after.items() if one.decision is None] == list(range(12 - LEFT_OPEN, 12))
    followed = [number for number, one in before.items() if one.deposit]
    assert len(followed) >= 6
    for number in followed:
        if after[number].decision:
            assert after[number].deposit == before[number].deposit, "the same deposit a year later"
    studies = [fact for fact in facts if fact.noun == "imaging_study"]
    assert all(fact.data["question"] and fact.data["dlp_mgy_cm"] < 1000 for fact in studies)
    assert verify_record().whole


def test_nothing_of_a_phantom_comes_among_real_people(folders, settings, tmp_path) -> None:
    with pytest.raises(Refused, match="no folder that calciscope measure"):
        load_scans([tmp_path])
    settings.DEMONSTRATION = False
    with pytest.raises(NotAllowed):
        load_scans(folders)
