"""How much mass moves with kernel, slice thickness and noise, beside the Agatston score of the same scans."""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.phantom_reading import Read, cached, number
from benchmarks.phantom_sets import NOISE_HU, leg, seeds, texture
from benchmarks.report import Cell, Goal, Options, Report, Table
from calciscope.phantom.spec import Kernel
from calciscope.terms.deposits import Kind

LARGE_ML = 0.1
LIMIT = 0.05
CHANGES: dict[str, dict[str, object]] = {
    "kernel soft -> sharp": {"kernel": Kernel.SHARP},
    "slice 1 -> 3 mm": {"slice_mm": 3.0, "slices": 54},
    "noise x 2": {"noise_hu": 2 * NOISE_HU},
}
COLUMNS = (
    "change", "n", "mass abs. change median %", "mass median %", "90 % within %", "130 HU volume abs. change median %",
    "Agatston abs. change median %",
)  # fmt: skip


def by_identity(reads: tuple[Read, ...]) -> dict[str, Read]:
    """True calcinosis that was found, large enough, by its name."""
    return {
        str(item.truth["identity"]): item
        for item in reads
        if item.truth["kind"] == Kind.CALCINOSIS.value
        and item.match.found
        and number(item.truth["volume_ml"]) >= LARGE_ML
    }


def changes(before: dict[str, Read], after: dict[str, Read], name: str) -> list[float]:
    """Relative change of one quantity over deposits found in both."""
    made = []
    for identity in sorted(before.keys() & after.keys()):
        first, second = before[identity].match.total(name), after[identity].match.total(name)
        if first and second is not None:
            made.append(second / first - 1)
    return made


def middle(values: list[float], *, absolute: bool = True) -> float | None:
    """Median in per cent."""
    return round(100 * float(np.median(np.abs(values) if absolute else values)), 1) if values else None


def run(options: Options) -> Report:
    """The same leg, scanned differently."""
    chosen = seeds(options.quick, options.repeats)
    rows: list[tuple[Cell, ...]] = []
    goals = []
    for what, change in CHANGES.items():
        mass: list[float] = []
        volume: list[float] = []
        agatston: list[float] = []
        for seed in chosen:
            before = by_identity(cached(leg("lobulated", seed)).reads)
            after = by_identity(cached(leg("lobulated", seed, **change)).reads)
            mass += changes(before, after, "mass_mg")
            volume += changes(before, after, "volume_130hu_ml")
            agatston += changes(before, after, "agatston")
            print(f"  {what} {seed}", file=sys.stderr, flush=True)
        wide = round(100 * float(np.percentile(np.abs(mass), 90)), 1) if mass else None
        rows.append(
            (what, len(mass), middle(mass), middle(mass, absolute=False), wide, middle(volume), middle(agatston))
        )
        ours = middle(mass)
        goals.append(
            Goal(
                what=f"{what}: median change of mass, >= {LARGE_ML} ml",
                unit="%",
                ours=ours,
                peer=middle(agatston),
                target="<= 5",
                met=None if ours is None else ours <= 100 * LIMIT,
            )
        )
    return Report(
        id="robustness",
        title="The same leg scanned differently",
        conditions=(
            f"product phantom of one leg, lobulated nodules 3-20 mm, seeds {chosen}; {texture()}",
            "change of each deposit found in both scans; no threshold is set by the user, so there is none to vary; "
            "beside it the Agatston score and the 130 HU volume of the same scans",
        ),
        goals=tuple(goals),
        tables=(Table(caption="By change", columns=COLUMNS, rows=tuple(rows)),),
    )
