"""Lists the files of an input: a folder walked to its leaves, a zip's members, or the one file given."""

from __future__ import annotations

import os
from pathlib import Path

from calciscope.read.archive import list_members
from calciscope.read.entries import Entry, FileEntry
from calciscope.read.limits import MAX_FILES, MAX_FOLDER_DEPTH
from calciscope.terms.errors import Refused, WrongUsage
from calciscope.terms.series import LeftOut

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


def list_entries(path: Path) -> tuple[list[Entry], list[LeftOut]]:
    """Every file the input holds, in a stable order, and what could not be listed.

    Raises WrongUsage when the path does not exist, Refused when it may not be read or is empty.
    """
    try:
        if not path.exists():
            raise WrongUsage(f"{path} does not exist.")
        if path.is_dir():
            return _walk(path)
        if not path.is_file():
            raise Refused(f"{path} is neither a file nor a folder; give a folder, zip, DICOM or NIfTI file.")
        return _one_file(path)
    except PermissionError as error:
        raise Refused(f"{path} may not be read (no permission); ask its owner for read access.") from error
    except OSError as error:
        raise Refused(f"{path} could not be read ({error.strerror or 'input error'}); copy it again.") from error


def _one_file(path: Path) -> tuple[list[Entry], list[LeftOut]]:
    entry = FileEntry(path, path.stat().st_size)
    if entry.size == 0:
        raise Refused(f"{path} is empty (0 bytes); copy it again.")
    if entry.head(4) in ZIP_MAGIC:
        members, left_out = list_members(path)
        return list(members), left_out
    return [entry], []


def _walk(path: Path) -> tuple[list[Entry], list[LeftOut]]:
    entries: list[Entry] = []
    unreadable = 0
    denied: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=denied.append):
        folders.sort()
        if len(Path(folder).relative_to(path).parts) >= MAX_FOLDER_DEPTH:
            folders.clear()
        for name in sorted(names):
            file = Path(folder) / name
            try:
                if file.is_file():
                    entries.append(FileEntry(file, file.stat().st_size))
            except OSError:
                unreadable += 1
        if len(entries) > MAX_FILES:
            raise Refused(f"{path} holds more than {MAX_FILES} files; give the folder of the one study to be measured.")
    left_out = []
    if unreadable or denied:
        left_out.append(LeftOut(what="file or folder", why="may not be read", count=unreadable + len(denied)))
    if not entries:
        why = "may not be read (no permission)" if left_out else "holds no files"
        raise Refused(f"{path} {why}; give a folder, zip, DICOM or NIfTI file with a CT scan.")
    return entries, left_out
