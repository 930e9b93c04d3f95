"""deposits.csv: one row a candidate, set-aside ones too; an empty cell is "not evaluable"."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from calciscope.share.deposit_rows import COLUMNS, row
from calciscope.terms.deposits import Deposit


def deposits_csv(deposits: Sequence[Deposit]) -> str:
    """The table as text (UTF-8, comma, newline); lists in one cell are joined by ``;``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for deposit in deposits:
        writer.writerow([_cell(value) for value in row(deposit).values()])
    return text.getvalue()


def _cell(value: object) -> object:
    return ";".join(value) if isinstance(value, list) else value
