"""The folder that `track` writes, and how to know one again."""

from __future__ import annotations

import json
from pathlib import Path

from calciscope.share.change_report.typesetting import draw
from calciscope.share.change_rows import changes_csv
from calciscope.share.measured_folder import in_mg
from calciscope.share.tracking_json import SCHEMA, tracking_json
from calciscope.terms.progress import Progress, silent
from calciscope.terms.tracking import Event, Tracking

JSON_NAME = "tracking.json"


def write(tracking: Tracking, folder: Path, *, progress: Progress = silent) -> str:
    """Write all files into ``folder`` (which must exist); returns the text of tracking.json."""
    step = "Writing the comparison"
    progress(step, 0.0)
    text = tracking_json(tracking)
    (folder / JSON_NAME).write_bytes(text.encode())
    (folder / "changes.csv").write_bytes(changes_csv(tracking).encode())
    progress(step, 1.0)
    draw(tracking, folder, progress=progress)
    return text


def is_ours(folder: Path) -> bool:
    """Whether ``folder`` is an earlier output of `track`."""
    try:
        found = json.loads((folder / JSON_NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("schema") == SCHEMA


def sentence(tracking: Tracking) -> str:
    """What changed from the first to the last scan, in one sentence."""
    last = tracking.comparisons[-1]
    burden = last.burden
    counts = [(event, sum(1 for one in last.families if one.event is event)) for event in Event]
    events = ", ".join(f"{count} {event.value.replace('_', ' ')}" for event, count in counts if count)
    if burden.change_mg is None or burden.limit_mg is None:
        return f"Burden not evaluable; deposits: {events or 'none'}."
    verdict = "beyond" if burden.significant else "within"
    return (
        f"Burden in the shared view {in_mg(burden.baseline_mg)} to {in_mg(burden.followup_mg)} mg, {verdict} error "
        f"({burden.limit_mg:.3g} mg); deposits: {events or 'none'}."
    )
