"""Reads a scan, whatever holds it, into one CT series in HU, or refuses it with the reason.

Takes a folder, a zip, a single enhanced DICOM file or a NIfTI file (docs/reference/input.md).
"""

from __future__ import annotations

from pathlib import Path

from calciscope.read.dicom_series import read_dicom, sort_files
from calciscope.read.entries import Entry
from calciscope.read.foreign import Unreadable, quiet
from calciscope.read.listing import list_entries
from calciscope.read.nifti import is_nifti, read_nifti
from calciscope.terms.errors import Refused
from calciscope.terms.progress import Progress, silent
from calciscope.terms.series import LeftOut, Series


def read_series(path: str | Path, *, series_uid: str | None = None, progress: Progress = silent) -> Series:
    """The CT series in ``path``; the best suited one unless ``series_uid`` names one.

    Raises WrongUsage when the path does not exist and Refused (one sentence) for everything that cannot be measured.
    """
    path = Path(path)
    with quiet():
        entries, unlisted = list_entries(_scan_root(path))
        try:
            series = _read(entries, path, series_uid, progress, unlisted)
        except Unreadable as error:
            raise Refused(f"{path} cannot be read: {error}; copy or export it again.") from error
    return series if not unlisted else _also_left_out(series, unlisted)


def _scan_root(path: Path) -> Path:
    """The folder beside a DICOMDIR, which lists the files of that folder; else the path itself."""
    return path.parent if path.is_file() and path.name.upper() == "DICOMDIR" else path


def _read(
    entries: list[Entry], path: Path, series_uid: str | None, progress: Progress, unlisted: list[LeftOut]
) -> Series:
    if len(entries) == 1 and is_nifti(entries[0]):
        return read_nifti(entries[0], path, series_uid=series_uid, progress=progress)
    found = sort_files(entries, progress)
    images = [entry for entry in found.not_dicom if is_nifti(entry)]
    if not found.slices and len(images) == 1:
        return read_nifti(images[0], path, series_uid=series_uid, progress=progress)
    if not found.slices and images:
        raise Refused(f"{path} holds {len(images)} NIfTI files; give the one to be measured.")
    if not found.slices:
        found.reasons.update({(one.what, one.why): one.count for one in unlisted})
    return read_dicom(found, path, series_uid=series_uid, progress=progress)


def _also_left_out(series: Series, unlisted: list[LeftOut]) -> Series:
    from dataclasses import replace

    return replace(series, source=replace(series.source, left_out=(*series.source.left_out, *unlisted)))
