"""What a benchmark hands back: conditions, tables, and goals with our figure beside the peer's."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

Cell = str | float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run: ``quick`` keeps it under three minutes; ``seed`` fixes every random choice.

    ``data``: folder of real scans (see docs/reference/accuracy.md), None when there is none. ``crops``: folder for
    pictures of failures (never part of the project), None for no pictures.
    """

    quick: bool = False
    seed: int = 20261123
    data: Path | None = None
    crops: Path | None = None
    repeats: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One figure held against its target: ``met`` is None where it could not be measured."""

    what: str
    ours: Cell
    target: str
    met: bool | None
    peer: Cell = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A printed table: a caption, column heads and rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of one benchmark; ``conditions`` state repeats, seeds, pooling and noise texture."""

    id: str
    title: str
    conditions: tuple[str, ...]
    goals: tuple[Goal, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)


def shown(cell: Cell) -> str:
    """One cell as text: a dash for None, three significant digits for fractions."""
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"
    return str(cell)


def text_table(columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> str:
    """Rows as a Markdown table with aligned columns."""
    cells = [[shown(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(columns))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def goal_rows(goals: tuple[Goal, ...]) -> tuple[tuple[Cell, ...], ...]:
    """Goals as table rows."""
    verdict = {True: "yes", False: "NO", None: "not measured"}
    return tuple((goal.what, goal.unit, goal.ours, goal.peer, goal.target, verdict[goal.met]) for goal in goals)


GOAL_COLUMNS = ("figure", "unit", "ours", "peer", "target", "met")


def as_text(report: Report) -> str:
    """A report as Markdown."""
    parts = [f"## {report.title}", ""]
    parts += [f"- {line}" for line in report.conditions]
    if report.goals:
        parts += ["", text_table(GOAL_COLUMNS, goal_rows(report.goals))]
    for table in report.tables:
        parts += ["", f"{table.caption}:", "", text_table(table.columns, table.rows)]
    if report.notes:
        parts += ["", *(f"- {note}" for note in report.notes)]
    return "\n".join(parts) + "\n"


def as_json(reports: list[Report]) -> str:
    """Reports as JSON text."""
    return json.dumps([asdict(report) for report in reports], indent=1, sort_keys=True, default=str) + "\n"


def percentile_text(values: list[float], percent: float) -> float | None:
    """A percentile of ``values``, None when there are none."""
    if not values:
        return None
    import numpy as np

    return float(np.percentile(np.asarray(values), percent))
