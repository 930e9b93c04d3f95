"""Matching, events and registration on pairs of phantom scans, beside published figures."""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.report import Goal, Options, Report, Table
from benchmarks.track_pairs import cases
from benchmarks.track_scans import measured, seen
from benchmarks.track_truth import Score, scored, target_errors, target_points, warp_between
from calciscope.measure.track.run import track

F1_LEAST, EVENTS_LEAST, SWAPS_MOST = 0.97, 0.95, 1.0
MEDIAN_MM, MOST_MM = 1.5, 3.0


def run(options: Options) -> Report:
    """Every case of `track_pairs`, measured and tracked."""
    pooled, errors = Score(), []
    rows = []
    for case in cases(options.quick):
        (spec_a, first), (spec_b, second) = case.visits()
        a, b = (measured(seen(spec, visit, noise_seed=spec.seed + n)) for n, (spec, visit) in
                enumerate(((spec_a, first), (spec_b, second))))  # fmt: skip
        comparison = track([a, b]).comparisons[0]
        score = scored(a, b, (first, second), comparison)
        points = target_points(a, case.spec.seed)
        error = target_errors(warp_between(a, b), points, second.carry(points))
        shown = b.voxels.grid.to_index(second.carry(points))
        error = error[((shown >= 0) & (shown <= np.array(b.voxels.grid.shape) - 1)).all(axis=1)]
        errors.append(error)
        pooled.add(score)
        median, most = np.percentile(error, [50, 95])
        counted = f"{score.right_events} of {score.tellable_events} ({score.events})"
        rows.append((case.name, score.deposits, round(score.f1, 4), counted, score.swaps,
                     round(float(median), 2), round(float(most), 2)))  # fmt: skip
        print(f"  {rows[-1]}", *score.wrong, sep="\n    ", file=sys.stderr, flush=True)
    median, most = np.percentile(np.concatenate(errors), [50, 95])
    swaps = 100.0 * pooled.swaps / max(pooled.deposits, 1)
    events, told = (pooled.right_events / max(count, 1) for count in (pooled.events, pooled.tellable_events))
    return Report(
        id="tracking",
        title="Following deposits from scan to scan",
        conditions=(
            "Phantom legs with crowded deposits (gaps from 1.6 mm) that grow, shrink, come, go, merge and split in a year.",
            "Found deposits count: what the measurement itself misses is not matching's fault. Target error: 400 points of "
            "muscle, fat and bone a pair, those that the follow-up shows.",
        ),
        goals=(
            Goal(what="matching, F1 of links", ours=round(pooled.f1, 4), target=f">= {F1_LEAST}", met=pooled.f1 >= F1_LEAST,
                 peer="0.89 automatic, 0.93 between readers (Huff 2023)"),
            Goal(what="events right, all", ours=round(100 * events, 1), target=f">= {100 * EVENTS_LEAST:.0f}",
                 met=events >= EVENTS_LEAST, unit="%"),
            Goal(what="events right, of true changes heavier than the limit", ours=round(100 * told, 1),
                 target=f">= {100 * EVENTS_LEAST:.0f}", met=told >= EVENTS_LEAST, unit="%"),
            Goal(what="identity swaps per 100 deposits", ours=round(swaps, 2), target=f"<= {SWAPS_MOST:g}",
                 met=swaps <= SWAPS_MOST),
            Goal(what="registration, target error, median", ours=round(float(median), 2), target=f"<= {MEDIAN_MM}",
                 met=bool(median <= MEDIAN_MM), unit="mm", peer="2.3 to 2.6 (Santoro-Fernandes 2021)"),
            Goal(what="registration, target error, 95 %", ours=round(float(most), 2), target=f"<= {MOST_MM:g}",
                 met=bool(most <= MOST_MM), unit="mm"),
        ),
        tables=(
            Table(caption="By case", columns=("case", "deposits", "F1", "events (all)", "swaps", "median mm", "95 % mm"),
                  rows=tuple(rows)),
        ),
        notes=tuple(f"Wrong event: {one}." for one in pooled.wrong),
    )  # fmt: skip
