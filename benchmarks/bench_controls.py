"""Real scans as they are: what is called calcinosis or uncertain, for review by eye."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.engine import load, measured
from benchmarks.pictures import crop_picture
from benchmarks.real_scans import limb_paths, trunk_paths
from benchmarks.report import Cell, Goal, Options, Report, Table
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.measurement import Measurement

LISTED_FROM_ML = 0.02
# Limbs in which a reading on screen found nothing isolated above 230 HU.
CLEAN_LIMBS = ("limb_010", "limb_015", "limb_016", "limb_023", "limb_024", "limb_033", "limb_039")
LIMB_LIMIT, TRUNK_LIMIT = 0.2, 2.0


def listed(measurement: Measurement) -> list[Deposit]:
    """Candidates a reader would be shown as deposits or doubtful, large enough to count."""
    return [
        deposit
        for deposit in measurement.deposits
        if deposit.kind in (Kind.CALCINOSIS, Kind.UNCERTAIN) and (deposit.volume_ml or 0.0) >= LISTED_FROM_ML
    ]


def row(name: str, deposit: Deposit) -> tuple[Cell, ...]:
    """One deposit for the table."""
    place = f"{deposit.x_mm:.0f}, {deposit.y_mm:.0f}, {deposit.z_mm:.0f}"
    return (
        name, deposit.deposit_id, str(deposit.kind), round(deposit.confidence, 2), round(deposit.volume_ml or 0, 3),
        deposit.peak_hu, place, deposit.skin_depth_mm, str(deposit.layer), deposit.reason,
    )  # fmt: skip


COLUMNS = ("scan", "id", "kind", "confidence", "ml", "peak HU", "LPS mm", "skin mm", "layer", "reason")


def review(options: Options, name: str, measurement: Measurement) -> None:
    """Pictures of what was listed."""
    if options.crops is None:
        return
    volume = measurement.series.volume
    for deposit in listed(measurement):
        centre = volume.grid.to_index(np.array([deposit.x_mm, deposit.y_mm, deposit.z_mm]))
        title = f"{name} #{deposit.deposit_id} {deposit.kind} {deposit.volume_ml:.3f} ml: {deposit.reason}"
        own = measurement.labels == deposit.deposit_id
        path = options.crops / f"control_{name}_{deposit.deposit_id}.png"
        outlines = {"red": own, "cyan": (measurement.labels > 0) & ~own}
        crop_picture(path, volume.hu, volume.grid.spacing_mm, centre, title, outlines)


def read_all(options: Options, paths: list[Path]) -> dict[str, Measurement]:
    """Measure each scan; pictures as it goes."""
    found = {}
    for path in paths:
        name = path.name.split(".")[0]
        found[name] = measured(load(path))
        review(options, name, found[name])
        print(f"  measured {name}", file=sys.stderr, flush=True)
    return found


def run(options: Options) -> Report:
    """All limbs and trunk scans."""
    title = "Real scans as they are"
    if options.data is None:
        return Report(id="controls", title=title, conditions=("no folder of scans given",))
    limb = read_all(options, limb_paths(options.data, quick=False))
    trunk = {} if options.quick else read_all(options, trunk_paths(options.data))
    every = [(name, deposit) for name, m in {**limb, **trunk}.items() for deposit in listed(m)]
    clean = [deposit for name in CLEAN_LIMBS if name in limb for deposit in listed(limb[name])]
    counted = [deposit for deposit in clean if deposit.kind is Kind.CALCINOSIS]
    rate = len(counted) / max(1, len([name for name in CLEAN_LIMBS if name in limb]))
    kinds = sorted({str(d.kind) for m in (*limb.values(), *trunk.values()) for d in m.deposits})
    summary = tuple(
        (name, *(sum(str(d.kind) == kind for d in m.deposits) for kind in kinds), len(listed(m)))
        for name, m in {**limb, **trunk}.items()
    )
    return Report(
        id="controls",
        title=title,
        conditions=(
            f"{len(limb)} limb and {len(trunk)} trunk scans, each once; listed: calcinosis or uncertain >= 0.02 ml",
            "nobody expert labelled these scans: a listed deposit is false only after someone looked at it",
        ),
        goals=(
            Goal(
                what="calcinosis >= 0.02 ml a limb scan, in the seven read as clean",
                ours=round(rate, 2),
                target=f"<= {LIMB_LIMIT}",
                met=rate <= LIMB_LIMIT,
            ),
        ),
        tables=(
            Table(caption="Listed", columns=COLUMNS, rows=tuple(row(name, deposit) for name, deposit in every)),
            Table(caption="Candidates by kind", columns=("scan", *kinds, "listed"), rows=summary),
        ),
    )
