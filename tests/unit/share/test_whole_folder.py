"""An output folder appears whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calciscope.share.whole_folder import _machine, whole_folder
from calciscope.terms.errors import Refused


def ours(folder: Path) -> bool:
    return (folder / "mark").exists()


def write_into(place: Path, text: str, *, overwrite: bool = False) -> None:
    with whole_folder(place, overwrite=overwrite, is_ours=ours) as folder:
        (folder / "mark").write_text(text)


@pytest.fixture
def dead_pid() -> int:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return int(ended.stdout)


def test_appears_with_all_its_files(tmp_path: Path) -> None:
    write_into(tmp_path / "out", "first")
    assert (tmp_path / "out" / "mark").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_missing_parents_are_made(tmp_path: Path) -> None:
    write_into(tmp_path / "a" / "b" / "out", "first")
    assert (tmp_path / "a" / "b" / "out" / "mark").exists()


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), ValueError()])
def test_nothing_is_left_when_the_work_fails(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), whole_folder(tmp_path / "new" / "out", overwrite=False, is_ours=ours) as folder:
        (folder / "half").write_text("x")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_existing_folder_of_others_is_refused_and_untouched_even_with_overwrite(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    (place / "thesis.txt").write_text("dear")
    for overwrite in (False, True):
        with pytest.raises(Refused, match="not an earlier output"):
            write_into(place, "x", overwrite=overwrite)
    assert (place / "thesis.txt").read_text() == "dear"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_existing_file_and_link_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "mark").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("file", "link"):
        with pytest.raises(Refused):
            write_into(tmp_path / name, "x", overwrite=True)


def test_own_earlier_output_needs_overwrite(tmp_path: Path) -> None:
    write_into(tmp_path / "out", "first")
    with pytest.raises(Refused, match="--overwrite"):
        write_into(tmp_path / "out", "second")
    write_into(tmp_path / "out", "second", overwrite=True)
    assert (tmp_path / "out" / "mark").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_earlier_output_stands_when_replacing_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_into(tmp_path / "out", "first")
    rename = Path.rename

    def fails_for_new(self: Path, target: Path) -> Path:
        if ".writing-" in self.name:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_for_new)
    with pytest.raises(OSError, match="Input/output"):
        write_into(tmp_path / "out", "second", overwrite=True)
    assert (tmp_path / "out" / "mark").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_folder_that_appeared_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with (
        pytest.raises(Refused),
        whole_folder(tmp_path / "out", overwrite=False, is_ours=ours) as folder,
    ):
        (folder / "mark").write_text("late")
        (tmp_path / "out").mkdir()
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_run_left_is_cleared(tmp_path: Path, dead_pid: int) -> None:
    (tmp_path / f".out.writing-{_machine()}-{dead_pid}-0").mkdir()
    elsewhere = tmp_path / f".out.writing-00000000-{dead_pid}-0"  # another computer's: may be alive
    alive = tmp_path / f".out.writing-{_machine()}-{os.getppid()}-0"
    elsewhere.mkdir()
    alive.mkdir()
    write_into(tmp_path / "out", "first")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["out", elsewhere.name, alive.name])


def test_earlier_output_that_a_killed_run_moved_aside_comes_back(tmp_path: Path, dead_pid: int) -> None:
    aside = tmp_path / f".out.replaced-{_machine()}-{dead_pid}-0"
    aside.mkdir()
    (aside / "mark").write_text("first")
    with pytest.raises(Refused, match="--overwrite"):
        write_into(tmp_path / "out", "second")
    assert (tmp_path / "out" / "mark").read_text() == "first"


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_place_is_refused(read_only: Path) -> None:
    with pytest.raises(Refused, match="Cannot write"):
        write_into(read_only / "out", "x")


def test_place_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match="Cannot"):
        write_into(tmp_path / "file" / "out", "x")


def test_place_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", locked)
    with pytest.raises(Refused, match="Permission denied"):
        write_into(tmp_path / "out", "x")
