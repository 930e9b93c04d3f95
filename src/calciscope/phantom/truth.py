"""What truth.json says: every deposit with its exact mass and volume, and the scan that shows it."""

from __future__ import annotations

from calciscope.phantom.lattice import uid
from calciscope.phantom.render import Brightened
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid

SCHEMA_VERSION = 1


def truth_of(spec: PhantomSpec, grid: Grid, deposits: list[Brightened], body: dict[str, object]) -> dict[str, object]:
    """Return the whole truth as plain JSON values; ids count deposits by falling mass of mineral."""
    ranked = sorted(deposits, key=lambda item: (-item.deposit.mass_mg, item.deposit.identity))
    rows = [_row(number + 1, item) for number, item in enumerate(ranked)]
    counted = [item for item in ranked if item.deposit.kind == Kind.CALCINOSIS]
    return {
        "schema_version": SCHEMA_VERSION,
        "about": "Digital phantom: shapes and mineral are exact by construction; no patient was scanned.",
        "seed": spec.seed,
        "settings": spec.settings(),
        "series_uid": uid(spec, "series"),
        "frame_uid": grid.frame_uid,
        "body": body,
        "grid": {
            "shape": list(grid.shape),
            "spacing_mm": [round(value, 9) for value in grid.spacing_mm],
            "affine_lps_mm": [[float(value) for value in line] for line in grid.affine],
        },
        "burden": {
            "mass_mg": _sum(item.deposit.mass_mg for item in counted),
            "volume_ml": _sum(item.deposit.volume_ml for item in counted),
            "deposits": len(counted),
        },
        "deposits": rows,
    }


def _sum(values: object) -> float:
    return round(float(sum(values)), 6)  # type: ignore[call-overload]


def _row(number: int, item: Brightened) -> dict[str, object]:
    deposit = item.deposit
    low, high = deposit.solid.bounds_mm
    return {
        "id": number,
        "identity": deposit.identity,
        "kind": deposit.kind.value,
        "layer": deposit.layer.value,
        "shape": deposit.shape.value,
        "region": deposit.region.value,
        "side": deposit.side.value,
        "volume_ml": round(deposit.volume_ml, 7),
        "volume_method": deposit.solid.method,
        "mass_mg": round(deposit.mass_mg, 5),
        "concentration_mg_ml": round(deposit.concentration_mg_ml, 5),
        "matrix_hu": deposit.matrix_hu,
        "hu_per_mg_ml": round(item.hu_per_mg_ml, 6),
        "excess_hu_ml": round(item.excess_hu_ml, 5),
        "background_hu": round(item.background_hu_ml / deposit.volume_ml, 3),
        "centre_lps_mm": [round(float(value), 4) for value in deposit.solid.centre_mm],
        "bounds_lps_mm": [[round(float(value), 4) for value in corner] for corner in (low, high)],
        "skin_depth_mm": round(deposit.skin_depth_mm, 3),
        "smallest_thickness_mm": round(deposit.solid.feature_mm, 4),
        "note": deposit.note,
    }
