"""`calciscope knowledge` as a user calls it."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from calciscope.cli.main import main
from calciscope.flows import changed_advice
from calciscope.knowledge import knowledge
from calciscope.knowledge.load import SHIPPED
from tests.unit.read.test_references import NBIB, RIS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "knowledge"


def told_as(name: str, printed: str) -> dict:
    """The document, which must fit its schema."""
    told = json.loads(printed)
    schema = resources.files("calciscope.share").joinpath(f"schemas/{name}.schema.json").read_bytes()
    jsonschema.validate(told, json.loads(schema))
    return told


def listed(folder: Path, name: str, text: str) -> str:
    (folder.parent / name).write_text(text, encoding="utf-8")
    return str(folder.parent / name)


def test_references_are_imported_once(folder: Path, capsys) -> None:
    files = [listed(folder, "a.ris", RIS), listed(folder, "b.nbib", NBIB)]
    assert main(["knowledge", "import", *files, "--knowledge", str(folder), "--on", "2026-11-28"]) == 0
    said = capsys.readouterr().out
    assert "2 references read: 1 new, 0 evidence already, 1 waiting already" in said
    assert "None of them is evidence" in said
    assert [path.name for path in (folder / "waiting").iterdir()] == ["pmid-31234567.toml"]
    assert main(["knowledge", "import", *files, "--knowledge", str(folder), "--json"]) == 0
    assert told_as("references_imported", capsys.readouterr().out)["waiting_already"] == 2


def test_a_bad_list_is_refused_before_anything_is_written(folder: Path, capsys) -> None:
    files = [listed(folder, "a.ris", RIS), listed(folder, "b.ris", "TY  - JOUR\n")]
    assert main(["knowledge", "import", *files, "--knowledge", str(folder)]) == 3
    assert "b.ris: The reference that begins in line 1 does not end" in capsys.readouterr().err
    assert not (folder / "waiting").exists()


def test_what_is_overdue_on_a_day(folder: Path, capsys) -> None:
    main(["knowledge", "import", listed(folder, "a.ris", RIS), "--knowledge", str(folder), "--quiet"])
    assert capsys.readouterr().out == ""
    assert main(["knowledge", "overdue", "--knowledge", str(folder), "--on", "2027-11-24"]) == 0
    said = capsys.readouterr().out
    assert "therapies/methotrexate: checked 23 Nov 2026, due 23 Nov 2027. Methotrexate" in said
    assert "1 reference waits" in said
    assert main(["knowledge", "overdue", "--on", "2026-11-28", "--json"]) == 0
    told = told_as("knowledge_upkeep", capsys.readouterr().out)
    assert told["knowledge_version"] == knowledge().version
    assert [one["file"] for one in told["overdue"]][0] == "trials/NCT03582800"


@pytest.mark.parametrize(
    "wrong",
    [
        ["import"],
        ["overdue", "a.ris"],
        ["import", "not-there.ris"],
        ["differ", "a.json"],
        ["differ", "a.json", "--against", "not-there"],
        ["overdue", "--knowledge", "not-there"],
    ],
)
def test_a_wrong_call_is_said_in_a_sentence(wrong: list[str], capsys) -> None:
    assert main(["knowledge", *wrong]) == 2
    assert capsys.readouterr().err.strip().endswith(".")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_whose_advice_an_older_version_moves(folder: Path, capsys, jobs: str, monkeypatch) -> None:
    monkeypatch.setattr(changed_advice, "PART", 1)
    (folder / "rules" / "methotrexate-egfr-below-30.toml").unlink()
    pictures = folder.parent / "pictures"
    pictures.mkdir()
    for name, creatinine in (("ill", 6.0), ("well", 0.7)):
        lab = {"name": "creatinine", "value": creatinine, "unit": "mg/dL", "date": "2026-11-01"}
        patient = {"born": "1970-03-02", "sex": "female"}
        (pictures / f"{name}.json").write_text(json.dumps({"as_of": "2026-11-23", "patient": patient, "labs": [lab]}))
    assert main(["knowledge", "differ", str(pictures), "--against", str(folder), "--jobs", jobs]) == 0
    told = told_as("knowledge_change", capsys.readouterr().out)
    assert (told["pictures"], [one["picture"] for one in told["differing"]]) == (2, ["ill.json"])
    assert told["edits"][0]["file"] == "rules/methotrexate-egfr-below-30"
    (difference,) = told["differing"][0]["differences"]
    assert difference["therapy"] == "methotrexate"
    assert difference["stops"]["new"] == ["methotrexate-egfr-below-30"]


def test_a_bad_picture_is_refused_by_its_name(folder: Path, capsys) -> None:
    file = listed(folder, "wrong.json", "{")
    assert main(["knowledge", "differ", file, "--against", str(folder)]) == 3
    assert "wrong.json: " in capsys.readouterr().err
