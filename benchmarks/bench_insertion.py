"""Deposits put into real scans: found, and how far off the excess is, by group, beside a plain ring and 130 HU."""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.engine import measured, with_hu
from benchmarks.insertion import FREE, GROUPS, MATRIX_HU, NEAR_BONE, SHEET, SKIN, Inserted, inserted_hu, insertions
from benchmarks.insertion_score import Scored, score
from benchmarks.pictures import crop_picture
from benchmarks.real_scans import Scan, limbs
from benchmarks.report import Cell, Goal, Options, Report, Table, percentile_text
from calciscope.terms.measurement import Measurement, Settings
from calciscope.terms.series import Series

COUNTS = {NEAR_BONE: 2, SHEET: 2, FREE: 4, SKIN: 1}
PASSES = {True: 1, False: 4}
SCORED_FROM_ML = 0.05
TARGETS = {FREE: (0.025, 0.08), NEAR_BONE: (0.04, 0.12), SHEET: (0.04, 0.12)}
FOUND_SHARE = 0.95
LEAST_HELD, MOST_HELD = 0.93, 0.97
PICTURES = 24


def one_scan(
    series: Series, scan: Scan, seed: int, *, replaced: bool
) -> tuple[list[Scored], Measurement, np.ndarray, list[Inserted]]:
    """Insert, measure and score one scan once; the factor that deposits were made with is given to the product."""
    put = list(insertions(scan, COUNTS, seed, replaced=replaced))
    hu = inserted_hu(scan, put)
    known = Settings(calibration_hu_per_mg_ml=scan.hu_per_mg_ml, matrix_hu=MATRIX_HU if replaced else None)
    measurement = measured(with_hu(series, hu), known)
    return [score(scan, measurement, hu, deposit) for deposit in put], measurement, hu, put


def picture(options: Options, scan: Scan, scored: Scored, measurement: Measurement, hu: np.ndarray, name: str) -> None:
    """A failure, for review by eye."""
    if options.crops is None:
        return
    inside = np.zeros(hu.shape, dtype=bool)
    inside[scored.put.window] = scored.put.support
    error = "none" if scored.excess_error is None else f"{scored.excess_error:+.0%}"
    put = scored.put
    title = (
        f"{scan.name} {put.group} in {put.tissue}: {put.volume_ml:.3f} ml, {put.concentration_mg_ml:.0f} mg/ml, excess "
        f"{error}, kinds {scored.kinds}, LPS {tuple(round(v) for v in scored.at_lps_mm)}"
    )
    outlines = {"lime": inside, "red": measurement.labels > 0}
    crop_picture(options.crops / f"{name}.png", hu, scan.spacing_mm, put.centre, title, outlines)


def is_failure(scored: Scored) -> bool:
    """Whether a deposit that counts was missed or read far off."""
    if scored.put.volume_ml < SCORED_FROM_ML:
        return False
    limit = TARGETS.get(scored.put.group, (0, 0.12))[1]
    return not scored.found or scored.excess_error is None or abs(scored.excess_error) > 1.5 * limit


def collect(options: Options, *, replaced: bool) -> list[Scored]:
    """All scans, all passes."""
    if options.data is None:
        return []
    every: list[Scored] = []
    pictures = 0
    for series, scan in limbs(options.data, options.quick):
        for turn in range(options.repeats or PASSES[options.quick]):
            scored, measurement, hu, _ = one_scan(series, scan, options.seed + turn, replaced=replaced)
            every += scored
            for number, item in enumerate(scored):
                if is_failure(item) and pictures < PICTURES:
                    pictures += 1
                    picture(options, scan, item, measurement, hu, f"insertion_{scan.name}_{turn}_{number}")
        print(f"  inserted into {scan.name}", file=sys.stderr, flush=True)
    return every


def errors(items: list[Scored], name: str) -> list[float]:
    """Absolute relative errors of one reading, where there is one."""
    return [abs(getattr(item, name)) for item in items if getattr(item, name) is not None]


def share(hits: list[bool]) -> float | None:
    """Fraction true."""
    return float(np.mean(hits)) if hits else None


def group_row(name: str, items: list[Scored]) -> tuple[Cell, ...]:
    """One row of the table: detection and errors of ours and of the peers."""
    ours, peer = errors(items, "excess_error"), errors(items, "peer_excess_error")
    bias = [item.excess_error for item in items if item.excess_error is not None]
    held = [item.mass_held for item in items if item.mass_held is not None]
    return (
        name,
        len(items),
        percent(share([item.found for item in items])),
        percent(share([item.seen for item in items])),
        percent(percentile_text(ours, 50)),
        percent(percentile_text(ours, 90)),
        percent(float(np.median(bias)) if bias else None),
        percent(share(held)),
        percent(percentile_text(peer, 50)),
        percent(percentile_text(peer, 90)),
        percent(percentile_text(errors(items, "volume_error"), 50)),
        percent(percentile_text([i.peer_volume_error for i in items if i.peer_volume_error is not None], 50)),
    )


def percent(value: float | None) -> float | None:
    """As per cent, one decimal."""
    return None if value is None else round(100 * value, 1)


COLUMNS = (
    "group",
    "n",
    "found %",
    "found or uncertain %",
    "excess abs. error median %",
    "90 % within %",
    "bias median %",
    "intervals that hold %",
    "ring median %",
    "ring 90 %",
    "volume abs. error median %",
    "130 HU volume error median %",
)  # fmt: skip


def rows(every: list[Scored]) -> tuple[tuple[Cell, ...], ...]:
    """Table rows: by group, then free ones by tissue, size and concentration."""
    counted = [item for item in every if item.put.volume_ml >= SCORED_FROM_ML]
    parts = [(group, [i for i in counted if i.put.group == group]) for group in (*GROUPS, SKIN)]
    free = [i for i in counted if i.put.group in GROUPS]
    parts += [
        (f"in {tissue}", [i for i in free if i.put.tissue == tissue]) for tissue in ("fat", "muscle", "interface")
    ]
    parts += [
        (f"{low}-{high} mg/ml", [i for i in free if low <= i.put.concentration_mg_ml < high])
        for low, high in ((150, 250), (250, 500), (500, 1001))
    ]
    parts += [
        (f"{low}-{high} ml", [i for i in every if i.put.group in GROUPS and low <= i.put.volume_ml < high])
        for low, high in ((0.0, 0.05), (0.05, 0.2), (0.2, 0.7), (0.7, 4.0))
    ]
    return tuple(group_row(name, items) for name, items in parts if items)


def goals(every: list[Scored]) -> tuple[Goal, ...]:
    """The figures that were promised."""
    counted = [item for item in every if item.put.volume_ml >= SCORED_FROM_ML and item.put.group in GROUPS]
    found = share([item.found for item in counted])
    made = [
        Goal(
            what="found as calcinosis, >= 0.05 ml",
            unit="%",
            ours=percent(found),
            target=">= 95",
            met=None if found is None else found >= FOUND_SHARE,
            peer=percent(share([item.peer_excess_error is not None for item in counted])),
        )
    ]
    for group, (median_limit, wide_limit) in TARGETS.items():
        items = [item for item in counted if item.put.group == group]
        for level, limit, words in ((50, median_limit, "median"), (90, wide_limit, "90 % within")):
            ours = percentile_text(errors(items, "excess_error"), level)
            made.append(
                Goal(
                    what=f"{group}: excess error, {words}",
                    unit="%",
                    ours=percent(ours),
                    target=f"<= {limit:.1%}",
                    met=None if ours is None else ours <= limit,
                    peer=percent(percentile_text(errors(items, "peer_excess_error"), level)),
                )
            )
    held = share([item.mass_held for item in counted if item.mass_held is not None])
    made.append(
        Goal(what="intervals that hold the truth", unit="%", ours=percent(held), target="93-97",
             met=None if held is None else LEAST_HELD <= round(held, 3) <= MOST_HELD)
    )  # fmt: skip
    return tuple(made)


def worst_rows(every: list[Scored], count: int = 15) -> tuple[tuple[Cell, ...], ...]:
    """The worst outcomes: missed first, then by excess error."""
    counted = [item for item in every if item.put.volume_ml >= SCORED_FROM_ML]
    counted.sort(key=lambda i: -1e9 if i.excess_error is None else -abs(i.excess_error))
    return tuple(
        (
            item.scan, item.put.group, item.put.tissue, round(item.put.volume_ml, 3),
            round(item.put.concentration_mg_ml), percent(item.excess_error), "+".join(item.kinds) or "nothing",
            ", ".join(f"{v:.0f}" for v in item.at_lps_mm), round(item.put.bone_mm, 1),
        )
        for item in counted[:count]
    )  # fmt: skip


WORST_COLUMNS = ("scan", "group", "tissue", "ml", "mg/ml", "excess error %", "read as", "LPS mm", "bone mm")


def run(options: Options) -> Report:
    """Both variants: added to the tissue, and replacing it."""
    every = collect(options, replaced=False)
    swapped = collect(options, replaced=True) if every and not options.quick else []
    passes = options.repeats or PASSES[options.quick]
    conditions = (
        f"{len({item.scan for item in every})} real limb scans, {passes} pass(es) each, seed {options.seed}; "
        f"{len(every)} deposits put in, at least 25 mm apart; errors pooled over deposits that were found",
        "noise, its texture and the anatomy are the scan's own; blur: in-plane FWHM from the scan's skin edges "
        "(1.0-1.6 mm), slice profile a box of the slice thickness",
        "lumps 0.02-2 ml and 1.8 mm sheets 0.06-1.5 ml (log-uniform), 150-1000 mg/ml (uniform); truth is the HU x ml added",
        "intervals: of the mass, with the factor that deposits were made with given (SD 2 %) and no matrix, so own errors alone",
        "peers: 130 HU region with a 2-voxel rim above the median of a 2-voxel ring (told where bone is); its volume",
    )
    if not every:
        return Report(id="insertion", title="Deposits put into real scans", conditions=("no folder of scans given",))
    tables = [
        Table(caption="Added to the tissue, by group (>= 0.05 ml unless said)", columns=COLUMNS, rows=rows(every)),
        Table(caption="Worst of them", columns=WORST_COLUMNS, rows=worst_rows(every)),
    ]
    if swapped:
        tables.append(
            Table(caption="Tissue replaced by a 40 HU matrix with mineral", columns=COLUMNS, rows=rows(swapped))
        )
    return Report(
        id="insertion",
        title="Deposits put into real scans",
        conditions=conditions,
        goals=goals(every),
        tables=tuple(tables),
    )
