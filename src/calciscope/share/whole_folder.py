"""An output folder that appears whole or not at all: written beside its place and renamed into it.

A run that is killed leaves at most a hidden sibling, which the next run into the same place clears away.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from calciscope.terms.errors import Refused

_WRITING = "writing"
_REPLACED = "replaced"


@contextmanager
def whole_folder(place: Path, *, overwrite: bool, is_ours: Callable[[Path], bool]) -> Iterator[Path]:
    """Yield a new hidden folder beside ``place``; rename it to ``place`` when the block ends well, else delete it.

    An existing ``place`` is refused unless ``overwrite`` and ``is_ours(place)``. Raises ``Refused`` before the work
    starts when ``place`` cannot be written.
    """
    place = Path(os.path.abspath(place))
    made = _make_parents(place.parent)
    try:
        _clear_left_behind(place)
        _refuse_existing(place, overwrite=overwrite, is_ours=is_ours)
        writing = _sibling(place, _WRITING)
        try:
            writing.mkdir()
        except OSError as error:
            raise Refused(f"Cannot write in {place.parent} ({error.strerror}); choose another --out.") from error
        try:
            yield writing
            _refuse_existing(place, overwrite=overwrite, is_ours=is_ours)
            _put_in_place(writing, place)
        except BaseException:
            shutil.rmtree(writing, ignore_errors=True)
            raise
    except BaseException:
        _remove_empty(made)
        raise


def _refuse_existing(place: Path, *, overwrite: bool, is_ours: Callable[[Path], bool]) -> None:
    if not os.path.lexists(place):
        return
    if not (place.is_dir() and not place.is_symlink() and is_ours(place)):
        raise Refused(
            f"{place} exists already and is not an earlier output of this command, so it is left as it is; "
            "choose a new --out."
        )
    if not overwrite:
        raise Refused(f"{place} holds an earlier output; add --overwrite to replace it, or choose a new --out.")


def _put_in_place(writing: Path, place: Path) -> None:
    if not place.exists():
        writing.rename(place)
        return
    replaced = _sibling(place, _REPLACED)
    place.rename(replaced)
    try:
        writing.rename(place)
    except BaseException:
        replaced.rename(place)
        raise
    shutil.rmtree(replaced, ignore_errors=True)


def _make_parents(parent: Path) -> list[Path]:
    """Create missing parents; returns those made, deepest first."""
    missing: list[Path] = []
    while not os.path.lexists(parent):
        missing.append(parent)
        parent = parent.parent
    try:
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        raise Refused(f"Cannot make the folder for --out in {parent} ({error.strerror}); choose another.") from error
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # not empty or already gone: not ours to remove
            return


def _machine() -> str:
    """Short mark of this computer: a process number means nothing on another one that shares the disk."""
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"


def _sibling(place: Path, role: str) -> Path:
    for number in range(1000):
        sibling = place.with_name(f".{place.name}.{role}-{_machine()}-{os.getpid()}-{number}")
        if not os.path.lexists(sibling):
            return sibling
    raise Refused(f"Too many unfinished outputs beside {place}; remove the hidden folders there.")


def _clear_left_behind(place: Path) -> None:
    """Remove what killed runs left beside ``place``; put back an earlier output that one had moved aside."""
    pattern = re.compile(rf"\.{re.escape(place.name)}\.({_WRITING}|{_REPLACED})-{_machine()}-(\d+)-\d+", flags=re.ASCII)
    try:
        siblings = sorted(place.parent.iterdir())
    except OSError as error:
        raise Refused(f"Cannot use {place.parent} for --out ({error.strerror}); choose another place.") from error
    for sibling in siblings:
        match = pattern.fullmatch(sibling.name)
        if match is None or _alive(int(match[2])):
            continue
        if match[1] == _REPLACED and not os.path.lexists(place):
            sibling.rename(place)
        else:
            shutil.rmtree(sibling, ignore_errors=True)


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return True  # another thread of ours
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # not ours to signal, so it lives
    return True
