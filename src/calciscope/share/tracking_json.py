"""tracking.json: what was compared, how well it was brought together, what became of every family of deposits."""

from __future__ import annotations

import json
from dataclasses import fields

from calciscope.share.change_rows import row
from calciscope.share.measurement_json import RESEARCH_USE, plain
from calciscope.share.rounding import rounded
from calciscope.share.software import software
from calciscope.terms.tracking import BurdenChange, Comparison, SegmentFit, TimePoint, Tracking

SCHEMA = "calciscope.tracking"
SCHEMA_VERSION = 1


def tracking_json(tracking: Tracking) -> str:
    """The document as text; the same scans give the same bytes."""
    return json.dumps(document(tracking), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def document(tracking: Tracking) -> dict[str, object]:
    """The document as plain values."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "research_use": RESEARCH_USE,
        "software": software(),
        "recipe": {"settings": {name: plain(value) for name, value in sorted(tracking.settings.items())}},
        "scans": [_scan(scan) for scan in tracking.scans],
        "warnings": list(tracking.warnings),
        "comparisons": [_comparison(one) for one in tracking.comparisons],
    }


def _scan(scan: TimePoint) -> dict[str, object]:
    facts = scan.facts
    return {
        "date": None if facts.scan_date is None else facts.scan_date.isoformat(),
        "series_uid": facts.series_uid,
        "frame_uid": facts.frame_uid,
        "pixel_sha256": facts.pixel_sha256,
        "patient_key": facts.patient_key,
        "kvp": rounded(facts.kvp),
        "kernel": facts.kernel,
        "slice_thickness_mm": rounded(facts.slice_thickness_mm),
        "contrast_agent": facts.contrast_agent,
        "matrix_hu": rounded(scan.matrix.hu),
        "hu_per_mg_ml": rounded(scan.calibration.hu_per_mg_ml),
        "burden": {"mass_mg": rounded(scan.burden.mass_mg), "deposits": scan.burden.deposits},
        "failed_checks": list(facts.failed_checks),
    }


def _comparison(one: Comparison) -> dict[str, object]:
    return {
        "baseline": 0,
        "followup": one.followup,
        "warnings": list(one.warnings),
        "limit": {"slice_class": one.thickness_class, "confidence": 0.95, "widened_by": list(one.widened_by)},
        "segments": [_segment(segment) for segment in one.segments],
        "burden": _burden(one.burden),
        "families": [row(family, one.followup) for family in one.families],
    }


def _segment(segment: SegmentFit) -> dict[str, object]:
    return {
        "name": segment.name,
        "region": segment.region.value,
        "side": segment.side.value,
        "centre_mm": [rounded(value) for value in segment.centre_mm],
        "to_followup": [[rounded(float(value)) for value in line] for line in segment.to_followup],
        "scale": rounded(segment.scale),
        "residual_mm": rounded(segment.residual_mm),
        "along_sd_mm": rounded(segment.along_sd_mm),
        "shared": rounded(segment.shared),
        "parted_mm": None if segment.parted_mm is None else rounded(segment.parted_mm),
        "evaluable": segment.evaluable,
        "why_not": segment.why_not,
    }


def _burden(burden: BurdenChange) -> dict[str, object]:
    values = {one.name: getattr(burden, one.name) for one in fields(burden)}
    return {
        name: value if value is None or isinstance(value, bool) else rounded(value) for name, value in values.items()
    }
