"""Scans the same phantom patients again and again, measures and tracks them, and keeps every difference.

    python -m benchmarks.repeat_scans fit        the scans that the limits are fitted on
    python -m benchmarks.repeat_scans check      other patients, with 40 deposits, on which the limits are tried
    python -m benchmarks.repeat_scans settings   a setting changes between the two scans: kernel, tube voltage, slices

Rows go to benchmarks/results/repeat_scans_NAME.csv. Nothing changes in the patients: every difference is error.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.track_scans import another_visit, first_visit, jittered, measured, seen
from calciscope.measure.track.nets import family_of_nets
from calciscope.measure.track.run import track
from calciscope.phantom.spec import Body, Kernel, PhantomSpec
from calciscope.terms.tracking import TimePoint, Tracking

RESULTS = Path(__file__).parent / "results"
COLUMNS = (
    "set", "patient", "slice_mm", "scan_a", "scan_b", "noise_a_hu", "noise_b_hu", "change", "net", "then_mg", "now_mg",
    "limit_mg", "event",
)  # fmt: skip
THICKNESSES_MM = (1.0, 2.0, 3.0, 5.0)
DOSES_HU = (15.0, 15.0, 47.0)  # noise at full dose, twice, and at a tenth of it
HEAVY_MM = 14.0  # nodules of 400 to 1,200 mg, which the other patients hardly have
SMALL = {"slices": 140, "rows": 224, "columns": 224}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One patient's scans without change: what each visit's scanner did differently."""

    patient: str
    spec: PhantomSpec
    visits: tuple[dict[str, object], ...] = field(default_factory=tuple)


def fit_series() -> Iterator[Series]:
    """Five patients for each slice thickness: legs of adults and of a child, an arm, all sorts of deposits, heavy ones in the last."""
    for thickness in THICKNESSES_MM:
        for n, (kind, juvenile, preset, seed) in enumerate(
            (
                (Body.LEG, False, "mixed", 101),
                (Body.LEG, True, "mixed", 102),
                (Body.ARM, False, "mixed", 103),
                (Body.LEG, False, "lobulated", 104),
            )
        ):
            spec = _spec(kind, seed, preset, thickness, juvenile=juvenile, count=36)
            yield Series(patient=f"fit-{n + 1}", spec=spec, visits=tuple({"noise_hu": noise} for noise in DOSES_HU))
        heavy = replace(_spec(Body.LEG, 105, "nodules", thickness, count=16), diameter_mm=HEAVY_MM)
        yield Series(patient="fit-5", spec=heavy, visits=tuple({"noise_hu": noise} for noise in DOSES_HU))


def check_series() -> Iterator[Series]:
    """Patients with about 40 deposits that no limit and no rule was fitted on, scanned twice: six legs, six arms, four trunks."""
    for seed in range(733, 749):
        kind = (Body.LEG, Body.ARM, Body.LEG, Body.TRUNK, Body.ARM)[seed % 5]
        preset = ("mixed", "nodules", "crowded", "lobulated")[seed % 4]
        thickness = 2.0 if kind is Body.TRUNK else (1.0, 1.0, 3.0)[seed % 3]
        noise = (12.0, 20.0, 30.0)[seed % 3]
        spec = _spec(kind, seed, preset, thickness, juvenile=seed % 2 == 0 and kind is not Body.TRUNK, count=44)
        yield Series(patient=f"check-{seed}", spec=spec, visits=({"noise_hu": noise}, {"noise_hu": noise}))


def settings_series() -> Iterator[Series]:
    """A setting changes between the scans."""
    spec = _spec(Body.LEG, 401, "mixed", 1.0, count=36)
    changes: tuple[dict[str, object], ...] = ({"kernel": Kernel.SHARP}, {"kvp": 100.0}, {"slice_mm": 3.0})
    for change in changes:
        yield Series(patient="settings-401", spec=spec, visits=({}, change))


SETS = {"fit": fit_series, "check": check_series, "settings": settings_series}


def _spec(
    kind: Body, seed: int, preset: str, thickness_mm: float, *, juvenile: bool = False, count: int = 0
) -> PhantomSpec:
    slices = round(SMALL["slices"] / thickness_mm)
    rows = {Body.ARM: 160, Body.TRUNK: 512}.get(kind, SMALL["rows"])
    return PhantomSpec(
        kind=kind, seed=seed, deposits=preset, vascular=False, slice_mm=thickness_mm, slices=slices, rows=rows, columns=rows,
        juvenile=juvenile, count=count,
    )  # fmt: skip


def scans_of(series: Series) -> Iterator[tuple[PhantomSpec, TimePoint]]:
    """Every visit, measured; each in its own pose."""
    first = first_visit(series.spec)
    for n, changes in enumerate(series.visits):
        spec = replace(series.spec, **changes)  # type: ignore[arg-type]
        if spec.slice_mm != series.spec.slice_mm:
            spec = replace(spec, slices=round(series.spec.slices * series.spec.slice_mm / spec.slice_mm))
        same = n == 0
        visit = first if same else another_visit(spec, first, jittered(series.spec.seed * 10 + n))
        yield spec, measured(seen(spec, visit, noise_seed=series.spec.seed * 100 + n))


def rows_of(name: str, series: Series) -> Iterator[dict[str, object]]:
    """One row for each family of each pair of scans; what is not evaluable gives none."""
    scans = list(scans_of(series))
    for b in range(1, len(scans)):
        for a in range(b):
            (spec_a, scan_a), (spec_b, scan_b) = scans[a], scans[b]
            found = track([scan_a, scan_b])
            yield from _pair_rows(name, series, (a, b), (spec_a, spec_b), (scan_a, scan_b), found)


def _pair_rows(
    name: str,
    series: Series,
    pair: tuple[int, int],
    specs: tuple[PhantomSpec, PhantomSpec],
    scans: tuple[TimePoint, TimePoint],
    found: Tracking,
) -> Iterator[dict[str, object]]:
    comparison = found.comparisons[0]
    for family in comparison.families:
        if family.limit_mg is None:
            continue
        yield {
            "set": name,
            "patient": series.patient,
            "slice_mm": max(spec.slice_mm for spec in specs),
            "scan_a": pair[0] + 1,
            "scan_b": pair[1] + 1,
            "noise_a_hu": specs[0].noise_hu,
            "noise_b_hu": specs[1].noise_hu,
            "change": "; ".join(comparison.widened_by),
            "net": "yes" if family_of_nets(*scans, family) else "no",
            "then_mg": round(family.baseline_mass_mg or 0.0, 3),
            "now_mg": round(family.followup_mass_mg or 0.0, 3),
            "limit_mg": round(family.limit_mg, 3),
            "event": family.event.value,
        }


def main(names: list[str]) -> None:
    for name in names or list(SETS):
        path = RESULTS / f"repeat_scans_{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for series in SETS[name]():
                found = list(rows_of(name, series))
                writer.writerows(found)
                file.flush()
                print(f"{name} {series.patient} {series.spec.slice_mm:g} mm: {len(found)} differences", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
