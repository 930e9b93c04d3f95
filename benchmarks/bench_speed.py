"""600 slices of 512 x 512, DICOM to report: wall time and peak memory of the whole process, beside the peer."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.limb_series import NOISE_SD_HU, write
from benchmarks.report import Cell, Goal, Options, Report, Table
from benchmarks.whole_process import CORES, Run, timed

SLICES = 600
QUICK_SLICES = 150
SIZE = 512
TIME_RATIO_LIMIT = 1 / 3
MEMORY_VOLUMES, MEMORY_MB = 4, 500.0
PEER = Path(__file__).parent / "peers" / "threshold_ct.py"


def place() -> Path:
    """Where series and outputs are kept between runs."""
    return Path(os.environ.get("CALCISCOPE_BENCH_DIR", Path(tempfile.gettempdir()) / "calciscope-bench"))


def ours(scan: Path, out: Path) -> list[str]:
    """The product's whole command."""
    shutil.rmtree(out, ignore_errors=True)
    return [str(Path(sys.executable).parent / "calciscope"), "measure", str(scan), "--out", str(out), "--quiet"]


def theirs(scan: Path, out: Path) -> list[str]:
    """The peer's whole command."""
    shutil.rmtree(out, ignore_errors=True)
    return [sys.executable, str(PEER), str(scan), str(out)]


def series(slices: int, seed: int) -> Path:
    """The DICOM series of a length, made once."""
    folder = place() / f"limb_{slices}_{seed}"
    write(folder, slices=slices, seed=seed, size=SIZE)
    return folder


def alternate(scan: Path, repeats: int) -> tuple[list[Run], list[Run]]:
    """Ours and the peer's in turn, each once to warm disk and caches first."""
    mine, other = [], []
    for turn in range(repeats + 1):
        for command, runs in ((ours(scan, place() / "ours"), mine), (theirs(scan, place() / "peer"), other)):
            run = timed(command)
            if run.exit_code:
                raise RuntimeError(f"{command[1:3]} ended with {run.exit_code}: {run.said}")
            print(f"  turn {turn}: {run.wall_s:.1f} s, {run.peak_mb:.0f} MB", file=sys.stderr, flush=True)
            if turn:
                runs.append(run)
    return mine, other


def row(name: str, runs: list[Run]) -> tuple[Cell, ...]:
    """One side's figures."""
    walls = [run.wall_s for run in runs]
    return (
        name, round(statistics.median(walls), 1), round(min(walls), 1), round(max(walls), 1),
        round(statistics.median(run.cpu_s for run in runs), 1), round(max(run.peak_mb for run in runs)),
    )  # fmt: skip


def run(options: Options) -> Report:
    """Alternating runs of both whole processes."""
    slices = QUICK_SLICES if options.quick else SLICES
    repeats = options.repeats or (1 if options.quick else 3)
    mine, other = alternate(series(slices, 1), repeats)
    my_s, their_s = (statistics.median(run.wall_s for run in runs) for runs in (mine, other))
    limit_mb = MEMORY_VOLUMES * slices * SIZE * SIZE * 2 / 1e6 + MEMORY_MB
    peak = max(run.peak_mb for run in mine)
    return Report(
        id="speed",
        title=f"{slices} slices of {SIZE} x {SIZE}, DICOM to report",
        conditions=(
            f"whole processes on {CORES} cores, alternating, 1 warm-up and {repeats} timed run(s) each, median",
            f"two legs, about {round(slices / 12)} deposits, noise SD {NOISE_SD_HU:.0f} HU, texture white blurred by "
            "0.7 pixels in the plane; seed 1",
            "peer: benchmarks/peers/threshold_ct.py (SimpleITK, 130 HU, distance maps, matplotlib), the same outputs",
        ),
        goals=(
            Goal(
                what="time, ours / peer",
                ours=round(my_s / their_s, 3),
                target="<= 0.333",
                met=my_s / their_s <= TIME_RATIO_LIMIT,
            ),
            Goal(
                what="peak memory",
                unit="MB",
                ours=round(peak),
                peer=round(max(r.peak_mb for r in other)),
                target=f"<= {limit_mb:.0f}",
                met=peak <= limit_mb,
            ),
        ),  # fmt: skip
        tables=(
            Table(
                caption="Both",
                columns=("", "wall s", "fastest", "slowest", "processor s", "peak MB"),
                rows=(row("ours", mine), row("peer", other)),
            ),
        ),
    )
