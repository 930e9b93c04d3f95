"""From locked readings in the record to SDTM tables: subject numbers alone, repeats left out, the third reader's word accepted."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from calciscope.flows.export_trial import export_trial
from calciscope.record.actions.trial_readings import Said, lock_reading
from calciscope.record.permissions import Role
from calciscope.record.queries.trial_readings import reading_task, worklist
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import doctor, people
from tests.unit.record.trials.made import NAMES, Trial, made_trial, read_all

__all__ = ["doctor", "people"]


@pytest.fixture
def trial(people, doctor, settings, tmp_path) -> Trial:
    settings.MEDIA_ROOT = tmp_path / "files"
    return made_trial(people, doctor)


def tables(trial: Trial) -> dict[str, bytes]:
    study, packed = export_trial(by=trial.doctor, plan=trial.plan)
    assert study == "CALC-01"
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))


def test_nothing_locked_is_refused_in_words(trial) -> None:
    with pytest.raises(Refused, match="nothing to export"):
        export_trial(by=trial.doctor, plan=trial.plan)


def test_readings_become_tables_without_a_name(trial) -> None:
    read_all(trial.readers[0])
    read_all(trial.readers[1], 3)
    files = tables(trial)
    everything = b"".join(files.values()).decode("latin-1")
    assert [word for word in (*NAMES, "H-90", "reader-a", *map(str, trial.patients)) if word in everything] == []
    tu, tr, rs = (rows(files, name) for name in ("tu", "tr", "rs"))
    assert {row["USUBJID"] for row in tr} == {"CALC-01-01-001", "CALC-01-01-002"}
    links = {(row["USUBJID"], row["TULNKID"]) for row in tu}
    assert len([link for link in links if link[1].startswith("R1")]) == 6  # three deposits of two subjects
    assert len([link for link in links if link[1].startswith("R2")]) == 4
    assert {(row["USUBJID"], row["TRLNKID"]) for row in tr if row["TRLNKID"]} <= links
    sums = {(row["TREVALID"], row["TRORRES"]) for row in tr if row["TRTESTCD"] == "SUMCMASS"}
    assert sums == {("READER 1", "183.333"), ("READER 2", "150")} or sums == {
        ("READER 2", "183.333"),
        ("READER 1", "150"),
    }
    assert len([row for row in tr if row["TRTESTCD"] == "SUMCMASS"]) == 8  # repeats are no assessments
    assert {row["RSORRES"] for row in rs} == {"NO CHANGE BEYOND ERROR"} and len(rs) == 4


def test_the_third_readers_word_is_the_accepted_one(trial) -> None:
    read_all(trial.readers[0])
    read_all(trial.readers[1], 1)
    while following := worklist(by=trial.third).following:
        task = reading_task(by=trial.third, item=following.item)
        lower = min(task.others, key=lambda other: other.data["deposits"])
        said = Said(chosen=lower.key, reason="Number 1 is the rim of a joint")
        lock_reading(by=trial.third, item=task.item, said=said)
    accepted = [row for row in rows(tables(trial), "tr") if row["TRACPTFL"] == "Y" and row["TRTESTCD"] == "SUMCMASS"]
    assert {(row["TREVALID"], row["TRORRES"]) for row in accepted} == {("ADJUDICATOR", "83.3333")}
    assert len(accepted) == 4


def test_the_same_readings_give_the_same_bytes(trial) -> None:
    read_all(trial.readers[0])
    assert tables(trial) == tables(trial)


@pytest.mark.parametrize("role", [Role.NURSE, Role.READER, Role.ADMINISTRATOR, Role.OFFICER])
def test_other_roles_export_nothing(trial, people, role) -> None:
    with pytest.raises(NotAllowed):
        export_trial(by=people(role, name="else"), plan=trial.plan)
