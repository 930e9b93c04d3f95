"""A scan that was measured, as the worker records it: made up, so that no pixel is needed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from calciscope.record.actions.scans import Seen, begin_scan, record_scan, settle_scan
from calciscope.record.actor import Actor
from calciscope.record.scans import files, work
from calciscope.record.scans.whose import InFiles

QUESTION = "Whether the plaque is cut out"
WORKER = "nowhere:1"


def candidate(number: int, **changed: Any) -> dict[str, Any]:
    said = {
        "deposit_id": number, "kind": "calcinosis", "confidence": 0.9, "reason": "mineral in soft tissue", "volume_ml": 1.0,
        "mass_mg": 100.0 / number, "mass_lower_mg": 80.0 / number, "mass_upper_mg": 120.0 / number, "peak_hu": 900.0,
        "longest_diameter_mm": 14.0, "x_mm": 10.0 * number, "y_mm": 0.0, "z_mm": 0.0, "skin_depth_mm": 4.0,
        "layer": "subcutaneous", "layer_also": [], "shape": "nodule", "region": "knee", "side": "left",
    }  # fmt: skip
    return said | changed


CANDIDATES = (
    candidate(1),
    candidate(2, longest_diameter_mm=6.0),
    candidate(3, region="elbow"),
    candidate(4, kind="vascular", reason="along an artery"),
)


def waiting_scan(by: Actor, patient: UUID, *, done_on: str = "2026-03-10") -> UUID:
    """Sent whole and looked at."""
    said = {"modality": "ct", "question": QUESTION, "done_on": done_on}
    scan = begin_scan(by=by, patient=patient, sizes=[4], suffixes=[".nii"], said=said)
    files.add_part(scan, "00000.nii", offset=0, part=b"scan", whole=4)
    settle_scan(by=by, patient=patient, scan=scan, seen=Seen(whose=InFiles(), done_on=None), said={})
    return scan


def measured_scan(
    by: Actor, patient: UUID, *, done_on: str = "2026-03-10", candidates: Any = CANDIDATES, regions: Any = ("knee",)
) -> UUID:
    """Measured and recorded; the measurement's key."""
    scan = waiting_scan(by, patient, done_on=done_on)
    found = work.next_work(WORKER)
    assert found is not None and found.scan == scan
    folder = files.result_folder(patient, scan)
    folder.mkdir(parents=True)
    (folder / files.OVERVIEW).write_bytes(b"\x89PNG made up")
    (folder / files.REPORT).write_bytes(b"%PDF made up")
    counted = [one for one in candidates if one["kind"] == "calcinosis"]
    return record_scan(
        by=by,
        patient=patient,
        scan=scan,
        worker=WORKER,
        study={
            "modality": "ct", "done_on": done_on, "question": QUESTION, "regions": list(regions), "ctdivol_mgy": 3.2,
            "dlp_mgy_cm": 120.0, "study_uid": f"1.2.3.{done_on.replace('-', '')}",
        },
        measurement={
            "outcome": "measured", "series_uid": f"1.2.4.{done_on.replace('-', '')}",
            "mass_mg": sum(one["mass_mg"] for one in counted), "mass_lower_mg": 150.0,
            "mass_upper_mg": 220.0, "deposits": len(counted), "set_aside": len(candidates) - len(counted),
            "candidates": list(candidates), "folder": str(scan), "software": "calciscope 0",
        },
    )  # fmt: skip
