"""The Makefile offers what is promised, and says what is missing instead of failing deep inside a tool."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.rooms.source import ROOT

pytestmark = pytest.mark.room

PROMISED = ["install", "test", "check", "measure", "bench", "demo", "docs", "lock", "clean"]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("target", PROMISED)
def test_target_is_there(target: str) -> None:
    assert make("--dry-run", target).returncode in {0, 2}
    assert f"No rule to make target '{target}'" not in make("--dry-run", target).stderr


def test_an_unknown_target_would_be_seen() -> None:
    assert "No rule to make target" in make("--dry-run", "nothing-like-this").stderr


def test_make_alone_lists_the_targets() -> None:
    listed = make().stdout
    assert [name for name in ("install", "test", "demo", "measure", "bench") if f"make {name}" not in listed] == []


def test_no_python_new_enough_is_said_in_one_sentence(tmp_path: Path) -> None:
    said = make("install", "PYTHON=", f"VENV={tmp_path / 'venv'}")
    assert said.returncode != 0
    assert "No Python 3.11 or newer found" in said.stdout


def test_continuous_integration_runs_the_whole_suite() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o100
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
