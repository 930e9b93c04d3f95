"""Fits the smallest real change on phantom patients scanned again and again, and publishes it with its data.

    python -m benchmarks.repeat_scans fit settings
    python -m benchmarks.fit_limit

Writes src/calciscope/measure/track/limit_table.py, docs/reference/real-change.md and docs/reference/real-change-data.csv. All
differences are error: nothing changed between the scans. Deposits found in both scans give the limit of a change; those found
in one scan only give the mass from which presence and absence can be told.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.special import stdtrit

from benchmarks.repeat_scans import RESULTS

Float64 = NDArray[np.float64]
ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src" / "calciscope" / "measure" / "track" / "limit_table.py"
PAGE = ROOT / "docs" / "reference" / "real-change.md"
DATA = ROOT / "docs" / "reference" / "real-change-data.csv"
CLASSES = (
    ("up to 1.25 mm", 1.25, 1.0),
    ("up to 2.5 mm", 2.5, 2.0),
    ("up to 3.75 mm", 3.75, 3.0),
    ("above 3.75 mm", 1e3, 5.0),
)
CONFIDENCE = 0.95
NORMAL_95 = 1.96  # two-sided 95 % of a normal distribution
TAIL_AT = (0.98, 0.99, 0.995, 0.998)  # where the tail of the differences is held against Student's distribution
EXTRA_LEAST = 0.01  # one pair of scans for each setting cannot show that it adds nothing (judgement)
MISSED_MARGIN = 1.25  # over the heaviest deposit missed (judgement: some hundred deposits were looked at)
DEGREES = (3, 4, 5, 6, 8, 10, 15, 30)
BAND_SHARE = (
    0.10  # of a band of mass may lie beyond the limit where all bands together have a twentieth there (judgement)
)
ROUNDS = 8
ROOM = 1e-3  # so that the sizes a limit is drawn through lie below it, rounded or not
BANDS_MG = (0, 5, 10, 20, 50, 100, 200, 500, 5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Masses (mg, the greater of two) and absolute differences, with the pair of scans each belongs to."""

    mass_mg: Float64
    change_mg: Float64
    pair: Sequence[tuple[str, ...]]


def read(name: str) -> list[dict[str, str]]:
    with (RESULTS / f"repeat_scans_{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def differences(rows: Sequence[dict[str, str]]) -> Differences:
    then, now = (np.array([float(row[name]) for row in rows]) for name in ("then_mg", "now_mg"))
    pair = [tuple(row[name] for name in ("patient", "slice_mm", "scan_a", "scan_b", "change")) for row in rows]
    return Differences(mass_mg=np.maximum(then, now), change_mg=now - then, pair=pair)


def both(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Deposits found in both scans."""
    return [row for row in rows if min(float(row["then_mg"]), float(row["now_mg"])) > 0]


def found_from(rows: Sequence[dict[str, str]]) -> float:
    """Mass (mg) from which a deposit is found: the heaviest that was ever missed, with a margin."""
    missed = [row for row in rows if min(float(row["then_mg"]), float(row["now_mg"])) == 0]
    return MISSED_MARGIN * max((max(float(row["then_mg"]), float(row["now_mg"])) for row in missed), default=0.0)


def compact(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Deposits that neither scan shows as a net."""
    return [row for row in rows if row["net"] == "no"]


def columns_of(mass_mg: Float64) -> Float64:
    """What slope, root and floor are multiplied with."""
    return np.stack([mass_mg, np.sqrt(mass_mg), np.ones_like(mass_mg)], axis=1)


def holding_fit(mass_mg: Float64, size_mg: Float64, least: Float64 | None = None) -> Float64:
    """(slope, root, floor) >= 0, the lowest limit that holds ``CONFIDENCE`` of the sizes, and nowhere much less.

    A linear programme: the sum of limits, each over the last fit's, is least, while no size lies above but the few that may
    (`above_allowed`), those furthest above the last fit. Nowhere below ``least``, the limit of thinner slices.
    """
    band = np.digitize(mass_mg, BANDS_MG)
    columns = columns_of(mass_mg)
    say = np.bincount(band)[band] ** -0.5
    found = np.array([0.03, 0.1, 1.0])
    bounds = [] if least is None else [least_rows(least)]
    for _ in range(ROUNDS):
        last = np.maximum(columns @ found, 0.1)
        held = ~above_allowed(size_mg / last, band)
        rows = [(-columns[held], -size_mg[held]), *bounds]
        found = linprog(
            (say / last) @ columns, A_ub=np.concatenate([a for a, _ in rows]), b_ub=np.concatenate([b for _, b in rows]),
            bounds=(0, None), method="highs",
        ).x  # fmt: skip
    return found * (1.0 + ROOM)


def above_allowed(ratio: Float64, band: NDArray[np.intp]) -> NDArray[np.bool_]:
    """The sizes, furthest above the limit first, that may lie above it: a twentieth of all, a tenth of a band's."""
    most = {one: round(BAND_SHARE * int((band == one).sum())) for one in np.unique(band)}
    found = np.zeros(len(ratio), bool)
    for n in np.argsort(-ratio, kind="stable"):
        if found.sum() >= round((1.0 - CONFIDENCE) * len(ratio)):
            break
        found[n] = found[band == band[n]].sum() < most[band[n]]
    return found


def least_rows(least: Float64) -> tuple[Float64, Float64]:
    """What keeps a fit at or above another one, at the bands' borders."""
    at = np.array([2.0, *BANDS_MG[1:]])
    return -columns_of(at), -limits_of(least, at)


def limits_of(fit: Float64, mass_mg: Float64) -> Float64:
    return fit[0] * mass_mg + fit[1] * np.sqrt(mass_mg) + fit[2]


def tail_degrees(standard: Float64) -> int:
    """Degrees of freedom of Student's distribution whose far quantiles, in units of the 95 % one, are nearest to those seen.

    ``standard``: sizes over their limit, which stands for the 95 % one.
    """
    seen = np.log([float(np.quantile(standard, q)) for q in TAIL_AT])

    def miss(degrees: int) -> float:
        model = [stdtrit(degrees, (1 + q) / 2) / stdtrit(degrees, (1 + CONFIDENCE) / 2) for q in TAIL_AT]
        return float(np.square(np.log(model) - seen).sum())

    return min(DEGREES, key=miss)


def shared_sd(data: Differences, spread_mg: Float64) -> float:
    """Relative SD of an error that all deposits of a pair of scans share, beyond their own."""
    sums: dict[tuple[str, ...], Float64] = defaultdict(lambda: np.zeros(3))
    for key, mass, change, spread in zip(data.pair, data.mass_mg, data.change_mg, spread_mg, strict=True):
        sums[key] += (change, mass, spread**2)
    excess = [(change**2 - own) / mass**2 for change, mass, own in sums.values()]
    return float(np.sqrt(max(np.mean(excess), 0.0)))


def extra_sd(data: Differences, spread_mg: Float64) -> float:
    """Relative SD that a changed setting adds to a deposit's difference, weighted towards deposits that tell it."""
    beyond = data.change_mg**2 - spread_mg**2
    return float(np.sqrt(max((beyond * data.mass_mg**2).sum() / (data.mass_mg**4).sum(), 0.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One class: (slope, root, floor), degrees of the tail, mass from which deposits are found, shared SD, table rows."""

    fit: Float64
    degrees: int
    found_from_mg: float
    shared: float
    bands: list[str]
    missed: int


def fitted(rows: Sequence[dict[str, str]], least: Float64 | None) -> Fitted:
    """Fit one class of slices on its compact deposits."""
    data = differences(compact(both(rows)))
    fit = holding_fit(data.mass_mg, np.abs(data.change_mg), least)
    limit = limits_of(fit, data.mass_mg)
    return Fitted(
        fit=fit,
        degrees=tail_degrees(np.abs(data.change_mg) / limit),
        found_from_mg=found_from(rows),
        shared=shared_sd(data, limit / NORMAL_95),
        bands=band_rows(data, limit),
        missed=len(rows) - len(both(rows)),
    )


def main() -> None:
    rows = read("fit")
    classes: dict[str, Fitted] = {}
    least = None
    for name, _, thickness in CLASSES:
        classes[name] = fitted([row for row in rows if float(row["slice_mm"]) == thickness], least)
        least = classes[name].fit
    extras = settings_extras({name: one.fit for name, one in classes.items()})
    extras["net"] = net_sd({thickness: classes[name].fit for name, _, thickness in CLASSES}, rows)
    TABLE.write_text(table_text(classes, extras), encoding="utf-8")
    PAGE.write_text(page_text(classes, extras, len(rows)), encoding="utf-8")
    write_data(rows)
    print(TABLE.read_text(encoding="utf-8"))


def settings_extras(fits: dict[str, Float64]) -> dict[str, float]:
    """Kernel, tube voltage, slice thickness: what each adds."""
    found = {}
    rows = read("settings")
    for word in ("kernel", "voltage", "slices"):
        data = differences(compact(both([row for row in rows if word in row["change"]])))
        thick = ["up to 3.75 mm" if float(key[1]) > 2 else "up to 1.25 mm" for key in data.pair]
        limit = np.array([limits_of(fits[name], np.array([m]))[0] for name, m in zip(thick, data.mass_mg, strict=True)])
        found[word] = max(extra_sd(data, limit / NORMAL_95), EXTRA_LEAST)
    return found


def band_rows(data: Differences, limit_mg: Float64) -> list[str]:
    """For each band of mass: count, spread, limit in its middle."""
    lines = []
    for low, high in zip(BANDS_MG, BANDS_MG[1:], strict=False):
        part = (data.mass_mg >= low) & (data.mass_mg < high)
        if part.sum() < 3:
            continue
        spread = float(np.sqrt(np.mean(data.change_mg[part] ** 2)))
        outside = float((np.abs(data.change_mg[part]) > limit_mg[part]).mean())
        middle = float(np.median(data.mass_mg[part]))
        lines.append(
            f"{low} to {high} mg | {int(part.sum())} | {spread:.2g} mg ({100 * spread / middle:.1f} %) | "
            f"{float(np.median(limit_mg[part])):.2g} mg | {100 * outside:.1f} %"
        )
    return lines


def net_sd(fits: dict[float, Float64], rows: Sequence[dict[str, str]]) -> float:
    """The least relative SD that, added to the limit of compact deposits, holds CONFIDENCE of the differences of nets."""
    nets = [row for row in both(rows) if row["net"] == "yes"]
    data = differences(nets)
    pairs = zip(nets, data.mass_mg, strict=True)
    limit = np.array([limits_of(fits[float(row["slice_mm"])], np.array([mass]))[0] for row, mass in pairs])
    needed = np.sqrt(np.maximum(data.change_mg**2 - limit**2, 0.0)) / (NORMAL_95 * data.mass_mg)
    return float(np.quantile(needed, CONFIDENCE, method="higher"))


def table_text(classes: dict[str, Fitted], extras: dict[str, float]) -> str:
    """The module with the coefficients."""
    lines = []
    for name, up_to, _ in CLASSES:
        one = classes[name]
        slope, root, floor = (round(float(value), 4) for value in one.fit)
        lines.append(
            f'    LimitClass(\n        name="{name}", up_to_mm={up_to:.2f}, slope={slope}, root={root}, floor={floor},\n'
            f"        tail_degrees={one.degrees}, found_from_mg={one.found_from_mg:.1f}, shared_sd={one.shared:.4f},\n    ),"
        )
    settings = [f"{name} = {extras[word]:.4f}" for name, word in NAMES]
    return MODULE.format(rows="\n".join(lines), settings="\n".join(settings))


NAMES = (("KERNEL_SD", "kernel"), ("KVP_SD", "voltage"), ("THICKNESS_SD", "slices"), ("NET_SD", "net"))
MODULE = '''"""Coefficients of the smallest real change, by slice thickness; written by benchmarks/fit_limit.py, not by hand."""

from __future__ import annotations

from calciscope.measure.track.limit_class import LimitClass

LIMIT_CLASSES = (
{rows}
)  # fmt: skip
{settings}
"""Relative SD that another kernel, tube voltage or slice thickness adds to a difference (fitted on phantoms, whose
calibration is known; `limit` adds what real scanners' calibrations differ by at two voltages), and the one of a net of strands."""
'''


def page_text(classes: dict[str, Fitted], extras: dict[str, float], count: int) -> str:
    """The page of docs."""
    many = 1 - (1 - 0.95 ** (1 / 40)) / 2
    rows = []
    for name, one in classes.items():
        at = " | ".join(f"{limits_of(one.fit, np.array([m]))[0]:.3g} mg" for m in (10.0, 100.0, 1000.0))
        wider = stdtrit(one.degrees, many) / stdtrit(one.degrees, 0.975)
        a, b, c = one.fit
        last = f"{wider:.2f} | {one.found_from_mg:.1f} mg | {100 * one.shared:.1f} %"
        rows.append(f"| {name} | {a:.4f} | {b:.3f} | {c:.2f} | {at} | {last} |")
    parts = [
        PAGE_HEAD,
        "| slices | a | b | c | at 10 mg | at 100 mg | at 1000 mg | for 40 deposits, times | found from | shared |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n" + "\n".join(rows),
        PAGE_RULES.format(
            kernel=f"{100 * extras['kernel']:.1f}",
            voltage=f"{100 * extras['voltage']:.1f}",
            slices=f"{100 * extras['slices']:.1f}",
            margin=f"{MISSED_MARGIN:g}",
            net=f"{100 * extras['net']:.0f}",
        ),
        PAGE_DATA.format(count=count),
    ]
    for name, one in classes.items():
        head = f"Slices {name}; {one.missed} more were found in one scan only:"
        body = "| mass | found in both | spread (1 SD) | limit | beyond it |\n|---|---|---|---|---|\n"
        parts.append(f"{head}\n\n{body}" + "\n".join(f"| {line} |" for line in one.bands))
    return "\n\n".join([*parts, PAGE_END]) + "\n"


PAGE_HEAD = """# The smallest real change

<!-- Written by benchmarks/fit_limit.py; a change by hand is lost. -->

`calciscope track` calls a change of mass real when it is larger than measurement error can make it. No limit for calcinosis
on CT was found in the literature; this one was fitted on digital phantoms, so it holds what a phantom can show: noise from full
dose to a tenth of it, sub-voxel shifts, a limb laid down again, turned and bent, and everything the program does, from finding a
deposit to matching it. It does not hold motion during the scan, another scanner, or biology. No patient was scanned.

For one deposit of M mg, the greater of its two masses, 95 % of differences without change lie below, and at least 90 % in
every band of mass:

    limit(M) = a M + b sqrt(M) + c      (mg)"""
PAGE_RULES = """**Per patient.** With n families of deposits the limit is wider, so that the chance of any false alarm in a patient stays
5 %: it is multiplied by t(1 - p/2) / t(0.975), p = 1 - 0.95^(1/n), of Student's distribution with as many degrees of freedom
as the far differences of the class follow. What changed beyond doubt no longer counts among the n for the others (step-down, Holm
1979), which leaves the chance as it is and sees smaller changes in a patient in whom much changed.

**New and resolved.** A deposit may be missed in one scan. "Found from" is {margin} times the heaviest that ever was; what is
lighter and seen in one scan only is called not evaluable, not new or resolved.

**Burden.** Own errors of the deposits add in squares, deposits lighter than "found from" with all their mass; an error that all
share (last column, 1 SD) adds straight.

**Nets.** A deposit that either scan shows as a net of thin strands (shape `reticular`) differs by more, since noise hides its faintest
strands: {net} % of its mass is added (1 SD), the least that holds 95 % of the nets' differences. They are not in the tables below.

**Another setting.** A change between the scans adds, relative to the mass (1 SD, one pair of
scans for each, at least 1 % is taken): kernel {kernel} %, tube voltage {voltage} %
(100 kV against 120), slices of 3 mm against 1 mm {slices} %. For the voltage, what the calibrations of real scanners differ by comes on
top ([thresholds](thresholds.md)).

**+-25 % in a year** is the rule of a study of hand radiographs in systemic sclerosis (Valenzuela 2022, seen). It is shown beside the
limit, labelled as borrowed."""
PAGE_DATA = """## Data

{count} differences of deposits, each in [real-change-data.csv](real-change-data.csv): five phantom patients for each slice
thickness (three adult legs, a child's leg, an arm; nodules, heavy ones among them, lobulated masses, sheets, laces, lines, clusters,
plaques, grains), scanned three times: noise 15, 15 and 47 HU. They come from few patients, so the far end of each table
rests on few deposits."""
PAGE_END = """To fit anew: `python -m benchmarks.repeat_scans fit settings`, then `python -m benchmarks.fit_limit`. How often the limits
give a false alarm in patients that they were not fitted on: `python -m benchmarks real_change`."""


def write_data(rows: Sequence[dict[str, str]]) -> None:
    """The differences themselves."""
    columns = ("patient", "slice_mm", "scan_a", "scan_b", "noise_a_hu", "noise_b_hu", "net", "then_mg", "now_mg")
    with DATA.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
