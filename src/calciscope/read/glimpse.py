"""A quick look at the headers of a scan before it is measured: is it CT, of whom, of when. No pixel is touched.

What it tells names a patient: it is for the comparison with the record's patient alone, and is never logged or kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from calciscope.read import tags
from calciscope.read.acquisition import EXAMINED
from calciscope.read.elements import RawHeader, read_header
from calciscope.read.entries import Entry
from calciscope.read.foreign import Unreadable, load_pydicom, parsing, quiet
from calciscope.read.header import why_not_ct, why_not_hu
from calciscope.read.listing import list_entries
from calciscope.read.nifti import is_nifti
from calciscope.read.values import day, text
from calciscope.terms.errors import Refused

MOST_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What the headers say; empty or None where they do not (NIfTI names nobody)."""

    name: str = ""
    born_on: date | None = None
    number: str = ""
    done_on: date | None = None
    study_uid: str = ""
    images: int = 0


@dataclass(slots=True)
class _Found:
    first: RawHeader | None = None
    images: int = 0
    people: set[tuple[str, str]] = field(default_factory=set)
    studies: set[str] = field(default_factory=set)
    others: Counter[str] = field(default_factory=Counter)
    nifti: int = 0


def glimpse(path: Path) -> Glimpse:
    """Look at every header in a folder, zip or file.

    Raises WrongUsage when the path does not exist; Refused when it holds no CT image, more than one patient or more than
    one study, or is hostile.
    """
    with quiet():
        entries, _ = list_entries(path)
        found = _Found()
        for entry in entries:
            _look(entry, found)
        if found.first is None and found.nifti == 1:
            return Glimpse(images=1)
        return _told(found, path)


def _look(entry: Entry, found: _Found) -> None:
    try:
        raw = read_header(entry)
        if raw is None:
            nifti = is_nifti(entry)
            found.nifti += nifti
            found.others["a NIfTI file" if nifti else "not DICOM"] += 1
            return
        why = why_not_ct(raw) or why_not_hu(raw)
    except Unreadable:
        found.others["damaged"] += 1
        return
    if why:
        found.others[why] += 1
        return
    found.first = found.first or raw
    found.images += 1
    found.people.add((text(raw, tags.PATIENT_ID) or "", text(raw, tags.BIRTH_DATE) or ""))
    found.studies.add(text(raw, tags.STUDY_UID) or "")


def _told(found: _Found, path: Path) -> Glimpse:
    raw = found.first
    if raw is None:
        what = "; ".join(f"{count} × {why}" for why, count in found.others.most_common(MOST_REASONS))
        raise Refused(f"{path} holds no CT image ({what}); give a CT study as DICOM, zipped or not, or as NIfTI.")
    if len(found.people) > 1:
        raise Refused(f"{path} holds images of {len(found.people)} patients; give one patient's study.")
    if len(found.studies) > 1:
        raise Refused(f"{path} holds {len(found.studies)} studies; give one study at a time.")
    return Glimpse(
        name=_name(raw),
        born_on=day(raw, tags.BIRTH_DATE),
        number=text(raw, tags.PATIENT_ID) or "",
        done_on=day(raw, *EXAMINED),
        study_uid=text(raw, tags.STUDY_UID) or "",
        images=found.images,
    )


def _name(raw: RawHeader) -> str:
    """The patient's name in the character set that the file names; a short parse, since only this needs it."""
    try:
        with parsing("its header is damaged"), raw.entry.opened() as stream:  # type: ignore[attr-defined]
            wanted = ["SpecificCharacterSet", "PatientName"]
            held = load_pydicom().dcmread(stream, stop_before_pixels=True, force=True, specific_tags=wanted)
            return str(held.get("PatientName", "")).replace("^", " ").strip()
    except Unreadable:
        return ""
