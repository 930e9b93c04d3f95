"""`python -m benchmarks`: list the benchmarks, or run them and print ratios and figures beside their peers."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

from benchmarks.page import publish
from benchmarks.report import Options, Report, as_json, as_text

# Threads the whole comparison may use; both sides get the same.
CORES = 2


def names() -> list[str]:
    """Every benchmark, found by walking the folder: bench_<name>.py."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def run_one(name: str, options: Options) -> Report:
    """Import one benchmark and run it."""
    report: Report = importlib.import_module(f"benchmarks.bench_{name}").run(options)
    return report


def real_scans() -> Path | None:
    """The folder of real scans that the tests use, too; None where there is none."""
    named = os.environ.get("CALCISCOPE_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    return folder if (folder / "limbs").is_dir() else None


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help="which benchmarks; all when none is named")
    parser.add_argument("--list", action="store_true", help="list the benchmarks and stop")
    parser.add_argument("--quick", action="store_true", help="fewer repeats, under three minutes each")
    parser.add_argument("--seed", type=int, default=Options().seed)
    parser.add_argument("--repeats", type=int, default=None)
    parser.add_argument("--data", type=Path, default=None, help="real scans (or CALCISCOPE_SHARED_DATA)")
    parser.add_argument("--crops", type=Path, default=None, help="folder for pictures of failures")
    parser.add_argument("--publish", action="store_true", help="store the outcome and write docs/reference/accuracy.md")
    parser.add_argument("--json", type=Path, default=None, help="write the figures here as JSON, too")
    return parser.parse_args()


def main() -> int:
    """Run what was asked for; 0 when it ran, 2 for an unknown name."""
    asked = arguments()
    known = names()
    unknown = sorted(set(asked.name) - set(known))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    if asked.list:
        for name in known:
            module = importlib.import_module(f"benchmarks.bench_{name}")
            print(f"{name:14} {(module.__doc__ or '').strip().splitlines()[0]}")
        return 0
    options = Options(
        quick=asked.quick, seed=asked.seed, data=asked.data or real_scans(), crops=asked.crops, repeats=asked.repeats
    )
    reports = []
    for name in asked.name or known:
        started = time.perf_counter()
        reports.append(run_one(name, options))
        print(as_text(reports[-1]))
        seconds = time.perf_counter() - started
        print(f"({name}: {seconds:.0f} s)\n", flush=True)
        if asked.publish:
            publish(reports[-1], quick=asked.quick, seconds=seconds)
        if asked.json:
            asked.json.write_text(as_json(reports))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(CORES))
    os.environ.setdefault("NUMBA_NUM_THREADS", str(CORES))
    sys.exit(main())
