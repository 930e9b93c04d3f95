"""What truth.json says: every deposit with its exact mass and volume, and the scan that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calciscope.phantom.deposits.change import Event
from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.phantom.lattice import uid
from calciscope.phantom.render import Brightened
from calciscope.phantom.scanner import FWHM_MM
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid

SCHEMA_VERSION = 1


def truth_of(
    spec: PhantomSpec, grid: Grid, deposits: list[Brightened], others: list[dict[str, object]]
) -> dict[str, object]:
    """Return the whole truth as plain JSON values; ids count deposits by falling mass of mineral."""
    ranked = sorted(deposits, key=lambda item: _rank(item.deposit))
    rows = [_row(number + 1, item) for number, item in enumerate(ranked)]
    counted = [item for item in ranked if item.deposit.recipe.kind == Kind.CALCINOSIS and item.deposit.in_view]
    return {
        "schema_version": SCHEMA_VERSION,
        "about": "Digital phantom: shapes and mineral are exact by construction; no patient was scanned.",
        "seed": spec.seed,
        "settings": spec.settings(),
        "series_uid": uid(spec, "series"),
        "frame_uid": grid.frame_uid,
        "body": {"scale": spec.body_scale, "psf_fwhm_mm": FWHM_MM[spec.kernel]},
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
        "others": others,
    }


def _sum(values: Iterable[float]) -> float:
    return round(float(sum(values)), 6)


def _row(number: int, item: Brightened) -> dict[str, object]:
    deposit = item.deposit
    low, high = deposit.solid.bounds_mm
    return {
        "id": number,
        "identity": deposit.recipe.identity,
        "kind": deposit.recipe.kind.value,
        "layer": deposit.layer.value,
        "layer_also": [layer.value for layer in deposit.layer_also],
        "shape": deposit.recipe.shape.value,
        "region": deposit.region.value,
        "side": deposit.side.value,
        "volume_ml": round(deposit.volume_ml, 7),
        "volume_method": deposit.solid.method,
        "mass_mg": round(deposit.mass_mg, 5),
        "concentration_mg_ml": round(deposit.recipe.concentration_mg_ml, 5),
        "matrix_hu": deposit.recipe.matrix_hu,
        "hu_per_mg_ml": round(item.hu_per_mg_ml, 6),
        "excess_hu_ml": round(item.excess_hu_ml, 5),
        "background_hu": round(item.background_hu_ml / deposit.volume_ml, 3),
        "centre_lps_mm": [round(float(value), 4) for value in deposit.solid.centre_mm],
        "bounds_lps_mm": [[round(float(value), 4) for value in corner] for corner in (low, high)],
        "skin_depth_mm": round(deposit.skin_depth_mm, 3),
        "bone_gap_mm": round(deposit.bone_gap_mm, 3) if deposit.bone_gap_mm < 500 else None,
        "smallest_thickness_mm": round(deposit.solid.feature_mm, 4),
        "in_view": deposit.in_view,
        "note": deposit.recipe.note,
    }


def _rank(deposit: PlannedDeposit) -> tuple[float, str]:
    return -deposit.mass_mg, deposit.recipe.identity


def matching(
    events: Sequence[Event], after: Sequence[Brightened], before: Sequence[PlannedDeposit]
) -> list[dict[str, object]]:
    """Who became whom: ids count as in the truth of each scan, masses in mg."""
    now = {
        item.recipe.identity: (n + 1, item.mass_mg) for n, item in enumerate(_ranked(item.deposit for item in after))
    }
    then = {item.recipe.identity: (n + 1, item.mass_mg) for n, item in enumerate(_ranked(before))}
    return [
        {
            "event": event.event,
            "identities": sorted({*event.before, *event.after}),
            "baseline_ids": [then[name][0] for name in event.before],
            "followup_ids": [now[name][0] for name in event.after],
            "baseline_mass_mg": round(sum(then[name][1] for name in event.before), 5),
            "followup_mass_mg": round(sum(now[name][1] for name in event.after), 5),
        }
        for event in events
    ]


def _ranked(deposits: Iterable[PlannedDeposit]) -> list[PlannedDeposit]:
    return sorted(deposits, key=_rank)
