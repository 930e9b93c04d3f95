"""Commands are found by walking their folder; help and wrong calls answer in plain words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import calciscope.cli.commands
from calciscope.cli.main import build_parser, found_commands, main

NAMES = sorted(found_commands())


def test_every_module_of_the_folder_is_a_command() -> None:
    files = Path(calciscope.cli.commands.__path__[0]).glob("*.py")
    assert NAMES == sorted(path.stem.replace("_", "-") for path in files if path.stem != "__init__")
    assert "measure" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_help_has_an_example_that_parses(name, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    example = found_commands()[name].EXAMPLE
    assert example in said
    assert "neither CE-marked nor FDA-cleared" in " ".join(said.split())
    words = example.split()
    assert words[:2] == ["calciscope", name]
    assert build_parser().parse_args(words[1:]).command == name


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_the_common_options(name, capsys) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    said = capsys.readouterr().out
    assert all(option in said for option in ("--quiet", "--json", "--jobs", "--overwrite", "--debug"))


def test_version(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert re.fullmatch(r"calciscope \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["knit"],
        ["measure"],
        ["measure", "scan.zip"],
        ["measure", "scan.zip", "--out", "x", "--matrix", "soft"],
        ["measure", "scan.zip", "--out", "x", "--matrix", "nan"],
        ["measure", "scan.zip", "--out", "x", "--calibration", "0"],
        ["measure", "scan.zip", "--out", "x", "--calibration", "inf"],
        ["measure", "scan.zip", "--out", "x", "--jobs", "0"],
        ["measure", "scan.zip", "--out", "x", "--unknown"],
    ],
)
def test_wrong_call_is_two_and_one_line(argv, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_matrix_takes_hu_and_background() -> None:
    parse = build_parser().parse_args
    assert parse(["measure", "a", "--out", "b"]).matrix == 40.0
    assert parse(["measure", "a", "--out", "b", "--matrix", "background"]).matrix is None
    assert parse(["measure", "a", "--out", "b", "--matrix", "-90"]).matrix == -90.0


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from calciscope.cli.main import build_parser; build_parser().format_help();"
        "print(sorted(set(sys.modules) & {'numpy', 'scipy', 'numba', 'pydicom', 'typst', 'PIL', 'nibabel'}))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


@pytest.mark.parametrize(
    "given", [["--seed", "-1"], ["--slices", "0"], ["--count", "x"], ["--diameter-mm", "0"], ["--centre-mm", "nan"]]
)
def test_a_phantom_that_cannot_be_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    command = ["phantom", "--out", str(tmp_path / "out"), *given]
    try:
        code = main(command)
    except SystemExit as ended:
        code = int(ended.code or 0)
    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_scan_too_thin_for_its_deposits_is_made_without_them(tmp_path: Path) -> None:
    out = tmp_path / "thin"
    given = ["--kind", "leg", "--slices", "3", "--rows", "64", "--columns", "64", "--quiet"]
    assert main(["phantom", "--out", str(out), *given]) == 0
    assert json.loads((out / "truth.json").read_bytes())["deposits"] == []
