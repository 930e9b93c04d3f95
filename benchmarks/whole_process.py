"""Runs a whole command and tells its wall time, processor time and peak memory, children included."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_S = 0.05
CORES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command. ``peak_mb``: the most resident memory of the process and its children together."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    exit_code: int
    said: str


def tree_rss(process: psutil.Process) -> int:
    """Resident bytes of a process and its children now; memory they share is counted for each."""
    total = 0
    try:
        for member in (process, *process.children(recursive=True)):
            total += member.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def environment() -> dict[str, str]:
    """The same two cores for both sides."""
    limits = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS", "OPENBLAS_NUM_THREADS")
    return {**os.environ, **dict.fromkeys(limits, str(CORES)), "MPLBACKEND": "Agg"}


def timed(command: list[str], cwd: Path | None = None) -> Run:
    """Run a command to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(), cwd=cwd, text=True
    )
    peak = [0]

    def watch() -> None:
        process = psutil.Process(child.pid)
        while child.poll() is None:
            peak[0] = max(peak[0], tree_rss(process))
            time.sleep(SAMPLE_S)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    _, said = child.communicate()
    wall = time.perf_counter() - started
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(
        wall_s=wall,
        cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak_mb=peak[0] / 1e6,
        exit_code=child.returncode,
        said=said[-2000:],
    )
