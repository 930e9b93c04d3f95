"""Balls of 3-12 mm, 200-1000 mg/ml, in fat and muscle, at sub-voxel offsets: excess, corrected volume, spread."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.engine import measured
from benchmarks.matched import at_ball
from benchmarks.report import Cell as Shown
from benchmarks.report import Goal, Options, Report, Table, percentile_text
from benchmarks.ring_peer import ring_reading
from benchmarks.sphere_scan import NOISE_TEXTURE_PX, Cell, Truth, sphere_scan
from calciscope.terms.series import Series

DIAMETERS_MM = (3.0, 5.0, 6.0, 8.0, 12.0)
CONCENTRATIONS_MG_ML = (200.0, 400.0, 800.0, 1000.0)
TISSUES = ("fat", "muscle")
COUNT, QUICK_COUNT = 42, 14
LARGE_ML = 0.1
MEAN_BIAS = 0.02
WIDE_EXCESS, WIDE_VOLUME = 0.06, 0.10
WCV = {5.0: 0.03, 8.0: 0.015}
QIBA_WCV = {5.0: 12.7, 8.0: 7.5}
THICK_MM = 3.0
THICK_BIAS, THICK_FOUND = 0.04, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One ball: what it is, and how it was read (relative errors; None when not found)."""

    cell: Cell
    truth: Truth
    found: bool
    seen: bool
    excess: float | None
    volume: float | None
    peer_excess: float | None
    peer_volume: float | None


def peer_of(series: Series, truth: Truth) -> tuple[float | None, float | None]:
    """The threshold peer's relative errors of excess and volume."""
    grid = series.volume.grid
    centre = grid.to_index(np.array(truth.at_lps_mm))
    reach = (truth.radius_mm + 1.0) / np.array(grid.spacing_mm)
    low = np.maximum(np.floor(centre - reach).astype(int), 0)
    high = np.minimum(np.ceil(centre + reach).astype(int) + 1, grid.shape)
    window = (slice(low[0], high[0]), slice(low[1], high[1]), slice(low[2], high[2]))
    support = np.ones(tuple(high - low), dtype=bool)
    read = ring_reading(series.volume.hu, window, support, np.zeros(grid.shape, dtype=bool), grid.voxel_volume_ml)
    return ratio(read.excess_hu_ml, truth.excess_hu_ml), ratio(read.volume_ml, truth.volume_ml)


def ratio(read: float | None, true: float) -> float | None:
    """Relative error."""
    return None if read is None else read / true - 1


def read_cell(cell: Cell, count: int, seed: int) -> list[Reading]:
    """Measure one scan of equal balls."""
    series, truths = sphere_scan(cell, count, seed)
    measurement = measured(series)
    readings = []
    for truth in truths:
        match = at_ball(measurement, truth.at_lps_mm, truth.radius_mm)
        peer_excess, peer_volume = peer_of(series, truth)
        readings.append(
            Reading(
                cell=cell,
                truth=truth,
                found=match.found,
                seen=match.seen,
                excess=ratio(match.total("excess_hu_ml"), truth.excess_hu_ml),
                volume=ratio(match.total("volume_ml"), truth.volume_ml),
                peer_excess=peer_excess,
                peer_volume=peer_volume,
            )
        )
    return readings


def cells(quick: bool) -> list[Cell]:
    """Every kind of ball."""
    sizes = (3.0, 5.0, 8.0) if quick else DIAMETERS_MM
    densities = (200.0, 800.0) if quick else CONCENTRATIONS_MG_ML
    return [
        Cell(tissue=tissue, diameter_mm=size, concentration_mg_ml=density)
        for tissue in TISSUES
        for size in sizes
        for density in densities
    ]


def values(readings: list[Reading], name: str) -> list[float]:
    """One relative error of those that were found."""
    return [getattr(reading, name) for reading in readings if getattr(reading, name) is not None]


def spread(readings: list[Reading], name: str) -> float | None:
    """Coefficient of variation of the readings of one cell."""
    read = np.array(values(readings, name)) + 1
    return float(read.std(ddof=1) / read.mean()) if len(read) > 2 else None


def pooled_wcv(by_cell: dict[Cell, list[Reading]], diameter_mm: float, name: str) -> float | None:
    """Root mean square, over densities and tissues, of the coefficient of variation at one diameter."""
    each = [spread(readings, name) for cell, readings in by_cell.items() if cell.diameter_mm == diameter_mm]
    known = [value for value in each if value is not None]
    return float(np.sqrt(np.mean(np.square(known)))) if known else None


def mean(numbers: list[float]) -> float | None:
    """Mean, None of nothing."""
    return float(np.mean(numbers)) if numbers else None


def percent(value: float | None) -> float | None:
    """As per cent, two decimals."""
    return None if value is None else round(100 * value, 2)


def row(cell: Cell, readings: list[Reading]) -> tuple[Shown, ...]:
    """One kind of ball."""
    return (
        cell.tissue, cell.diameter_mm, cell.concentration_mg_ml, len(readings),
        percent(mean([reading.found for reading in readings])), percent(mean(values(readings, "excess"))),
        percent(spread(readings, "excess")), percent(mean(values(readings, "volume"))),
        percent(spread(readings, "volume")), percent(mean(values(readings, "peer_volume"))),
        percent(mean(values(readings, "peer_excess"))),
    )  # fmt: skip


COLUMNS = (
    "tissue", "mm", "mg/ml", "n", "found %", "excess bias %", "excess cv %", "volume bias %", "volume cv %",
    "130 HU volume bias %", "ring excess bias %",
)  # fmt: skip


def wide(readings: list[Reading], name: str) -> float | None:
    """The absolute error that 95 % of the larger balls stay within."""
    large = [reading for reading in readings if reading.truth.volume_ml >= LARGE_ML]
    return percentile_text([abs(value) for value in values(large, name)], 95)


def goal(what: str, ours: float | None, limit: float, peer: Shown = None, *, least: bool = False) -> Goal:
    """A goal in per cent; ``least`` when ours must be at least the limit."""
    met = None if ours is None else (ours >= limit if least else abs(ours) <= limit)
    sign = ">=" if least else "within"
    return Goal(what=what, unit="%", ours=percent(ours), peer=peer, target=f"{sign} {100 * limit:g}", met=met)


def thin_goals(by_cell: dict[Cell, list[Reading]]) -> list[Goal]:
    """The figures promised for 1 mm slices."""
    every = [reading for readings in by_cell.values() for reading in readings]
    biases = [mean(values(readings, "excess")) for readings in by_cell.values()]
    worst = max((value for value in biases if value is not None), key=abs, default=None)
    made = [
        goal("mean excess bias, all balls", mean(values(every, "excess")), MEAN_BIAS),
        goal("mean excess bias, worst kind of ball", worst, MEAN_BIAS),
        goal(
            "excess error, 95 % of >= 0.1 ml", wide(every, "excess"), WIDE_EXCESS, percent(wide(every, "peer_excess"))
        ),
        goal(
            "volume error, 95 % of >= 0.1 ml", wide(every, "volume"), WIDE_VOLUME, percent(wide(every, "peer_volume"))
        ),
    ]
    made += [
        goal(f"excess wCV at {size:g} mm", pooled_wcv(by_cell, size, "excess"), limit, QIBA_WCV[size])
        for size, limit in WCV.items()
    ]
    return made


def thick_goals(by_cell: dict[Cell, list[Reading]]) -> list[Goal]:
    """The figures promised for 3 mm slices."""
    every = [reading for readings in by_cell.values() for reading in readings]
    hard = [
        r for r in every if r.cell.tissue == "fat" and r.cell.diameter_mm == 5 and r.cell.concentration_mg_ml == 200
    ]
    return [
        goal("3 mm slices: mean excess bias", mean(values(every, "excess")), THICK_BIAS),
        goal(
            "3 mm slices: 5 mm, 200 mg/ml in fat found or uncertain",
            mean([reading.seen for reading in hard]),
            THICK_FOUND,
            percent(mean([reading.peer_excess is not None for reading in hard])),
            least=True,
        ),
    ]


def run(options: Options) -> Report:
    """1 mm slices, then 3 mm ones."""
    count = options.repeats or (QUICK_COUNT if options.quick else COUNT)
    thin: dict[Cell, list[Reading]] = {}
    thick: dict[Cell, list[Reading]] = {}
    for number, cell in enumerate(cells(options.quick)):
        thin[cell] = read_cell(cell, count, options.seed + number)
        thicker = replace(cell, slice_mm=THICK_MM)
        if cell.diameter_mm >= 5:
            thick[thicker] = read_cell(thicker, count, options.seed + 1000 + number)
        print(
            f"  {cell.tissue} {cell.diameter_mm:g} mm {cell.concentration_mg_ml:g} mg/ml", file=sys.stderr, flush=True
        )
    every = [reading for readings in thin.values() for reading in readings]
    return Report(
        id="nodules",
        title="Balls of known mineral",
        conditions=(
            f"{len(every)} balls at 1 mm slices, {count} sub-voxel offsets a kind, seed {options.seed}; blur FWHM "
            f"0.9/0.9/1.2 mm, pixels 0.78 mm, noise SD 20 HU, texture white blurred by {NOISE_TEXTURE_PX} pixel",
            "bias: mean over offsets; wCV: root mean square over densities and tissues of the standard deviation over "
            "offsets and noise, divided by the mean; the calibration takes no part (excess and volume only)",
            "peers in the same scans: 130 HU region's volume, its excess above a plain ring; QIBA 3A for wCV (published)",
        ),
        goals=(*thin_goals(thin), *thick_goals(thick)),
        tables=(
            Table(caption="1 mm slices", columns=COLUMNS, rows=tuple(row(c, r) for c, r in thin.items())),
            Table(caption="3 mm slices", columns=COLUMNS, rows=tuple(row(c, r) for c, r in thick.items())),
        ),
    )
