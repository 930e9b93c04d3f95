"""A backup comes back row for row, also on the other kind of database; a damaged one brings nothing back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.conftest import ROOT
from tests.databases.test_many_writers_and_sudden_ends import answered_before, run

pytestmark = pytest.mark.slow


def manage(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "calciscope.cli.main", "manage", *words]
    settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "calciscope.web.settings.tests"}
    return subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)


@pytest.fixture
def full(tmp_path) -> str:
    """A database with some hundred rows."""
    url = f"sqlite:///{tmp_path}/full.sqlite3"
    run(url, "prepare")
    answered_before(url, lambda process: process.kill())
    return url


def manifest(path) -> dict[str, object]:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))["tables"]


def test_there_and_back_over_both_databases(full, tmp_path, postgresql_server) -> None:
    first, second, third = (tmp_path / name for name in ("1.zip", "2.zip", "3.zip"))
    empty = f"sqlite:///{tmp_path}/empty.sqlite3"
    assert manage(full, "backup", str(first)).returncode == 0
    assert first.stat().st_mode & 0o077 == 0
    for url, source, target in ((postgresql_server.url, first, second), (empty, second, third)):
        assert manage(url, "migrate", "--skip-checks", "--verbosity", "0").returncode == 0
        restored = manage(url, "restore", str(source))
        assert restored.returncode == 0, restored.stderr
        assert manage(url, "backup", str(target)).returncode == 0
        assert "as written" in manage(url, "verify_record").stdout
    assert manifest(first) == manifest(second) == manifest(third)
    assert manifest(first)["record_entry"]["rows"] > 30
    again = manage(empty, "restore", str(first))
    assert again.returncode == 1 and "not empty" in again.stderr
    after = answered_before(postgresql_server.url, lambda process: process.kill())
    assert after, "the restored record takes new facts"


def test_a_changed_backup_brings_nothing_back(full, tmp_path) -> None:
    kept, changed = tmp_path / "kept.zip", tmp_path / "changed.zip"
    assert manage(full, "backup", str(kept)).returncode == 0
    assert manage(full, "backup", str(kept)).returncode == 1
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"group 1", b"group x"))
    cut = tmp_path / "cut.zip"
    shutil.copyfile(kept, cut)
    os.truncate(cut, cut.stat().st_size // 2)
    empty = f"sqlite:///{tmp_path}/empty.sqlite3"
    assert manage(empty, "migrate", "--skip-checks", "--verbosity", "0").returncode == 0
    for path, words in ((changed, "other than it was"), (cut, "no whole backup"), (tmp_path / "none.zip", "no file")):
        refused = manage(empty, "restore", str(path))
        assert refused.returncode == 1 and words in refused.stderr
    fresh = tmp_path / "fresh.zip"
    assert manage(empty, "backup", str(fresh)).returncode == 0
    assert all(table["rows"] == 0 for table in manifest(fresh).values())
