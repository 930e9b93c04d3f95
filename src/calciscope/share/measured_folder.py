"""The folder that `measure` writes: every file of it, and how to know one again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from calciscope.share.deposits_csv import deposits_csv
from calciscope.share.measurement_json import SCHEMA, measurement_json
from calciscope.share.nifti import write_labels, write_volume
from calciscope.share.report.typesetting import draw
from calciscope.terms.deposits import Kind
from calciscope.terms.measurement import Measurement
from calciscope.terms.progress import Progress, silent

JSON_NAME = "measurement.json"
WHOLE_FROM_MG = 1000.0


def write(measurement: Measurement, folder: Path, *, progress: Progress = silent) -> str:
    """Write all files into ``folder`` (which must exist); returns the text of measurement.json."""
    step = "Writing tables and masks"
    progress(step, 0.0)
    text = measurement_json(measurement)
    (folder / JSON_NAME).write_bytes(text.encode())
    (folder / "deposits.csv").write_bytes(deposits_csv(measurement.deposits).encode())
    with ThreadPoolExecutor(1) as beside:
        masks = beside.submit(_write_masks, measurement, folder)
        progress(step, 1.0)
        draw(measurement, folder, progress=progress)
        masks.result()
    return text


def _write_masks(measurement: Measurement, folder: Path) -> None:
    """Packing the masks and drawing the report keep different cores busy."""
    anatomy = measurement.anatomy
    write_labels(
        folder / "segmentation.nii.gz",
        measurement.labels,
        measurement.series.volume.grid,
        description="label = deposit_id",
    )
    write_labels(
        folder / "anatomy.nii.gz",
        anatomy.tissue,
        anatomy.grid,
        description="0 outside, 1 body (other), 2 fat, 3 muscle, 4 bone",
    )
    coarse = measurement.coarse_ct
    write_volume(folder / "coarse_ct.nii.gz", coarse.hu, coarse.grid, description="mean HU")


def is_ours(folder: Path) -> bool:
    """Whether ``folder`` is an earlier output of `measure`."""
    try:
        found = json.loads((folder / JSON_NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("schema") == SCHEMA


def sentence(json_text: str) -> str:
    """What was found, in one sentence, from the text of measurement.json."""
    found = json.loads(json_text)
    burden, count = found["burden"], found["burden"]["deposits"]
    uncertain = sum(one["kind"] == Kind.UNCERTAIN for one in found["deposits"])
    candidates = "candidate is" if uncertain == 1 else "candidates are"
    doubt = f" {uncertain} {candidates} uncertain and not counted." if uncertain else ""
    if count == 0:
        return f"Found no calcinosis in what could be evaluated.{doubt}"
    deposits = f"{count} deposit{'s' if count != 1 else ''} of calcinosis"
    if burden["mass_mg"] is None:
        return f"Found {deposits}; the mass is not evaluable (see the checks in the report).{doubt}"
    mass, low, high = (in_mg(burden[name]) for name in ("mass_mg", "mass_lower_mg", "mass_upper_mg"))
    return f"Found {deposits}: {mass} mg hydroxyapatite (95 % interval {low} to {high} mg).{doubt}"


def in_mg(mass_mg: float | None) -> str:
    """A mass for a terminal: four digits, whole milligrams with commas from a gram on."""
    if mass_mg is None:
        return "an unknown number of"
    return f"{mass_mg:,.0f}" if abs(mass_mg) >= WHOLE_FROM_MG else f"{mass_mg:.4g}"
