"""A scan for the patient's record: looked at when it has come, measured by the worker, its result recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from calciscope.flows.measure_scan import Request, measure_scan
from calciscope.read.glimpse import Glimpse, glimpse
from calciscope.record.actions.old_studies import assign_old_study, refuse_old_study, sort_old_study
from calciscope.record.actions.scans import Seen, record_scan, settle_scan
from calciscope.record.actor import Actor
from calciscope.record.noun import Noun, noun
from calciscope.record.queries.old_studies import old_study
from calciscope.record.queries.scans import scan_source
from calciscope.record.scans.whose import InFiles
from calciscope.record.scans.work import Unsorted, Work
from calciscope.share import measured_folder
from calciscope.share.measurement_json import SCHEMA_VERSION
from calciscope.terms.errors import CalciscopeError, Refused, WrongUsage
from calciscope.terms.progress import Progress, silent

MOST_CANDIDATES = (
    2000  # what a table of the record holds; they come by falling mass, so the smallest stay in the folder alone
)
KEPT_OF_CANDIDATE = (
    "deposit_id", "kind", "confidence", "reason", "volume_ml", "mass_mg", "mass_lower_mg", "mass_upper_mg", "peak_hu",
    "longest_diameter_mm", "x_mm", "y_mm", "z_mm", "skin_depth_mm", "layer", "layer_also", "shape", "region", "side",
)  # fmt: skip
STUDY_SAYS = ("question", "done_elsewhere", "identity_note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the record gets: the study's fields and the measurement's."""

    study: Mapping[str, Any]
    measurement: Mapping[str, Any]


def look_at_scan(*, by: Actor, patient: UUID, scan: UUID, said: Mapping[str, Any] | None = None) -> bool:
    """Look at the files of a scan that is here whole; whether it waits to be measured now, or asks whose it is.

    Raises Refused (no CT, hostile, several patients) and Invalid (a date or a question is missing).
    """
    path = scan_source(by=by, patient=patient, scan=scan)
    return settle_scan(by=by, patient=patient, scan=scan, seen=seen_in(path), said=dict(said or {}))


def sort_study(study: Unsorted) -> None:
    """Look at an old study and give it to its patient, leave it to a person, or say why it is no scan."""
    try:
        seen = seen_in(study.source)
    except Refused as refused:
        refuse_old_study(by=study.by, scan=study.scan, message=str(refused))
        return
    sort_old_study(by=study.by, scan=study.scan, seen=seen)


def assign_study(*, by: Actor, scan: UUID, number: str) -> UUID:
    """Give an old study to the patient with this number; returns the patient's key. Raises Invalid for a number of nobody."""
    _, source = old_study(by=by, scan=scan)
    return assign_old_study(by=by, scan=scan, number=number, seen=seen_in(source))


def seen_in(path: Path) -> Seen:
    """What the record has to know of the headers."""
    found = look_at(path)
    whose = InFiles(name=found.name, born_on=found.born_on, number=found.number)
    return Seen(whose=whose, done_on=found.done_on)


def look_at(path: Path) -> Glimpse:
    """A glimpse whose refusal names no path of the server."""
    try:
        return glimpse(path)
    except (Refused, WrongUsage) as refused:
        raise Refused(without_path(refused, path)) from None


def measure_work(work: Work, *, worker: str, progress: Progress = silent, jobs: int = 0) -> UUID:
    """Measure one scan and record it; the measurement's key. Results that a killed worker had finished are taken as they are."""
    if not measured_folder.is_ours(work.into):
        measure_scan(Request(scan=work.source, out=work.into, jobs=jobs, overwrite=True), progress=progress, keep=True)
    document = json.loads((work.into / measured_folder.JSON_NAME).read_bytes())
    measured = for_record(document, said=work.said, folder=str(work.scan))
    return record_scan(
        by=work.by,
        patient=work.patient,
        scan=work.scan,
        worker=worker,
        study=measured.study,
        measurement=measured.measurement,
    )


def for_record(document: Mapping[str, Any], *, said: Mapping[str, Any], folder: str) -> Measured:
    """From measurement.json and what a person said of the study to the record's nouns."""
    series, burden, deposits = document["series"], document["burden"], document["deposits"]
    study_kind = noun("imaging_study")
    shown = [part["region"] for part in document["coverage"] if part["region"] != "unknown"]
    study: dict[str, Any] = {
        "modality": "ct",
        "done_on": series["date"] or said.get("done_on"),
        "regions": list(dict.fromkeys(shown)),
        "study_uid": _sound(study_kind, "study_uid", series["study_uid"]),
        "series_uid": _sound(study_kind, "series_uid", series["series_uid"]),
        "ctdivol_mgy": _sound(study_kind, "ctdivol_mgy", series["dose"]["ctdi_vol_mgy"]),
        "dlp_mgy_cm": _sound(study_kind, "dlp_mgy_cm", series["dose"]["dlp_mgy_cm"]),
        **{name: said.get(name) for name in STUDY_SAYS},
    }
    measurement: dict[str, Any] = {
        "outcome": "measured",
        "series_uid": _sound(study_kind, "series_uid", series["series_uid"]),
        **{name: burden[name] for name in ("mass_mg", "mass_lower_mg", "mass_upper_mg", "volume_ml", "deposits")},
        "candidates": [{name: one[name] for name in KEPT_OF_CANDIDATE} for one in deposits[:MOST_CANDIDATES]],
        "set_aside": len(deposits) - burden["deposits"],
        "checks": [
            {name: one[name] for name in ("id", "message", "voids")} for one in document["checks"] if not one["passed"]
        ],
        "recipe": {
            "schema_version": SCHEMA_VERSION,
            "calibration": document["recipe"]["calibration"],
            "matrix": document["recipe"]["matrix"],
            "pixel_sha256": series["pixel_sha256"],
        },
        "folder": folder,
        "software": f"calciscope {document['software']['version']}",
    }
    return Measured(study=_given(study), measurement=_given(measurement))


def refusal(error: CalciscopeError, work: Work) -> str:
    """Why a scan cannot be measured, without the server's paths."""
    return without_path(error, work.source, work.into)


def without_path(error: CalciscopeError, *paths: Path) -> str:
    """The sentence of an error, with "The scan" for where it lies on the server."""
    text = str(error)
    for path in sorted(map(str, paths), key=len, reverse=True):
        text = text.replace(path, "The scan")
    return text


def _sound(kind: Noun, name: str, value: object) -> object:
    """What a header says, unless it cannot be: a wrong dose or UID does not keep a scan from being measured."""
    field = kind.field(name)
    return None if value is None or field is None or field.problem(value) else value


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != ""}
