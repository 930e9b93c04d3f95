"""A scan that was measured, as the worker records it: made up, so that no pixel is needed."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from PIL import Image

from calciscope.record.actions.scans import Seen, begin_scan, record_comparison, record_scan, settle_scan
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


def part(mass: float, **said: Any) -> dict[str, Any]:
    """What a split, a merge or a seed gives, as it was weighed."""
    row = candidate(1, mass_mg=mass, mass_lower_mg=0.8 * mass, mass_upper_mg=1.2 * mass, **said)
    del row["deposit_id"]
    return row


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
    by: Actor,
    patient: UUID,
    *,
    done_on: str = "2026-03-10",
    candidates: Any = CANDIDATES,
    regions: Any = ("knee",),
    recipe: Any = None,
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
            "candidates": list(candidates), "folder": str(scan), "software": "calciscope 0", **({"recipe": recipe} if recipe else {}),
        },
    )  # fmt: skip


FAMILIES = (
    {"event": "shrunk", "baseline_ids": [1], "followup_ids": [1], "baseline_mass_mg": 412.0, "followup_mass_mg": 297.0,
     "change_mg": -115.0, "change_percent": -27.9, "limit_mg": 31.0, "significant": True, "beyond_25_percent": True, "note": ""},
    {"event": "stable", "baseline_ids": [2], "followup_ids": [2], "baseline_mass_mg": 50.0, "followup_mass_mg": 51.0,
     "change_mg": 1.0, "change_percent": 2.0, "limit_mg": 9.0, "significant": False, "beyond_25_percent": False, "note": ""},
    {"event": "new", "baseline_ids": [], "followup_ids": [3], "baseline_mass_mg": 0.0, "followup_mass_mg": 33.0,
     "change_mg": 33.0, "change_percent": None, "limit_mg": 12.0, "significant": True, "beyond_25_percent": None, "note": ""},
    {"event": "not_evaluable", "baseline_ids": [3], "followup_ids": [], "baseline_mass_mg": 33.0, "followup_mass_mg": 0.0,
     "change_mg": None, "change_percent": None, "limit_mg": None, "significant": None, "beyond_25_percent": None,
     "note": "its place is not wholly in view in the follow-up scan"},
)  # fmt: skip
BURDEN = {
    "baseline_mg": 462.0, "followup_mg": 381.0, "change_mg": -81.0, "change_percent": -17.5, "limit_mg": 48.0, "significant": True,
    "baseline_litres": 1.5, "followup_litres": 1.7, "baseline_mg_per_litre": 308.0, "followup_mg_per_litre": 224.1,
}  # fmt: skip


def compared_scan(by: Actor, patient: UUID, earlier: UUID, later: UUID, **said: Any) -> UUID:
    """Two measured scans held against each other, with the files of the map; the comparison's key."""
    folder = files.comparison_folder(patient, later)
    (folder / files.MAP).mkdir(parents=True)
    marks = [{"track_id": n, "event": one["event"], "x": 0.2 * n, "y": 0.2 * n} for n, one in enumerate(FAMILIES, 1)]
    plane = {
        "name": "coronal",
        "letters": ["R", "L", "H", "F"],
        "width": 60,
        "height": 120,
        "pixel_mm": 2.0,
        "marks": marks,
    }
    (folder / files.MAP / files.MAP_DOCUMENT).write_text(json.dumps({"planes": [plane]}))
    for panel in files.PANELS:
        Image.new("RGB", (60, 120), "black").save(folder / files.MAP / f"coronal_{panel}.png")
    Image.new("RGB", (60, 120), "black").save(folder / files.DIFFERENCE)
    (folder / files.REPORT).write_bytes(b"%PDF made up")
    whole = {"outcome": "compared", "burden": BURDEN, "families": list(FAMILIES), "limit": {"widened_by": []}} | said
    return record_comparison(by=by, patient=patient, said={**whole, "measurement": str(later), "earlier": str(earlier)})


def compared_first(by: Actor, patient: UUID, first: UUID, later: UUID, **said: Any) -> UUID:
    """The newest of three scans held against the first, without files."""
    whole = {"outcome": "compared", "burden": BURDEN, "families": list(FAMILIES), "reach": "first"} | said
    return record_comparison(by=by, patient=patient, said={**whole, "measurement": str(later), "earlier": str(first)})
