"""Fits the smallest real change on phantom patients scanned again and again, and publishes it with its data.

    python -m benchmarks.repeat_scans fit settings
    python -m benchmarks.fit_limit

Writes src/calciscope/measure/track/limit_table.py, docs/reference/real-change.md and docs/reference/real-change-data.csv. All
differences are error: nothing changed between the scans. A deposit found in one scan only counts with all its mass.
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
TAIL_AT = (0.99, 0.995)  # where the tail of the differences is held against Student's distribution
DEGREES = (3, 4, 5, 6, 8, 10, 15, 30)
ROUNDS = 8
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


def quantile_fit(mass_mg: Float64, size_mg: Float64, quantile: float) -> Float64:
    """(slope, root, floor) >= 0 such that ``quantile`` of the sizes lie below slope M + root sqrt(M) + floor.

    Quantile regression as a linear programme, repeated with weights 1 / (the last fit), since error grows with mass.
    """
    columns = np.stack([mass_mg, np.sqrt(mass_mg), np.ones_like(mass_mg)], axis=1)
    n = len(mass_mg)
    weight = 1.0 / (1.0 + 0.02 * mass_mg)
    found = np.zeros(3)
    for _ in range(ROUNDS):
        cost = np.concatenate([np.zeros(3), quantile * weight, (1.0 - quantile) * weight])
        equal = np.concatenate([columns, np.eye(n), -np.eye(n)], axis=1)
        found = linprog(cost, A_eq=equal, b_eq=size_mg, bounds=(0, None), method="highs").x[:3]
        weight = 1.0 / np.maximum(columns @ found, 0.1)
    return found


def limits_of(fit: Float64, mass_mg: Float64) -> Float64:
    return fit[0] * mass_mg + fit[1] * np.sqrt(mass_mg) + fit[2]


def tail_degrees(standard: Float64) -> int:
    """Degrees of freedom of Student's distribution whose far quantiles, with the 95 % one alike, reach those seen."""
    base = float(np.quantile(standard, CONFIDENCE))
    seen = [float(np.quantile(standard, q)) / base for q in TAIL_AT]
    for degrees in reversed(DEGREES):
        model = [stdtrit(degrees, (1 + q) / 2) / stdtrit(degrees, (1 + CONFIDENCE) / 2) for q in TAIL_AT]
        if all(a >= b for a, b in zip(model, seen, strict=True)):
            return degrees
    return DEGREES[0]


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


def main() -> None:
    rows = read("fit")
    fits, standard, shared, bands = {}, [], [], {}
    for name, _, thickness in CLASSES:
        own = [row for row in rows if float(row["slice_mm"]) == thickness]
        data = differences(own)
        fits[name] = quantile_fit(data.mass_mg, np.abs(data.change_mg), CONFIDENCE)
        limit = limits_of(fits[name], data.mass_mg)
        standard.append(np.abs(data.change_mg) / limit)
        shared.append(shared_sd(data, limit / 1.96))
        bands[name] = band_rows(data, limit)
    degrees = tail_degrees(np.concatenate(standard))
    extras = settings_extras(fits)
    TABLE.write_text(table_text(fits, degrees, max(shared), extras), encoding="utf-8")
    PAGE.write_text(page_text(fits, degrees, shared, extras, bands, len(rows)), encoding="utf-8")
    write_data(rows)
    print(TABLE.read_text(encoding="utf-8"))


def settings_extras(fits: dict[str, Float64]) -> dict[str, float]:
    """Kernel, tube voltage, slice thickness: what each adds."""
    found = {}
    rows = read("settings")
    for word in ("kernel", "voltage", "slices"):
        data = differences([row for row in rows if word in row["change"]])
        thick = ["up to 3.75 mm" if float(key[1]) > 2 else "up to 1.25 mm" for key in data.pair]
        limit = np.array([limits_of(fits[name], np.array([m]))[0] for name, m in zip(thick, data.mass_mg, strict=True)])
        found[word] = extra_sd(data, limit / 1.96)
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


def table_text(fits: dict[str, Float64], degrees: int, shared: float, extras: dict[str, float]) -> str:
    lines = [
        '"""Coefficients of the smallest real change, by slice thickness; written by benchmarks/fit_limit.py, not by hand."""',
        "",
        "from __future__ import annotations",
        "",
        "from dataclasses import dataclass",
        "",
        "",
        "@dataclass(frozen=True, slots=True, kw_only=True)",
        "class LimitClass:",
        '    """95 % of the differences of two measurements of ``M`` mg lie below ``slope M + root sqrt(M) + floor`` (mg).',
        "",
        "    ``up_to_mm``: thickest slice of the class.",
        '    """',
        "",
        "    name: str",
        "    up_to_mm: float",
        "    slope: float",
        "    root: float",
        "    floor: float",
        "",
        "",
        "LIMIT_CLASSES = (",
    ]
    for name, up_to, _ in CLASSES:
        slope, root, floor = (round(float(value), 4) for value in fits[name])
        lines.append(
            f'    LimitClass(name="{name}", up_to_mm={up_to:g}, slope={slope}, root={root}, floor={floor}),'.replace(
                "up_to_mm=1000,", "up_to_mm=1000.0,"
            )
        )
    lines += [
        ")",
        f"TAIL_DEGREES = {degrees}",
        '"""Degrees of freedom of Student\'s distribution that the far differences follow (fitted)."""',
        f"SHARED_SD = {max(shared, 0.002):.4f}",
        '"""Relative SD of an error that all deposits of a scan share, beyond their own (fitted)."""',
    ]
    for name, word in (("KERNEL_SD", "kernel"), ("KVP_SD", "voltage"), ("THICKNESS_SD", "slices")):
        lines.append(f"{name} = {extras[word]:.4f}")
    lines.append(
        '"""Relative SD that another kernel, tube voltage or slice thickness adds to a difference (fitted on phantoms, whose\n'
        'calibration is known; `limit` adds what real scanners\' calibrations differ by at two voltages)."""'
    )
    return "\n".join(lines) + "\n"


def page_text(
    fits: dict[str, Float64], degrees: int, shared: Sequence[float], extras: dict[str, float], bands: dict[str, list[str]],
    count: int,
) -> str:  # fmt: skip
    parts = [
        "# The smallest real change",
        "<!-- Written by benchmarks/fit_limit.py; a change by hand is lost. -->",
        "`calciscope track` calls a change of mass real when it is larger than measurement error can make it. No limit for "
        "calcinosis on CT had been published; this one was fitted on digital phantoms, so it holds what a phantom can show: "
        "noise from full dose to a tenth of it, sub-voxel shifts, a limb laid down again, turned and bent, and everything the "
        "program does, from finding a deposit to matching it. It does not hold motion during the scan, another scanner, or "
        "biology. No patient was scanned.",
        "For one deposit of M mg, the greater of its two masses, 95 % of differences without change lie below\n\n"
        "    limit(M) = a M + b sqrt(M) + c      (mg)",
        "| slices | a | b | c | limit at 10 mg | at 100 mg | at 1000 mg |\n|---|---|---|---|---|---|---|\n"
        + "\n".join(
            f"| {name} | {fit[0]:.4f} | {fit[1]:.3f} | {fit[2]:.2f} | "
            + " | ".join(f"{limits_of(fit, np.array([m]))[0]:.3g} mg" for m in (10.0, 100.0, 1000.0))
            + " |"
            for name, fit in fits.items()
        ),
        f"**Per patient.** With n families of deposits the limit is wider, so that the chance of any false alarm in a patient "
        f"stays 5 %: it is multiplied by t(1 - p/2) / t(0.975), p = 1 - 0.95^(1/n), with {degrees} degrees of freedom, which the "
        "far differences follow (for 40 families "
        f"{stdtrit(degrees, 1 - (1 - 0.95 ** (1 / 40)) / 2) / stdtrit(degrees, 0.975):.2f} times).",
        "**Burden.** Own errors of the deposits add in squares; an error that all share, "
        f"{100 * max(max(shared), 0.002):.1f} % (1 SD, the largest of the four classes), adds straight.",
        "**Another setting.** A change between the scans adds, relative to the mass (1 SD): "
        f"kernel {100 * extras['kernel']:.1f} %, tube voltage {100 * extras['voltage']:.1f} % (100 or 80 kV against 120), slices of "
        f"3 mm against 1 mm {100 * extras['slices']:.1f} %. For the voltage, what the calibrations of real scanners differ by "
        "comes on top ([thresholds](thresholds.md)).",
        f"## Data\n\n{count} differences of deposits, each in [real-change-data.csv](real-change-data.csv): four phantom patients for "
        "each slice thickness (two adult legs, a child's leg, an arm; nodules, lobulated masses, sheets, laces, lines, clusters, "
        "plaques, grains), scanned three times: noise 15, 15 and 47 HU. A deposit found in one scan only counts with all its mass.",
    ]
    for name, lines in bands.items():
        parts.append(
            f"Slices {name}:\n\n| mass | differences | spread (1 SD) | limit | beyond it |\n|---|---|---|---|---|\n"
            + "\n".join(f"| {line} |" for line in lines)
        )
    parts.append(
        "To fit anew: `python -m benchmarks.repeat_scans fit settings`, then `python -m benchmarks.fit_limit`. How often the limits "
        "give a false alarm in patients they were not fitted on: `python -m benchmarks real_change`."
    )
    return "\n\n".join(parts) + "\n"


def write_data(rows: Sequence[dict[str, str]]) -> None:
    columns = ("patient", "slice_mm", "scan_a", "scan_b", "noise_a_hu", "noise_b_hu", "then_mg", "now_mg")
    with DATA.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
