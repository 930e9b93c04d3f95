"""A deposit as a flat row: the columns of deposits.csv, which measurement.json uses as well."""

from __future__ import annotations

from calciscope.share.rounding import rounded
from calciscope.terms.deposits import Deposit

COLUMNS = (
    "deposit_id",
    "kind",
    "confidence",
    "reason",
    "volume_ml",
    "volume_130hu_ml",
    "mass_mg",
    "mass_lower_mg",
    "mass_upper_mg",
    "excess_hu_ml",
    "peak_hu",
    "mean_hu",
    "background_hu",
    "agatston",
    "longest_diameter_mm",
    "x_mm",
    "y_mm",
    "z_mm",
    "skin_depth_mm",
    "layer",
    "layer_also",
    "shape",
    "region",
    "side",
)

Row = dict[str, int | float | str | list[str] | None]


def row(deposit: Deposit) -> Row:
    """Column -> value in the promised order; numbers rounded, None where not evaluable."""
    return {column: _plain(getattr(deposit, column)) for column in COLUMNS}


def _plain(value: object) -> int | float | str | list[str] | None:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, str):
        return str(value)  # an enum member becomes its plain word
    if isinstance(value, int):
        return int(value)
    return None if value is None else rounded(float(value))  # type: ignore[arg-type]
