"""`calciscope track` alone on two measured scans of 600 slices: wall time, processor time and peak memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nibabel
import numpy as np

from benchmarks.bench_speed import place
from benchmarks.report import Goal, Options, Report, Table
from benchmarks.whole_process import CORES, timed
from calciscope.share.nifti import write_labels
from calciscope.terms.geometry import Grid

SLICES, SIZE = 600, 512
LIMIT_S, LIMIT_MB = 60.0, 4000.0
SEED = 11
PROGRAM = Path(sys.executable).parent / "calciscope"


def run(options: Options) -> Report:
    """One warming run and then the timed one."""
    folders = [
        stretched(measured_leg(followup), place() / f"track_legs_{SLICES}_{int(followup)}")
        for followup in (False, True)
    ]
    out = place() / "tracked"
    runs = []
    for _ in range(1 if options.quick else 2):
        shutil.rmtree(out, ignore_errors=True)
        runs.append(timed([str(PROGRAM), "track", *map(str, folders), "--out", str(out), "--quiet"]))
    last = runs[-1]
    deposits = len(json.loads((folders[0] / "measurement.json").read_bytes())["deposits"])
    return Report(
        id="tracking_speed",
        title="Speed and memory of comparing two scans",
        conditions=(
            f"Two measured scans of {SLICES} slices of {SIZE} x {SIZE}: two phantom legs, each stretched to that length, {deposits} "
            f"candidates at baseline; {CORES} cores; from folders to finished report. Under load processor time tells more.",
        ),
        goals=(
            Goal(what="processor time", unit="s", ours=round(last.cpu_s, 1), target=f"<= {LIMIT_S:g} on two cores",
                 met=last.cpu_s <= LIMIT_S, peer="3 to 8 s a segment for rigid registration alone (SimpleITK)"),
            Goal(what="wall time", unit="s", ours=round(last.wall_s, 1), target=f"<= {LIMIT_S:g}", met=last.wall_s <= LIMIT_S),
            Goal(what="peak memory", unit="MB", ours=round(last.peak_mb), target=f"<= {LIMIT_MB:.0f}", met=last.peak_mb <= LIMIT_MB),
        ),
        tables=(
            Table(caption="Runs", columns=("wall s", "processor s", "peak MB"),
                  rows=tuple((round(r.wall_s, 1), round(r.cpu_s, 1), round(r.peak_mb)) for r in runs)),
        ),
    )  # fmt: skip


def measured_leg(followup: bool) -> Path:
    """A measured phantom leg, made once."""
    folder = place() / f"track_leg_{int(followup)}"
    if not folder.is_dir():
        scan = place() / f"track_leg_scan_{int(followup)}"
        more = ["--followup"] if followup else []
        made = [
            str(PROGRAM),
            "phantom",
            "--kind",
            "leg",
            "--seed",
            str(SEED),
            "--out",
            str(scan),
            "--overwrite",
            "--quiet",
        ]
        subprocess.run([*made, *more], check=True)
        subprocess.run([str(PROGRAM), "measure", str(scan), "--out", str(folder), "--quiet"], check=True)
    return folder


def stretched(source: Path, out: Path) -> Path:
    """The leg and its mirror image side by side, stretched to 600 slices of 1 mm; only what `track` reads."""
    out.mkdir(exist_ok=True)
    document = json.loads((source / "measurement.json").read_bytes())
    labels = np.asarray(nibabel.load(source / "segmentation.nii.gz").dataobj).transpose(2, 1, 0)
    tissue = np.asarray(nibabel.load(source / "anatomy.nii.gz").dataobj).transpose(2, 1, 0)
    old = np.array(document["grid"]["affine"])
    pad = (SIZE - labels.shape[1]) // 2
    affine = old.copy()
    affine[:3, 3] -= old[:3, 1] * pad
    count = len(document["deposits"])
    write_labels(
        out / "segmentation.nii.gz", _two(labels, SLICES, SIZE, pad, count), _grid(affine, SLICES, SIZE), description=""
    )
    rows = tissue.shape[1]
    coarse = affine.copy()
    coarse[:3, 3] += affine[:3, 0] + affine[:3, 1] + 0.5 * affine[:3, 2]
    coarse[:3, :3] *= [3.0, 3.0, 2.0]
    both = _two(tissue, SLICES // 2, 2 * rows, (SIZE // 3 - rows) // 2, 0)
    write_labels(out / "anatomy.nii.gz", both, _grid(coarse, *both.shape[:2]), description="")
    document["deposits"] = [
        _moved(one, old, affine, pad, labels.shape[0], half, count) for half in (0, 1) for one in document["deposits"]
    ]
    document["grid"] |= {"affine": affine.tolist(), "shape": {"slices": SLICES, "rows": SIZE, "columns": SIZE}}
    document["coverage"] = [
        {"region": "thigh", "side": side, "evaluable": True, "why_not": ""} for side in ("left", "right")
    ]
    (out / "measurement.json").write_text(json.dumps(document), encoding="utf-8")
    return out


def _grid(affine: np.ndarray, slices: int, size: int) -> Grid:
    return Grid(shape=(slices, size, size), affine=affine)


def _two(stack: np.ndarray, slices: int, size: int, pad: int, offset: int) -> np.ndarray:
    """The stack and its mirror image beside each other; the mirror image's labels are higher by ``offset``."""
    found = np.zeros((slices, size, size), np.uint16 if offset else np.uint8)
    rows, columns = stack.shape[1:]
    for k in range(slices):
        own = stack[int(k * len(stack) / slices)].astype(found.dtype)
        found[k, pad : pad + rows, :columns] = own
        mirror = own[:, ::-1].copy()
        mirror[mirror > 0] += np.array(offset, found.dtype)
        found[k, pad : pad + rows, columns : 2 * columns] = mirror
    return found


def _moved(
    one: dict[str, Any], old: np.ndarray, new: np.ndarray, pad: int, slices: int, half: int, count: int
) -> dict[str, Any]:
    column, row, level, _ = np.linalg.inv(old) @ np.array([one["x_mm"], one["y_mm"], one["z_mm"], 1.0])
    column = column if half == 0 else SIZE - 1 - column
    x, y, z, _ = new @ np.array([column, row + pad, level * SLICES / slices, 1.0])
    return one | {"x_mm": float(x), "y_mm": float(y), "z_mm": float(z), "deposit_id": one["deposit_id"] + half * count}
