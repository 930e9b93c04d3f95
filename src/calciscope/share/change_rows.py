"""A family as a flat row: the columns of changes.csv, which tracking.json uses as well."""

from __future__ import annotations

import csv
import io

from calciscope.share.rounding import rounded
from calciscope.terms.tracking import Family, Tracking

COLUMNS = (
    "track_id",
    "event",
    "cause",
    "baseline_ids",
    "followup_ids",
    "baseline_mass_mg",
    "followup_mass_mg",
    "change_mg",
    "change_percent",
    "limit_mg",
    "significant",
    "region",
    "side",
    "layer",
    "baseline_volume_ml",
    "followup_volume_ml",
    "beyond_25_percent",
    "followup",
    "note",
)

Row = dict[str, int | float | str | bool | list[int] | None]


def row(family: Family, followup: int) -> Row:
    """Column -> value in the promised order; None where not evaluable."""
    return {name: followup if name == "followup" else _plain(getattr(family, name)) for name in COLUMNS}


def changes_csv(tracking: Tracking) -> str:
    """The table as text (UTF-8, comma, newline); an empty cell is "not evaluable", several ids are joined by ``;``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for comparison in tracking.comparisons:
        for family in comparison.families:
            writer.writerow([_cell(value) for value in row(family, comparison.followup).values()])
    return text.getvalue()


def _plain(value: object) -> int | float | str | bool | list[int] | None:
    if isinstance(value, tuple):
        return [int(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    return rounded(float(value))  # type: ignore[arg-type]


def _cell(value: object) -> object:
    if isinstance(value, list):
        return ";".join(str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
