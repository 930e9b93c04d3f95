"""`calciscope score` and `calciscope instruments` as a user calls them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from calciscope import __version__
from calciscope.cli.main import main
from calciscope.instruments import instruments

PRINTO = {"ck": 90, "cmas": 50, "mmt8": 80, "physician_global": 0.2, "skin_clear": True}

OWN = """
id = "own-sum"
title = "A sum of our clinic"
measures = "Something"
population = "Everyone"
items = [
    { key = "first", title = "first", type = "whole", low = 0, high = 4, weight = 2.5, verification = "judgement" },
    { key = "second", title = "second", type = "yes_no", verification = "judgement" },
]

[rights]
status = "open"
note = "ours"

[sources.us]
cite = "our own"
read = "all of it"

[[outputs]]
name = "total"
title = "sum"
kind = "sum"
of = ["first", "second"]
low = 0
high = 11
"""


def written(folder: Path, answers: object) -> str:
    path = folder / "answers.json"
    path.write_bytes(answers if isinstance(answers, bytes) else json.dumps(answers).encode())
    return str(path)


def own(folder: Path, text: str = OWN, name: str = "own_sum") -> str:
    (folder / "ours" / name).mkdir(parents=True)
    (folder / "ours" / name / "definition.toml").write_text(text, encoding="utf-8")
    return str(folder / "ours")


def test_a_score_is_printed_as_json_that_fits_its_schema(tmp_path: Path, capsys) -> None:
    assert main(["score", "printo-inactive-jdm", written(tmp_path, PRINTO)]) == 0
    found = json.loads(capsys.readouterr().out)
    schema = json.loads(resources.files("calciscope.share").joinpath("schemas/score.schema.json").read_bytes())
    jsonschema.validate(found, schema)
    assert found["inactive"] is True
    assert found["answers"]["physician_global"] == 0.2


def test_the_golden_example_is_what_the_command_prints(root: Path, capsys) -> None:
    examples = root / "docs" / "reference" / "examples"
    assert main(["score", "eular-acr-2017", str(examples / "eular-acr-2017.json")]) == 0
    printed, golden = capsys.readouterr().out, (examples / "score.json").read_text(encoding="utf-8")
    version = json.loads(golden)["software"]["version"]
    assert printed.replace(__version__, version) == golden


def test_the_same_answers_give_the_same_bytes(tmp_path: Path, capsys) -> None:
    for _ in range(2):
        assert main(["score", "tis-2016", written(tmp_path, {"population": "adult"})]) == 0
    printed = capsys.readouterr().out
    assert printed[: len(printed) // 2] == printed[len(printed) // 2 :]


def test_answers_come_from_standard_input(capsys, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + json.dumps(PRINTO).encode())))
    assert main(["score", "printo-inactive-jdm", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["criteria_met_count"] == 4


def test_an_empty_sheet_can_be_filled_in(tmp_path: Path, capsys) -> None:
    assert main(["score", "cdasi-v2", "--blank"]) == 0
    sheet = json.loads(capsys.readouterr().out)
    assert len(sheet["sites"]) == 15
    sheet["sites"]["scalp"]["calcinosis"] = 1
    assert main(["score", "cdasi-v2", written(tmp_path, sheet)]) == 0
    assert json.loads(capsys.readouterr().out)["calcinosis_sites"] == 1


def test_quiet_prints_nothing_unless_json_is_asked_for(tmp_path: Path, capsys) -> None:
    path = written(tmp_path, PRINTO)
    assert main(["score", "printo-inactive-jdm", path, "--quiet"]) == 0
    assert main(["instruments", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["score", "printo-inactive-jdm", path, "--quiet", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["inactive"] is True


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["score", "printo", "-"], "did you mean printo-inactive-jdm?"),
        (["score", "zzz", "-"], "`calciscope instruments` lists all"),
        (["score", "cmas", "nowhere.json"], "ANSWERS nowhere.json is not there"),
        (["score", "cmas", "."], "ANSWERS . is no file"),
        (["score", "cmas"], "either ANSWERS to score, or --blank"),
        (["score", "cmas", "-", "--blank"], "either ANSWERS to score, or --blank"),
        (["instruments", "--also", "nowhere"], "nowhere is not there"),
    ],
)
def test_a_wrong_call_is_two(call: list[str], words: str, capsys) -> None:
    assert main(call) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (b"", "not JSON"),
        (b"ck: 3", "not JSON: Expecting value in line 1, column 1"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'{"ck": NaN}', "NaN, which is no number"),
        (b'{"ck": -Infinity}', "-Infinity, which is no number"),
        (b'{"ck": 1, "ck": 2}', "ck twice"),
        (b'{"ck": 1e999999999}', "ck is 1E+999999999, outside"),
        (b'{"ck": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"ck": ' + b"[" * 100_000, "nested too deeply"),
        (b" " * 1_000_001, "larger than 1 MB"),
        (b'{"ck": "90"}', "ck must be a number 0 to 1000000 U/L or null, not the text '90'"),
        (b'{"CK": 90}', "knows no answer CK"),
        (b'{"mmt8": 80.5}', "mmt8 is 80.5, outside 0 to 80"),
    ],
    ids=lambda value: value[:24].decode(errors="replace") if isinstance(value, bytes) else "",
)
def test_answers_that_cannot_be_used_are_refused_in_one_sentence(
    answers: bytes, words: str, tmp_path: Path, capsys
) -> None:
    assert main(["score", "printo-inactive-jdm", written(tmp_path, answers)]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_slot_is_refused_and_says_what_is_missing(tmp_path: Path, capsys) -> None:
    assert main(["score", "sctc-hand", written(tmp_path, {})]) == 3
    assert "regions and weights" in capsys.readouterr().err
    assert main(["score", "mawdsley", "--blank"]) == 3


def test_instruments_are_listed_for_people(capsys) -> None:
    assert main(["instruments"]) == 0
    listed = capsys.readouterr().out
    for name in ("cdasi-v2", "mmt-8", "agatston-burden"):
        assert f"\n{name}: " in f"\n{listed}"
    there = instruments().values()
    assert listed.count("  rights: ") == listed.count("  source: ") == listed.count("  measures: ") == len(there)
    assert "sctc-hand: " in listed
    assert listed.count("  not scored yet: ") == sum(bool(one.slot) for one in there)


def test_instruments_are_listed_for_scripts(capsys) -> None:
    assert main(["instruments", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    schema = json.loads(resources.files("calciscope.share").joinpath("schemas/instruments.schema.json").read_bytes())
    jsonschema.validate(document, schema)
    listed = {one["id"]: one for one in document["instruments"]}
    assert listed["eular-acr-2017"]["rights"]["status"] == "arithmetic only"
    assert listed["mawdsley"]["scored"] is False
    assert all({"title", "measures", "source", "verification"} <= set(one) for one in listed.values())


def test_an_instrument_of_ones_own_is_summed(tmp_path: Path, capsys) -> None:
    call = ["score", "own-sum", written(tmp_path, {"first": 3}), "--also", own(tmp_path)]
    assert main(call) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], found["total_range"], found["missing"]) == (None, [7.5, 8.5], ["second"])


def test_an_instrument_of_ones_own_fills_a_slot_but_replaces_none(tmp_path: Path, capsys) -> None:
    filled = own(tmp_path, OWN.replace("own-sum", "sctc-hand"), "sctc_hand")
    assert main(["score", "sctc-hand", written(tmp_path, {"first": 1, "second": True}), "--also", filled]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 3.5
    (tmp_path / "more").mkdir()
    taken = own(tmp_path / "more", OWN.replace("own-sum", "cmas"), "cmas")
    assert main(["instruments", "--also", taken]) == 3
    assert "is there already" in capsys.readouterr().err


def test_an_instrument_from_outside_runs_no_program(tmp_path: Path, capsys) -> None:
    ours = own(tmp_path)
    (Path(ours) / "own_sum" / "score.py").write_text("raise SystemExit('ran')", encoding="utf-8")
    assert main(["instruments", "--also", ours]) == 3
    assert "runs no program" in capsys.readouterr().err


def test_scoring_loads_nothing_heavy() -> None:
    code = (
        "import sys; from calciscope.cli.main import main; main(['score', 'cmas', '--blank', '--quiet']);"
        "print(sorted(set(sys.modules) & {'numpy', 'scipy', 'numba', 'pydicom', 'typst', 'PIL', 'django'}))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
