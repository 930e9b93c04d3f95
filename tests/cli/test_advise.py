"""`calciscope advise` as a user calls it."""

from __future__ import annotations

import io
import json
import shutil
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from calciscope import __version__
from calciscope.cli.main import main

PICTURE = {
    "as_of": "2026-11-23",
    "patient": {"born": "2014-03-02", "sex": "female", "weight_kg": 31, "height_cm": 138, "pregnant": False},
    "diagnosis": {"type": "JDM", "onset": "2022-05-01", "treatment_start": "2022-07-01", "antibodies": ["NXP2"]},
    "activity": {"state": "active"},
    "deposits": [
        {"site": "elbow", "side": "left", "layer": "subcutaneous", "form": "nodule", "longest_mm": 14, "state": []}
    ],
    "labs": [
        {"loinc": "2160-0", "name": "creatinine", "value": 0.4, "unit": "mg/dL", "low": 0.3, "high": 0.7,
         "date": "2026-11-01"},
    ],
    "medications": [{"therapy": "methotrexate", "dose": 15, "unit": "mg/week", "route": "oral"}],
    "conditions": ["dysphagia"],
    "allergies": [],
}  # fmt: skip


def written(folder: Path, picture: object) -> str:
    path = folder / "picture.json"
    path.write_bytes(picture if isinstance(picture, bytes) else json.dumps(picture).encode())
    return str(path)


def advised(folder: Path, capsys, **changes: object) -> dict:
    assert main(["advise", written(folder, PICTURE | changes)]) == 0
    return json.loads(capsys.readouterr().out)


def schema_of(name: str) -> dict:
    return json.loads(resources.files("calciscope.share").joinpath(f"schemas/{name}.schema.json").read_bytes())


def test_advice_is_printed_as_json_that_fits_its_schema(tmp_path: Path, capsys) -> None:
    found = advised(tmp_path, capsys)
    jsonschema.validate(found, schema_of("advice"))
    assert "options to discuss" in found["meaning"].lower()


def test_every_therapy_appears_once(tmp_path: Path, capsys) -> None:
    found = advised(tmp_path, capsys)
    listed = [one["therapy"] for one in found["options"] + found["not_offered"]]
    assert main(["advise", "--vocabulary"]) == 0
    assert sorted(listed) == sorted(json.loads(capsys.readouterr().out)["therapies"])


def test_terms_it_does_not_know_are_told_back(tmp_path: Path, capsys) -> None:
    found = advised(
        tmp_path,
        capsys,
        conditions=["dysphagia", "zebra stripes"],
        medications=[{"therapy": "unobtainium"}],
        allergies=["moonlight"],
        activity={"state": "sleepy"},
        deposits=[{"site": "antenna", "state": ["glowing"], "wings": 2}],
        labs=[{"loinc": "0-0", "name": "aura", "value": 1, "unit": "mg"}],
        horoscope="leo",
    )
    for term in ["zebra stripes", "unobtainium", "moonlight", "sleepy", "antenna", "glowing", "aura"]:
        assert f"not checked: {term}" in found["missing"]
    assert "not checked: picture.deposits[0].wings" in found["missing"]
    assert "not checked: picture.horoscope" in found["missing"]


def test_an_empty_picture_is_all_unknown(tmp_path: Path, capsys) -> None:
    assert main(["advise", written(tmp_path, {"as_of": "2026-11-23"})]) == 0
    found = json.loads(capsys.readouterr().out)
    methotrexate = next(one for one in found["options"] if one["therapy"] == "methotrexate")
    assert methotrexate["stops"] == []
    assert methotrexate["needs_data"]


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path, capsys) -> None:
    path = written(tmp_path, PICTURE)
    for _ in range(2):
        assert main(["advise", path]) == 0
    printed = capsys.readouterr().out
    assert printed[: len(printed) // 2] == printed[len(printed) // 2 :]


def test_a_picture_comes_from_standard_input(capsys, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(PICTURE).encode())))
    assert main(["advise", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == "2026-11-23"


def test_quiet_prints_nothing_unless_json_is_asked_for(tmp_path: Path, capsys) -> None:
    path = written(tmp_path, PICTURE)
    assert main(["advise", path, "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["advise", path, "--quiet", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["options"]


@pytest.mark.parametrize(
    "call", [["advise"], ["advise", "p.json", "--vocabulary"], ["advise", "nowhere.json"], ["advise", "."]]
)
def test_a_wrong_call_is_two(call: list[str], capsys) -> None:
    assert main(call) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ({}, "picture.as_of must be there"),
        ({"as_of": "yesterday"}, "picture.as_of must be a date"),
        ([], "must be a JSON object"),
        (b"{", "is not JSON"),
        (b"\xff", "is not UTF-8"),
        (b'{"as_of": NaN}', "NaN, which is no number"),
        (b'{"as_of": "2026-01-01", "as_of": "2026-01-02"}', "as_of twice"),
        ({"as_of": "2026-11-23", "patient": {"weight_kg": -3}}, "picture.patient.weight_kg must be a number from 0.3"),
        (
            {"as_of": "2026-11-23", "patient": {"pregnant": "no"}},
            "picture.patient.pregnant must be true, false or null",
        ),
        ({"as_of": "2026-11-23", "patient": {"born": "2027-01-01"}}, "born lies after"),
        (
            {"as_of": "2026-11-23", "labs": [{"loinc": "2160-0", "value": "high"}]},
            "picture.labs[0].value must be a number",
        ),
        ({"as_of": "2026-11-23", "medications": [{"dose": 3}]}, "without a therapy"),
        ({"as_of": "2026-11-23", "conditions": "dysphagia"}, "picture.conditions must be a list of texts"),
        ({"as_of": "2026-11-23", "deposits": [3]}, "picture.deposits[0] must be an object"),
    ],
)
def test_a_picture_that_cannot_be_used_is_three(tmp_path: Path, picture: object, words: str, capsys) -> None:
    assert main(["advise", written(tmp_path, picture)]) == 3
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) == 1


def test_the_golden_example_is_what_the_command_prints(root: Path, capsys) -> None:
    """Versions of program and knowledge move without changing what is said of this patient; all else is as it was."""
    examples = root / "docs" / "reference" / "examples"
    assert main(["advise", str(examples / "picture.json")]) == 0
    printed, golden = capsys.readouterr().out, (examples / "advice.json").read_text(encoding="utf-8")
    expected, found = json.loads(golden), json.loads(printed)
    printed = printed.replace(f'"version": "{__version__}"', f'"version": "{expected["software"]["version"]}"')
    assert printed.replace(found["knowledge_version"], expected["knowledge_version"]) == golden


def test_the_disease_is_classified_by_what_the_picture_answers(tmp_path: Path, capsys) -> None:
    found = advised(
        tmp_path, capsys, conditions=["heliotrope_rash", "gottron_sign"], conditions_absent=["gottron_papules"]
    )["classification"]
    assert (found["instrument"], found["score"]) == ("eular-acr-2017", 6.4)
    assert found["class_range"] == ["probable", "definite"]
    assert "enzymes_raised" in found["missing"]
    (enmc,) = found["not_scored"]
    assert enmc["instrument"] == "enmc-2018"
    assert "not certain" in enmc["because"] and "--also" in enmc["because"]


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The knowledge as it was before a rule on methotrexate was added and another was softened."""
    shipped = Path(str(resources.files("calciscope.knowledge")))
    folder = tmp_path / "earlier"
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "rules" / "methotrexate-pregnancy.toml").unlink()
    return folder


def test_a_change_of_a_rule_tells_for_whom_advice_differs(tmp_path: Path, earlier: Path, capsys) -> None:
    pregnant = PICTURE | {"patient": {"born": "1995-03-02", "sex": "female", "pregnant": True}}
    assert main(["advise", written(tmp_path, pregnant), "--compare", str(earlier)]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema_of("advice_difference"))
    assert found["before"] != found["after"]
    (one,) = found["differences"]
    assert (one["therapy"], one["stops"]["new"]) == ("methotrexate", ["methotrexate-pregnancy"])
    assert one["line"] == {"before": "now", "after": "not_suited"}
    assert main(["advise", written(tmp_path, PICTURE), "--compare", str(earlier)]) == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []


def test_another_knowledge_is_refused_with_file_and_line(tmp_path: Path, earlier: Path, capsys) -> None:
    (earlier / "rules" / "mine.toml").write_text('level = "halt"\n', encoding="utf-8")
    assert main(["advise", written(tmp_path, PICTURE), "--compare", str(earlier)]) == 3
    assert "rules/mine.toml, line 1: level is 'halt'" in capsys.readouterr().err
    assert main(["advise", written(tmp_path, PICTURE), "--compare", str(tmp_path / "nowhere")]) == 2


def test_the_vocabulary_fits_its_schema_and_holds_the_promised_words(capsys) -> None:
    assert main(["advise", "--vocabulary"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema_of("vocabulary"))
    assert {"dysphagia", "g6pd_deficiency", "wheelchair_bound"} <= set(found["conditions"])
    assert {"cotrimoxazole", "allopurinol", "methotrexate"} <= set(found["medications"])
    assert "infection_excluded" in found["states"]


def golden(root: Path, name: str) -> str:
    return (root / "docs" / "reference" / "examples" / name).read_text(encoding="utf-8")


def test_the_golden_vocabulary_is_what_the_command_prints(root: Path, capsys) -> None:
    assert main(["advise", "--vocabulary"]) == 0
    assert capsys.readouterr().out == golden(root, "vocabulary.json")


def test_the_golden_difference_is_what_the_command_prints(root: Path, earlier: Path, capsys) -> None:
    """Of the example's picture, against knowledge without the rule on swallowing; versions of the knowledge move."""
    (earlier / "rules" / "oral-bisphosphonate-swallowing.toml").unlink()
    assert main(["advise", str(root / "docs/reference/examples/picture.json"), "--compare", str(earlier)]) == 0
    printed, expected = capsys.readouterr().out, json.loads(golden(root, "advice-difference.json"))
    found = json.loads(printed)
    jsonschema.validate(expected, schema_of("advice_difference"))
    versions = {name: expected[name] for name in ("before", "after")}
    assert found | versions == expected
    assert found["differences"], "an example without a difference shows nothing"
