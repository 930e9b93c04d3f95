"""`calciscope manage` hands over to Django's commands; other commands never load Django."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def run(*words: str, home) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    command = [sys.executable, "-m", "calciscope.cli.main", *words]
    return subprocess.run(
        command, env=kept | {"CALCISCOPE_HOME": str(home)}, capture_output=True, text=True, check=False
    )


def test_migrate_makes_the_database_and_check_finds_nothing(tmp_path) -> None:
    done = run("manage", "--demo", "migrate", "--verbosity", "0", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demonstration.sqlite3").is_file()
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert run("manage", "--demo", "migrate", "--check", home=tmp_path).returncode == 0
    assert run("manage", "--demo", "makemigrations", "--check", "--dry-run", home=tmp_path).returncode == 0
    assert "no issues" in run("manage", "check", home=tmp_path).stdout


def test_production_is_ready_to_deploy(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CALCISCOPE_HOSTS", "record.example.org")
    checked = run("manage", "check", "--deploy", "--fail-level", "WARNING", home=tmp_path)
    assert checked.returncode == 0, checked.stderr


def test_a_wrong_database_is_named_in_one_line(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere/record")
    kept = dict(os.environ) | {"CALCISCOPE_HOME": str(tmp_path)}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "calciscope.cli.main", "manage", "--demo", "check"]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "calciscope manage: DATABASE_URL must begin with postgresql:// or sqlite:///\n"


def test_a_command_that_is_not_there_is_wrong_usage(tmp_path) -> None:
    done = run("manage", "--demo", "migrat", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "calciscope manage: There is no management command migrat; `calciscope manage help` lists them.\n"
    )
    assert run("manage", "--demo", "version", home=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "code",
    [
        "from calciscope.cli.main import build_parser; build_parser().format_help()",
        "import calciscope.flows.measure_scan",
    ],
)
def test_measuring_runs_without_django(code) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print('django' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout == "False\n"


@pytest.mark.parametrize("words", [["manage", "migrate"], ["serve", "--port", "8799", "--quiet"]])
def test_a_database_that_does_not_answer_is_told_without_its_address(tmp_path, words: list[str]) -> None:
    kept = dict(os.environ) | {
        "CALCISCOPE_HOME": str(tmp_path),
        "DATABASE_URL": "postgresql://somebody:kept_to_oneself@127.0.0.1:1/record",
    }
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "calciscope.cli.main", *words]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 3
    assert "The database cannot be reached" in done.stderr and done.stderr.count("\n") == 1
    assert "kept_to_oneself" not in done.stderr + done.stdout
