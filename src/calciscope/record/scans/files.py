"""Where the files of scans lie: what was sent until it is measured, and the results of each measurement. All private."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings

from calciscope.record.refusals import Invalid, Problem
from calciscope.terms.errors import Broken, NotAllowed, Refused

LARGEST_BYTES = 8_000_000_000
"""Of all files of one scan: twice the largest volume that is measured, since overviews and other series come along (judgement)."""
MOST_FILES = 20_000  # judgement: a long whole-body study with several reconstructions holds about 10,000 images
LARGEST_PART_BYTES = 8_000_000  # judgement: some seconds on a clinic's line, so that little is sent twice
KEPT_FREE_BYTES = 1_000_000_000  # judgement: the database must go on
SUFFIXES = (".nii.gz", ".nii", ".zip")
"""Endings that are kept, since NIfTI is known by its name; the rest of a name may tell who the patient is."""
OVERVIEW, REPORT, DOCUMENT = "overview.png", "report.pdf", "measurement.json"
RESULTS = frozenset(
    {OVERVIEW, REPORT, DOCUMENT, "deposits.csv", "segmentation.nii.gz", "anatomy.nii.gz", "coarse_ct.nii.gz"}
)
MAP, DIFFERENCE, MAP_DOCUMENT = "map", "difference.png", "map.json"
PANELS = ("then", "now", "difference")
COMPARED = frozenset(
    {REPORT, DIFFERENCE, f"{MAP}/{MAP_DOCUMENT}"}
    | {f"{MAP}/{plane}_{panel}.png" for plane in ("coronal", "sagittal", "axial") for panel in PANELS}
)
"""What a comparison's folder is asked for: its report, its picture, and the panels of its map."""
SENT_AGAIN = (
    "The server holds another part of this file than the one before this; choose the same files again to go on."
)


def check_sizes(sizes: Sequence[int], *, field: str) -> None:
    """Raise Invalid for more than the record takes."""
    message = ""
    if not sizes:
        message = "Choose the scan: a zip, its files, or its folder."
    elif len(sizes) > MOST_FILES:
        message = f"{len(sizes)} files are more than {MOST_FILES}; send the one study to be measured."
    elif min(sizes) < 1 and len(sizes) == 1:
        message = "The file is empty; copy it again."
    elif sum(sizes) > LARGEST_BYTES:
        message = (
            f"{sum(sizes) / 1e9:.1f} GB are more than {LARGEST_BYTES / 1e9:.0f} GB; send the one study to be measured."
        )
    elif sum(sizes) > _free_bytes():
        message = "The server has too little free disk space for this scan; tell its administrator."
    if message:
        raise Invalid([Problem(field=field, message=message)])


def _free_bytes() -> int:
    root = _root()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return shutil.disk_usage(root).free - KEPT_FREE_BYTES


def suffix_of(name: str) -> str:
    """The ending that is kept of a file's name."""
    lower = name.lower()
    return next((ending for ending in SUFFIXES if lower.endswith(ending)), "")


def received(scan: UUID, names: Sequence[str]) -> list[int]:
    """Bytes that are here of each file."""
    folder = _incoming(scan)
    return [path.stat().st_size if (path := folder / name).is_file() else 0 for name in names]


def name_of(number: int, suffix: str) -> str:
    """What a file is called here."""
    return f"{number:05d}{suffix or '.dcm'}"


def add_part(scan: UUID, name: str, *, offset: int, part: bytes, whole: int) -> int:
    """Append bytes that belong at ``offset``; returns how many of the file are here now.

    What is here already is not written twice; a part that would leave a hole is refused.
    """
    folder = _incoming(scan)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two windows may send the same file
            here = os.fstat(file.fileno()).st_size
            if offset > here or offset + len(part) > whole:
                raise Refused(SENT_AGAIN)
            if offset + len(part) > here:
                file.seek(offset)
                file.write(part)
                file.flush()
                os.fsync(file.fileno())
                here = offset + len(part)
    except OSError:
        raise Refused("The scan could not be kept: the server's disk did not take it.") from None
    return here


def incoming(scan: UUID, names: Sequence[str]) -> Path:
    """What was sent: the one file, or the folder of all."""
    return _incoming(scan) / names[0] if len(names) == 1 else _incoming(scan)


def drop_incoming(scan: UUID) -> None:
    """Remove what was sent."""
    shutil.rmtree(_incoming(scan), ignore_errors=True)


def result_folder(patient: UUID, scan: UUID) -> Path:
    """Where the results of measuring a scan lie, or will."""
    return _root() / "scans" / str(patient) / str(scan)


def result(patient: UUID, folder: str, name: str) -> bytes:
    """One file of a result; refused in words where it is gone."""
    if name not in RESULTS:
        raise NotAllowed("There is no such file.")
    try:
        return (result_folder(patient, UUID(folder)) / name).read_bytes()
    except (OSError, ValueError):
        raise Refused("This file was erased, or is not on this server; what was recorded of it stays.") from None


def comparison_folder(patient: UUID, measurement: UUID) -> Path:
    """Where the comparison of a measurement with the one before it lies, or will."""
    return result_folder(patient, uuid5(measurement, "comparison"))


def comparison_with_first_folder(patient: UUID, measurement: UUID, first: UUID) -> Path:
    """Where the comparison of a measurement with the first of its course lies, or will."""
    return result_folder(patient, uuid5(measurement, f"comparison first {first}"))


def compared(patient: UUID, measurement: UUID, name: str) -> bytes:
    """One file of a comparison; refused in words where it is gone."""
    if name not in COMPARED:
        raise NotAllowed("There is no such file.")
    try:
        return (comparison_folder(patient, measurement) / name).read_bytes()
    except OSError:
        raise Refused("This picture was erased, or is not on this server; what was recorded of it stays.") from None


def erase_all(patient: UUID, scans: Sequence[UUID]) -> None:
    """Erase results and whatever was sent of a patient whose identity is erased."""
    shutil.rmtree(_root() / "scans" / str(patient), ignore_errors=True)
    for scan in scans:
        drop_incoming(scan)


def allowed_folder(typed: str, *, field: str) -> Path:
    """The folder or file below one of the administrator's roots (SCAN_ROOTS); Invalid for any other."""
    roots = [Path(root).resolve() for root in getattr(settings, "SCAN_ROOTS", ())]
    if not roots:
        raise Invalid(
            [Problem(field=field, message="No folder of the server is opened; its administrator names them.")]
        )
    try:
        found = Path(typed.strip()).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        found = None
    if found is None or not any(found.is_relative_to(root) for root in roots):
        listed = ", ".join(str(root) for root in roots)
        raise Invalid([Problem(field=field, message=f"There is no such folder below {listed}.")])
    return found


def studies_below(folder: Path) -> list[Path]:
    """The folders and files directly below a folder, each a study; hidden ones and links are left out."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and not path.is_symlink())
    except OSError:
        return []


def below_root(place: str) -> str:
    """A place of the server as it is shown: below the administrator's root, which is not named."""
    path = Path(place)
    for root in (Path(root).resolve() for root in getattr(settings, "SCAN_ROOTS", ())):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _incoming(scan: UUID) -> Path:
    return _root() / "incoming" / str(scan)


def _root() -> Path:
    root = str(getattr(settings, "MEDIA_ROOT", ""))
    if not root:
        raise Broken("No folder for the record's files is set (MEDIA_ROOT).")
    return Path(root)
