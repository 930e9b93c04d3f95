"""Sheets, laces, lines, clusters, crowded fields, deposits on bone and dense ones, in the product's phantoms."""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.phantom_reading import Read, cached, number
from benchmarks.phantom_sets import leg, seeds, texture
from benchmarks.report import Cell, Goal, Options, Report, Table, percentile_text
from calciscope.terms.deposits import Kind

SPREAD = ("sheets", "plaques", "lines", "laces", "clusters", "crowded")
BONE = ("on-bone", "near-bone")
DENSE_KVP = 80.0
WHOLE, ON_BONE = 0.10, 0.20
COLUMNS = (
    "preset", "n", "found %", "excess as a whole %", "mass as a whole %", "excess abs. error median %", "90 % within %",
    "within 10 % (share)", "volume as a whole %", "130 HU volume as a whole %", "not in truth",
)  # fmt: skip


def whole(reads: list[Read], name: str, true: str | None = None) -> float | None:
    """Error of the sum over a preset's deposits, missed ones counted as nothing."""
    read = sum(item.match.total(name) or 0.0 for item in reads)
    total = sum(number(item.truth[true or name]) for item in reads)
    return read / total - 1 if total else None


def percent(value: float | None) -> float | None:
    """As per cent, one decimal."""
    return None if value is None else round(100 * value, 1)


def share(hits: list[bool]) -> float | None:
    """Fraction true."""
    return float(np.mean(hits)) if hits else None


def row(preset: str, reads: list[Read], extra: int) -> tuple[Cell, ...]:
    """One preset, pooled over seeds."""
    errors = [abs(e) for e in (item.error("excess_hu_ml") for item in reads) if e is not None]
    return (
        preset,
        len(reads),
        percent(share([item.match.found for item in reads])),
        percent(whole(reads, "excess_hu_ml")),
        percent(whole(reads, "mass_mg")),
        percent(percentile_text(errors, 50)),
        percent(percentile_text(errors, 90)),
        percent(share([e <= WHOLE for e in errors])),
        percent(whole(reads, "volume_ml")),
        percent(whole(reads, "volume_130hu_ml", "volume_ml")),
        extra,
    )


def gathered(preset: str, chosen: tuple[int, ...], **changes: object) -> tuple[list[Read], list[object]]:
    """True calcinosis of a preset over seeds, and what was found beside it."""
    reads: list[Read] = []
    extra: list[object] = []
    for seed in chosen:
        reading = cached(leg(preset, seed, **changes))
        reads += [item for item in reading.reads if item.truth["kind"] == Kind.CALCINOSIS.value]
        extra += reading.extra
        print(f"  {preset} {seed}: {len(reading.reads)} deposits", file=sys.stderr, flush=True)
    return reads, extra


def spread_goal(preset: str, reads: list[Read]) -> Goal:
    """Within 10 % as a whole."""
    off = whole(reads, "excess_hu_ml")
    return Goal(
        what=f"{preset}: excess as a whole",
        unit="%",
        ours=percent(off),
        target="within 10",
        met=None if off is None else abs(off) <= WHOLE,
        peer=None,
    )


def bone_goals(reads: list[Read], extra: list[object]) -> list[Goal]:
    """Found, within 20 %, no bone counted."""
    found = share([item.match.found for item in reads])
    errors = [abs(e) for e in (item.error("excess_hu_ml") for item in reads) if e is not None]
    worst = percentile_text(errors, 90)
    return [
        Goal(what="on bone: found", unit="%", ours=percent(found), target="100", met=found == 1.0, peer="merged"),
        Goal(
            what="on bone: excess error, 90 % within",
            unit="%",
            ours=percent(worst),
            target="within 20",
            met=None if worst is None else worst <= ON_BONE,
        ),
        Goal(what="on bone: bone counted as deposit", ours=len(extra), target="0", met=not extra),
    ]


def dense_goals(reads: list[Read]) -> list[Goal]:
    """Dense mineral at 80 kV is calcinosis; where clipped, what was read is a lower bound."""
    found = share([item.match.found for item in reads])
    below = [(item.error("mass_mg") or 0.0) <= 0.15 for item in reads if item.match.found]
    return [
        Goal(
            what="2,500 mg/ml at 80 kV: found as calcinosis",
            unit="%",
            ours=percent(found),
            target="100",
            met=found == 1.0,
            peer="called metal",
        ),
        Goal(
            what="2,500 mg/ml at 80 kV: mass no more than 15 % above the truth (clipped: a lower bound)",
            unit="%",
            ours=percent(share(below)),
            target="100",
            met=bool(below) and all(below),
        ),
    ]


def run(options: Options) -> Report:
    """Each preset over the seeds."""
    chosen = seeds(options.quick, options.repeats)
    rows, goals = [], []
    for preset in SPREAD if not options.quick else SPREAD[:1] + SPREAD[3:5]:
        reads, extra = gathered(preset, chosen)
        rows.append(row(preset, reads, len(extra)))
        goals.append(spread_goal(preset, reads))
    for preset in BONE if not options.quick else BONE[:1]:
        reads, extra = gathered(preset, chosen)
        rows.append(row(preset, reads, len(extra)))
        goals += bone_goals(reads, extra) if preset == "on-bone" else []
    reads, extra = gathered("dense", chosen[:2], kvp=DENSE_KVP)
    rows.append(row(f"dense, {DENSE_KVP:.0f} kV", reads, len(extra)))
    goals += dense_goals(reads)
    return Report(
        id="shapes",
        title="Spread deposits, deposits on bone, dense deposits",
        conditions=(
            f"product phantom of one leg, seeds {chosen}, 1 mm slices, {texture()}",
            "as a whole: sum over the preset's deposits and seeds against the sum of the truth, missed ones as nothing; "
            "the 130 HU volume in the same run is the peer's",
        ),
        goals=tuple(goals),
        tables=(Table(caption="By preset", columns=COLUMNS, rows=tuple(rows)),),
    )
