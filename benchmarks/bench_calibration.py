"""Mass with the default calibration from 70 to 140 kV and from limb to trunk, beside one fixed factor."""

from __future__ import annotations

import numpy as np

from benchmarks.polyenergetic.beam import Beam
from benchmarks.polyenergetic.cases import Bias, Case, mass_weighted, oracle_biases
from benchmarks.polyenergetic.scenes import KINDS, PLANAR_DEPOSITS
from benchmarks.polyenergetic.table import SPREAD
from benchmarks.report import Goal, Options, Report, Table

TARGET = 0.08
KVP = (70.0, 80.0, 100.0, 120.0, 140.0)
QUICK = (("limb 12 cm", 80.0), ("two limbs 14 cm", 120.0), ("trunk 36 cm", 140.0))
SIZE = {True: 192, False: 256}


def nominal_cases(options: Options) -> list[Case]:
    """Every kind of body at every tube voltage with the beam that the table is made for."""
    pairs = QUICK if options.quick else tuple((kind, kvp) for kvp in KVP for kind in KINDS)
    return [Case(kind=kind, beam=Beam(kvp=kvp), seed=options.seed + index) for index, (kind, kvp) in enumerate(pairs)]


def other_beams(options: Options) -> list[Case]:
    """Softer and harder beams than the table's, as scanners have them: the share that the interval must carry."""
    kinds = ("limb 12 cm",) if options.quick else ("limb 12 cm", "trunk 30 cm")
    filters = [SPREAD[0], SPREAD[-1]] if options.quick else list(SPREAD)
    return [Case(kind=kind, beam=Beam(kvp=120.0, **part), seed=options.seed) for kind in kinds for part in filters]


def rows_of(cases: list[Case], groups: list[list[Bias]]) -> tuple[tuple[str | float, ...], ...]:
    """Bias of the total mass of each scan, per cent."""
    return tuple(
        (case.label, len(group), group[0].calibration.hu_per_mg_ml, group[0].calibration.water_equivalent_cm or 0.0)
        + tuple(100 * mass_weighted(group, which) for which in ("local", "typical", "peer"))
        + (100 * float(np.std([bias.local for bias in group])),)
        for case, group in zip(cases, groups, strict=True)
    )


def run(options: Options) -> Report:
    """Scan, calibrate, compare."""
    size = SIZE[options.quick]
    cases, others = nominal_cases(options), other_beams(options)
    groups = [oracle_biases(case, size) for case in cases]
    spread = [oracle_biases(case, size) for case in others]
    total = {which: [mass_weighted(group, which) for group in groups] for which in ("local", "typical", "peer")}
    worst = {which: max(np.abs(values)) for which, values in total.items()}
    inside = [abs(mass_weighted(group, "local")) < 1.96 * group[0].calibration.relative_sd for group in spread]
    beams = tuple(
        (f"{case.kind}, {case.beam.filters}", 100 * mass_weighted(group, "local"), 100 * mass_weighted(group, "peer"))
        for case, group in zip(others, spread, strict=True)
    )
    columns = ("scan", "deposits", "HU per mg/ml", "water cm", "local %", "one factor %", "peer %", "SD of local %")
    return Report(
        id="calibration",
        title="Calibration: mass bias in a polyenergetic CT that shares no code with the product",
        conditions=(
            f"{len(cases)} slices with {PLANAR_DEPOSITS} rods of 150-1000 mg/ml and 3-15 mm in fat and muscle, seeds "
            f"from {options.seed}, one repeat, no noise, {size} x {size} pixels of a soft kernel",
            "background and volume are the simulation's own, so that calibration and matrix make all of the error",
            "local: factor at the deposit's place, as the product measures; one factor: the scan's typical one; "
            "peer: excess over the true background / 1.31 for every scan, no matrix term",
            "pooled over a slice's rods by mass",
        ),
        goals=(
            Goal(what="worst scan's mass bias", ours=100 * worst["local"], peer=100 * worst["peer"], unit="%",
                 target="within 8", met=bool(worst["local"] <= TARGET)),
            Goal(what="mean mass bias", ours=100 * float(np.mean(total["local"])), unit="%", target="within 8",
                 peer=100 * float(np.mean(total["peer"])), met=bool(abs(np.mean(total["local"])) <= TARGET)),
            Goal(what="scans with other beams inside the calibration's 95 % interval", unit="%",
                 ours=100 * float(np.mean(inside)), target="all", met=all(inside)),
        ),
        tables=(
            Table(caption="Bias of a scan's mass, the table's own beam", columns=columns, rows=rows_of(cases, groups)),
            Table(caption="Softer and harder beams at 120 kV", columns=("scan and filters", "ours %", "peer %"),
                  rows=beams),
        ),
    )  # fmt: skip
