"""measurement.json: everything a reader, a script or a replay needs; no path, no patient identity, no clock time."""

from __future__ import annotations

import json
from dataclasses import fields

from calciscope.share.deposit_rows import row
from calciscope.share.rounding import rounded
from calciscope.share.software import software
from calciscope.terms.checks import Check
from calciscope.terms.geometry import Grid
from calciscope.terms.measurement import Burden, Coverage, Measurement, Recipe
from calciscope.terms.series import Series

SCHEMA = "calciscope.measurement"
SCHEMA_VERSION = 1
LINES_TO_DEPTH = 3
RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."


def measurement_json(measurement: Measurement) -> str:
    """The document as text; the same measurement gives the same bytes."""
    return _text(document(measurement), depth=0) + "\n"


def _text(value: object, *, depth: int) -> str:
    """JSON with one line an entry down to ``LINES_TO_DEPTH``: readable, and small with 600 slices."""
    if depth == LINES_TO_DEPTH or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    if isinstance(value, list):
        lines, opening, closing = [_text(item, depth=LINES_TO_DEPTH) for item in value], "[", "]"
    else:
        lines = [f"{json.dumps(name)}: {_text(item, depth=depth + 1)}" for name, item in value.items()]
        opening, closing = "{", "}"
    inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
    return opening + inner + f",{inner}".join(lines) + outer + closing


def document(measurement: Measurement) -> dict[str, object]:
    """The document as plain values."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "research_use": RESEARCH_USE,
        "software": software(),
        "recipe": _recipe(measurement.recipe),
        "series": _series(measurement.series),
        "checks": [_check(check) for check in measurement.checks],
        "coverage": [_coverage(part) for part in measurement.coverage],
        "burden": _burden(measurement.burden),
        "deposits": [row(deposit) for deposit in measurement.deposits],
        "grid": _grid(measurement.series.volume.grid),
    }


def _recipe(recipe: Recipe) -> dict[str, object]:
    calibration, matrix = recipe.calibration, recipe.matrix
    return {
        "calibration": {
            "hu_per_mg_ml": rounded(calibration.hu_per_mg_ml),
            "relative_sd": rounded(calibration.relative_sd),
            "source": calibration.source,
            "kvp": rounded(calibration.kvp),
            "kvp_assumed": bool(calibration.kvp_assumed),
            "water_equivalent_cm": rounded(calibration.water_equivalent_cm),
        },
        "matrix": {
            "name": "background" if matrix.hu is None else "fixed",
            "hu": rounded(matrix.hu),
            "sd_hu": rounded(matrix.sd_hu),
        },
        "settings": {name: plain(value) for name, value in sorted(recipe.settings.items())},
    }


def plain(value: object) -> object:
    """A setting as JSON holds it: numbers, words, and lists and tables of them."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    if hasattr(value, "tolist"):  # numpy
        return plain(value.tolist())
    if isinstance(value, int):
        return int(value)
    return rounded(value) if isinstance(value, float) else str(value)


def _series(series: Series) -> dict[str, object]:
    source, acquired, volume = series.source, series.acquisition, series.volume
    slice_mm, row_mm, column_mm = (rounded(spacing) for spacing in volume.grid.spacing_mm)
    return {
        "kind": source.kind,
        "study_uid": source.study_uid,
        "series_uid": source.series_uid,
        "sop_class_uid": source.sop_class_uid,
        "frame_uid": source.frame_uid,
        "instances": [
            {"sop_instance_uid": one.sop_uid, "position_mm": [rounded(at) for at in one.position_mm]}
            for one in source.instances
        ],
        "patient_key": source.patient_key,
        "date": None if acquired.scan_date is None else acquired.scan_date.isoformat(),
        "kvp": rounded(acquired.kvp),
        "kernel": acquired.kernel,
        "exposure_mas": rounded(acquired.exposure_mas),
        "contrast_agent": acquired.contrast_agent,
        "slice_thickness_mm": rounded(acquired.slice_thickness_mm),
        "spacing_mm": {"slice": slice_mm, "row": row_mm, "column": column_mm},
        "gantry_tilt_deg": rounded(acquired.gantry_tilt_deg),
        "patient_position": acquired.patient_position,
        "body_part": acquired.body_part,
        "laterality": acquired.laterality,
        "patient_age_years": rounded(acquired.patient_age_years),
        "manufacturer": acquired.manufacturer,
        "model": acquired.model,
        "lossy": acquired.lossy,
        "dose": {"ctdi_vol_mgy": rounded(acquired.ctdi_vol_mgy), "dlp_mgy_cm": rounded(acquired.dlp_mgy_cm)},
        "ceiling_hu": rounded(volume.ceiling_hu),
        "pixel_sha256": source.pixel_sha256,
        "chosen_because": source.chosen_because,
        "left_out": [{"what": one.what, "why": one.why, "count": one.count} for one in source.left_out],
        "slices_filled": [int(index) for index in source.slices_filled],
    }


def _check(check: Check) -> dict[str, object]:
    return {
        "id": check.id,
        "passed": bool(check.passed),
        "message": check.message,
        "voids": [str(quantity) for quantity in check.voids],
    }


def _coverage(part: Coverage) -> dict[str, object]:
    return {
        "region": str(part.region),
        "side": str(part.side),
        "evaluable": bool(part.evaluable),
        "why_not": part.why_not,
    }


def _burden(burden: Burden) -> dict[str, object]:
    values = {name.name: getattr(burden, name.name) for name in fields(burden)}
    return {name: int(value) if name == "deposits" else rounded(value) for name, value in values.items()}


def _grid(grid: Grid) -> dict[str, object]:
    return {
        "shape": {"slices": grid.shape[0], "rows": grid.shape[1], "columns": grid.shape[2]},
        "affine": [[float(value) + 0.0 for value in line] for line in grid.affine],
        "affine_maps": "(column, row, slice, 1) to DICOM patient coordinates (LPS), mm",
        "frame_uid": grid.frame_uid,
    }
