"""Published numbers: what small fixed phantoms measure, kept in a JSON file each, with a fingerprint of the numbers."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from calciscope.measure.run import measure
from calciscope.phantom.make import make_phantom
from calciscope.phantom.spec import Body, PhantomSpec
from calciscope.terms.measurement import Measurement, Settings

FOLDER = Path(__file__).parent

PHANTOMS = {
    "knee_adult_1mm": PhantomSpec(kind=Body.LEG, seed=11, slices=56, rows=192, columns=192, slice_mm=1.0),
    "knee_child_3mm_100kv": PhantomSpec(
        kind=Body.LEG, seed=12, slices=20, rows=160, columns=160, slice_mm=3.0, kvp=100.0, juvenile=True
    ),
}


def numbers(name: str) -> dict[str, object]:
    """Make the phantom ``name``, measure it as a user would, and say what came out beside what is in it."""
    phantom = make_phantom(PHANTOMS[name])
    return {"truth": phantom.truth["burden"], "measured": _measured(measure(phantom.series, Settings()))}


def _measured(result: Measurement) -> dict[str, object]:
    burden = result.burden
    kinds: dict[str, int] = {}
    for deposit in result.deposits:
        kinds[deposit.kind.value] = kinds.get(deposit.kind.value, 0) + 1
    return {
        "mass_mg": _significant(burden.mass_mg),
        "mass_lower_mg": _significant(burden.mass_lower_mg),
        "mass_upper_mg": _significant(burden.mass_upper_mg),
        "volume_ml": _significant(burden.volume_ml),
        "agatston": _significant(burden.agatston),
        "hu_per_mg_ml": _significant(result.recipe.calibration.hu_per_mg_ml),
        "candidates": dict(sorted(kinds.items())),
        "deposits": [_deposit(deposit) for deposit in result.deposits if deposit.kind == "calcinosis"][:LARGEST],
    }


LARGEST = 12  # deposits written out; the burden holds the rest


def _deposit(deposit: object) -> dict[str, object]:
    named = ("mass_mg", "volume_ml", "volume_130hu_ml", "agatston", "longest_diameter_mm", "skin_depth_mm")
    words = ("layer", "shape", "region", "side")
    told = {name: _significant(getattr(deposit, name)) for name in named}
    return told | {name: getattr(deposit, name).value for name in words}


def _significant(value: float | None) -> float | None:
    """Five significant digits: finer differences are those of processors, not of methods."""
    return None if value is None else float(f"{value:.5g}")


def text_of(name: str, found: dict[str, object]) -> str:
    """The file's text."""
    return json.dumps({"phantom": PHANTOMS[name].settings(), **found}, indent=1, default=str) + "\n"


def fingerprint(text: str) -> str:
    """Eight hex digits that stand for the numbers of a file."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
