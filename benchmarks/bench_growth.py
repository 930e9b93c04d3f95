"""Time and memory per voxel from 150 to 1,500 slices, start-up aside."""

from __future__ import annotations

import statistics
import sys

from benchmarks.bench_speed import SIZE, ours, place, series
from benchmarks.report import Goal, Options, Report, Table
from benchmarks.whole_process import CORES, Run, timed

LENGTHS = (150, 600, 1500)
QUICK_LENGTHS = (75, 150, 300)
START_UP_SLICES = 40  # so short that what it takes is mostly start-up
FLAT = 0.20


def best(slices: int, repeats: int) -> Run:
    """The fastest of some runs of a length: least disturbed by whatever else the machine does."""
    runs = [timed(ours(series(slices, 1), place() / "growth")) for _ in range(repeats)]
    failed = [run for run in runs if run.exit_code]
    if failed:
        raise RuntimeError(f"{slices} slices ended with {failed[0].exit_code}: {failed[0].said}")
    print(f"  {slices} slices: {min(run.wall_s for run in runs):.1f} s", file=sys.stderr, flush=True)
    return min(runs, key=lambda run: run.wall_s)


def run(options: Options) -> Report:
    """Each length some times; per voxel, less the start-up."""
    lengths = QUICK_LENGTHS if options.quick else LENGTHS
    repeats = options.repeats or (1 if options.quick else 3)
    timed(ours(series(START_UP_SLICES, 1), place() / "growth"))
    idle = best(START_UP_SLICES, repeats)
    runs = {slices: best(slices, repeats) for slices in lengths}

    def per_voxel(slices: int) -> tuple[float, float]:
        voxels = (slices - START_UP_SLICES) * SIZE * SIZE
        run = runs[slices]
        return (run.wall_s - idle.wall_s) / voxels * 1e9, (run.peak_mb - idle.peak_mb) * 1e6 / voxels

    times = [per_voxel(slices)[0] for slices in lengths]
    memory = [per_voxel(slices)[1] for slices in lengths]
    time_growth, memory_growth = times[-1] / times[0] - 1, memory[-1] / memory[0] - 1
    return Report(
        id="growth",
        title=f"Growth from {lengths[0]} to {lengths[-1]} slices",
        conditions=(
            f"whole process on {CORES} cores, fastest of {repeats}; start-up: {START_UP_SLICES} slices, subtracted",
            f"median {statistics.median(times):.1f} ns a voxel; the same deposits per slice at every length; seed 1",
        ),
        goals=(
            Goal(
                what=f"time per voxel, {lengths[-1]} against {lengths[0]} slices",
                unit="%",
                ours=round(100 * time_growth, 1),
                target="<= +20",
                met=time_growth <= FLAT,
            ),
            Goal(
                what=f"memory per voxel, {lengths[-1]} against {lengths[0]} slices",
                unit="%",
                ours=round(100 * memory_growth, 1),
                target="<= +20",
                met=memory_growth <= FLAT,
            ),
        ),
        tables=(
            Table(
                caption="Lengths",
                columns=("slices", "wall s", "peak MB", "ns a voxel", "bytes a voxel"),
                rows=tuple(
                    (slices, round(runs[slices].wall_s, 2), round(runs[slices].peak_mb), *map(float, per_voxel(slices)))
                    for slices in (*lengths,)
                ),
            ),
        ),
    )
