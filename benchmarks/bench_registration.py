"""Registration of real limbs that were moved, turned and bent by known amounts."""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.engine import load
from benchmarks.moved_limb import Move, laid_elsewhere
from benchmarks.real_scans import limb_paths
from benchmarks.report import Cell, Goal, Options, Report, Table
from benchmarks.track_scans import measured
from benchmarks.track_truth import target_errors, target_points
from calciscope.measure.track.limb import Surveyed, surveyed
from calciscope.measure.track.register import pieces
from calciscope.measure.track.warp import is_good, warp_of

MEDIAN_MM, MOST_MM = 1.5, 3.0
LEAST_BONE_ML = 25.0
MOVES = (
    Move(shift_mm=(11.0, -37.0, 83.0)),
    Move(shift_mm=(-6.0, 14.0, -20.0), turn_deg=24.0),
    Move(shift_mm=(4.0, 9.0, 31.0), turn_deg=-7.0, bend_deg=14.0),
)
TITLE = "Registration of real limbs moved by known amounts"


def joint_of(scan: Surveyed) -> np.ndarray | None:
    """Middle between the facing ends of the two largest bones that follow each other along a limb; None without such."""
    for limb in scan.limbs:
        bones = sorted((b for b in limb.bones if b.volume_ml >= LEAST_BONE_ML), key=lambda bone: -bone.centre_mm[2])
        for upper, lower in zip(bones, bones[1:], strict=False):
            ends = upper.points_mm[upper.points_mm[:, 2].argmin()], lower.points_mm[lower.points_mm[:, 2].argmax()]
            if abs(ends[0][2] - ends[1][2]) < 25.0 and np.linalg.norm(ends[0] - ends[1]) < 80.0:
                return np.asarray((ends[0] + ends[1]) / 2)
    return None


def run(options: Options) -> Report:
    """Each limb with each move; the bend only where a joint is in view."""
    if options.data is None:
        return Report(id="registration", title=TITLE, conditions=("No folder of real scans was given.",))
    errors, rows, poor = [], [], []
    for n, path in enumerate(limb_paths(options.data, quick=True)[: 3 if options.quick else 6]):
        series = load(path)
        first = measured(series)
        known = surveyed(first)
        joint = joint_of(known)
        for m, move in enumerate(MOVES):
            if move.bend_deg and joint is None:
                continue
            middle = known.limbs[0].centre_mm if joint is None else joint
            again, forth = laid_elsewhere(series, move, middle, seed=options.seed + 10 * n + m)
            row, error = _compared(path.stem, move, known, surveyed(measured(again)), forth)
            rows.append(row)
            print(f"  {row}", file=sys.stderr, flush=True)
            if error is None:
                poor.append(f"{path.stem}: no bone could be brought together, said so")
            else:
                errors.append(error)
    pooled = np.concatenate(errors) if errors else np.array([np.nan])
    median, most = (float(value) for value in np.percentile(pooled, [50, 95]))
    return Report(
        id="registration",
        title=TITLE,
        conditions=(
            "CT of limbs from PET-CT (about 1 x 1 x 3.3 mm, low dose), resampled by known motions with fresh noise, measured "
            "and registered; 400 points of bone, muscle and fat each, those that the second scan shows and that are called "
            "evaluable.",
        ),
        goals=(
            Goal(what="target error, median", unit="mm", ours=round(median, 2), target=f"<= {MEDIAN_MM}",
                 met=median <= MEDIAN_MM, peer="2.3 to 2.6 (Santoro-Fernandes 2021)"),
            Goal(what="target error, 95 %", unit="mm", ours=round(most, 2), target=f"<= {MOST_MM:g}", met=most <= MOST_MM),
        ),
        tables=(
            Table(caption="By limb", columns=("limb", "turn", "bend", "bones", "evaluable", "median mm", "95 % mm"),
                  rows=tuple(rows)),
        ),
        notes=tuple(poor),
    )  # fmt: skip


def _compared(
    name: str, move: Move, first: Surveyed, second: Surveyed, forth
) -> tuple[tuple[Cell, ...], np.ndarray | None]:  # type: ignore[no-untyped-def]
    found = pieces(first, second)
    good = sum(is_good(piece) for piece in found)
    head = (name, f"{move.turn_deg:g} deg", f"{move.bend_deg:g} deg", len(found), good)
    if not good:
        return (*head, None, None), None
    warp = warp_of(found, first, second)
    points = target_points(first.scan, 7)
    points = points[warp.trusted(points)]
    true = forth(points)
    index = second.scan.anatomy.grid.to_index(true)
    shown = ((index >= 0) & (index <= np.array(second.scan.anatomy.grid.shape) - 1)).all(axis=1)
    error = target_errors(warp, points[shown], true[shown])
    if not len(error):
        return (*head, None, None), None
    median, most = np.percentile(error, [50, 95])
    return (*head, round(float(median), 2), round(float(most), 2)), error
