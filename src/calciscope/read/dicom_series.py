"""DICOM files in, one CT series out: headers, stacks, the choice, pixels, and the account of what was left out."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from calciscope.read import tags
from calciscope.read.acquisition import describe
from calciscope.read.choose import Choice, choose
from calciscope.read.dose import read_dose
from calciscope.read.elements import RawHeader, read_header
from calciscope.read.enhanced import frame_headers
from calciscope.read.entries import Entry
from calciscope.read.finish import Finished, finish
from calciscope.read.foreign import Unreadable
from calciscope.read.header import DOSE_REPORT, MULTIFRAME, Slice, read_slice, why_not_ct
from calciscope.read.identity import patient_key
from calciscope.read.plausible import why_not_hu
from calciscope.read.resample import resample
from calciscope.read.spacing import Layout, before_or_after_gap, lay_out
from calciscope.read.stacks import Stack, stacks_of
from calciscope.read.values import text
from calciscope.read.volume import Decoded, decode_stack
from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Grid, Int16, Volume
from calciscope.terms.progress import Progress
from calciscope.terms.series import Instance, LeftOut, Series, Source

ANOTHER_PATIENT = "another patient"


@dataclass(slots=True)
class Found:
    """What the files turned out to be."""

    slices: list[Slice] = field(default_factory=list)
    reports: list[RawHeader] = field(default_factory=list)
    not_dicom: list[Entry] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)


def sort_files(entries: list[Entry], progress: Progress) -> Found:
    """Read every header once and sort the files by what they are."""
    found = Found()
    for done, entry in enumerate(entries, 1):
        try:
            _sort_one(entry, found)
        except Unreadable as error:
            found.reasons["file", str(error)] += 1
        progress("Looking through the files", done / len(entries))
    return found


def _sort_one(entry: Entry, found: Found) -> None:
    raw = read_header(entry)
    if raw is None:
        found.not_dicom.append(entry)
        return
    if text(raw, tags.SOP_CLASS) == DOSE_REPORT:
        found.reports.append(raw)
        return
    many = text(raw, tags.SOP_CLASS) in MULTIFRAME and not why_not_ct(raw) and raw.pixel_offset is not None
    for frame, header in enumerate(frame_headers(raw) if many else [raw]):
        one = read_slice(header, frame if header.pixel_offset else 0)
        if isinstance(one, str):
            found.reasons["frame" if many else "DICOM file", one] += 1
        else:
            found.slices.append(one)


def read_dicom(found: Found, path: object, *, series_uid: str | None, progress: Progress) -> Series:
    """The series to measure out of what was found; Refused with the reason when there is none."""
    if not found.slices:
        raise Refused(_nothing(found, path))
    candidates = [_laid_out(stack, found) for stack in stacks_of(found.slices)]
    choice = choose(candidates, series_uid, path)
    decoded = decode_stack(choice.stack, choice.layout, progress)
    with ThreadPoolExecutor(1) as pool:
        as_decoded = pool.submit(pixel_sha256, decoded.hu)  # beside the check of the content; usually nothing changes
        finished = finish(decoded, choice.layout.missing, path)
        why = why_not_hu(*decoded.range_hu)
        if why:
            raise Refused(f"The CT series in {path} is not in Hounsfield units: {why}; export the original images.")
        volume = _volume(choice, decoded, finished)
        same = volume.hu is decoded.hu and not finished.why and not decoded.conflicts
        digest = as_decoded.result() if same else pixel_sha256(volume.hu)
    left_out = _left_out(found, choice, decoded, finished, [stack for stack, _ in candidates])
    return Series(
        volume=volume,
        acquisition=_acquisition(choice, found),
        source=_source(choice, volume, finished, left_out, digest),
    )


def _laid_out(stack: Stack, found: Found) -> tuple[Stack, Layout]:
    """The stack on its grid, without a small part beyond a gap too wide to fill."""
    layout = lay_out(stack)
    part = before_or_after_gap(stack) if layout.refusal else None
    if part is None or (kept := lay_out(part)).refusal:
        return stack, layout
    found.reasons["CT slices", "beyond a gap in the series that is too wide to fill"] += stack.slices - part.slices
    return part, kept


def _nothing(found: Found, path: object) -> str:
    """Why no CT slice was found, one sentence."""
    reasons = [f"{count} x {why}" for (_, why), count in found.reasons.most_common(3)]
    if found.not_dicom:
        reasons.append(f"{len(found.not_dicom)} x not a DICOM file")
    if found.reports:
        reasons.append(f"{len(found.reports)} x a dose report")
    return f"{path} holds no CT slices that can be measured ({', '.join(reasons) or 'no files'}); give a CT series."


def _volume(choice: Choice, decoded: Decoded, finished: Finished) -> Volume:
    hu, stack, layout = finished.hu, choice.stack, choice.layout
    if layout.uneven:
        kept = np.array(stack.positions_mm)[finished.cut_at_start :][: len(hu)]
        hu = resample(hu, kept, layout.spacing_mm)
    affine = _affine(stack, layout.spacing_mm)
    affine[:3, 3] += affine[:3, 2] * _first_slot(choice, finished)
    frames = {text(place[0].raw, tags.FRAME_UID) for place in stack.places}
    grid = Grid(shape=hu.shape, affine=affine, frame_uid=frames.pop() if len(frames) == 1 else None)
    return Volume(hu=hu, grid=grid, field=decoded.field, ceiling_hu=decoded.ceiling_hu)


def _first_slot(choice: Choice, finished: Finished) -> float:
    """How many grid steps the volume's first slice lies after the stack's."""
    if not choice.layout.uneven:
        return float(finished.cut_at_start)
    positions = choice.stack.positions_mm
    return (positions[finished.cut_at_start] - positions[0]) / choice.layout.spacing_mm


def _affine(stack: Stack, spacing_mm: float) -> np.ndarray:
    """(column, row, slice, 1) to LPS mm; the slice step follows the origins, so a tilted gantry shears the grid."""
    one = stack.first
    origins = np.array([place[0].position_mm for place in stack.places])
    slope, start = np.polyfit(np.array(stack.positions_mm) - stack.positions_mm[0], origins, 1)
    affine = np.eye(4)
    affine[:3, 0] = np.array(one.orientation[:3]) * one.spacing_mm[1]
    affine[:3, 1] = np.array(one.orientation[3:]) * one.spacing_mm[0]
    affine[:3, 2] = slope * spacing_mm
    affine[:3, 3] = start
    return np.where(np.abs(affine) < 1e-9, 0.0, affine)


def _acquisition(choice: Choice, found: Found):  # type: ignore[no-untyped-def]
    raw = choice.stack.first.raw
    study = text(raw, tags.STUDY_UID)
    reports = [report for report in found.reports if text(report, tags.STUDY_UID) == study]
    events = frozenset(uid for place in choice.stack.places if (uid := text(place[0].raw, tags.IRRADIATION_EVENT)))
    return describe(choice.stack, read_dose(reports, events))


def _source(choice: Choice, volume: Volume, finished: Finished, left_out: tuple[LeftOut, ...], digest: str) -> Source:
    raw = choice.stack.first.raw
    return Source(
        kind="dicom-enhanced" if text(raw, tags.SOP_CLASS) in MULTIFRAME else "dicom",
        study_uid=text(raw, tags.STUDY_UID),
        series_uid=text(raw, tags.SERIES_UID),
        sop_class_uid=text(raw, tags.SOP_CLASS),
        frame_uid=volume.grid.frame_uid,
        instances=tuple(
            Instance(sop_uid=place[0].sop_uid, position_mm=place[0].position_mm)
            for slot, place in zip(choice.layout.slots, choice.stack.places, strict=True)
            if slot not in finished.why
        ),
        patient_key=patient_key(text(raw, tags.PATIENT_ID), text(raw, tags.PATIENT_ISSUER), text(raw, tags.BIRTH_DATE)),
        pixel_sha256=digest,
        chosen_because=choice.because,
        left_out=left_out,
        slices_filled=finished.filled,
    )


def pixel_sha256(hu: Int16) -> str:
    """sha256 of the HU as little-endian int16, [slice, row, column]."""
    return sha256(np.ascontiguousarray(hu, dtype="<i2").data).hexdigest()


def _left_out(
    found: Found, choice: Choice, decoded: Decoded, finished: Finished, stacks: list[Stack]
) -> tuple[LeftOut, ...]:
    """Everything in the input that the volume does not hold, and why."""
    left = [LeftOut(what=what, why=why, count=count) for (what, why), count in sorted(found.reasons.items())]
    if found.not_dicom:
        left.append(LeftOut(what="file", why="not DICOM", count=len(found.not_dicom)))
    if found.reports:
        left.append(LeftOut(what="dose report", why="read for dose, holds no image", count=len(found.reports)))
    patient = text(choice.stack.first.raw, tags.PATIENT_ID)
    for stack in stacks:
        if stack is not choice.stack:
            other = text(stack.first.raw, tags.PATIENT_ID) != patient
            why = ANOTHER_PATIENT if other else "another series or phase, less suited"
            left.append(LeftOut(what="CT slices", why=why, count=stack.slices))
    if decoded.identical:
        left.append(LeftOut(what="CT slice", why="identical copy", count=decoded.identical))
    if decoded.conflicts:
        count = sum(len(others) for others in decoded.conflicts.values())
        left.append(
            LeftOut(what="CT slice", why="another slice in the same place fits its neighbours better", count=count)
        )
    return (*left, *_named(choice, finished))


def _named(choice: Choice, finished: Finished) -> list[LeftOut]:
    """Slices that were not trusted, each by its place and SOP instance UID."""
    uids = {slot: place[0].sop_uid for slot, place in zip(choice.layout.slots, choice.stack.places, strict=True)}
    return [
        LeftOut(
            what=f"slice {slot + 1} of {choice.layout.count}" + (f" ({uids[slot]})" if uids.get(slot) else ""), why=why
        )
        for slot, why in sorted(finished.why.items())
    ]
