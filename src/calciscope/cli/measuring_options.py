"""How a scan is to be measured: the options that `measure` and `track` share."""

from __future__ import annotations

import argparse
import math
from typing import Any

from calciscope.cli.given_path import given_path


def add_measuring_options(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument(
        "--series", metavar="UID", help="which CT series, where SCAN holds several (default: the best suited)"
    )
    parser.add_argument(
        "--calibration",
        metavar="HU_PER_MG_ML",
        type=_calibration,
        help="HU per mg hydroxyapatite/ml (default: modelled from tube voltage and body size, uncertainty stated)",
    )
    parser.add_argument(
        "--matrix",
        metavar="HU|background",
        type=_matrix,
        default=40.0,
        help="what a deposit's mineral sits in: a CT number, or `background` for the tissue around it "
        "(default: 40, soft tissue)",
    )
    parser.add_argument(
        "--bone-mask",
        metavar="FILE",
        type=given_path,
        help="use this NIfTI mask of bone (from any other tool) instead of the built-in one",
    )


def measuring_choices(args: argparse.Namespace) -> dict[str, Any]:
    """The fields of `flows.measure_scan.Request` that these options and the common ones set."""
    return {
        "series_uid": args.series,
        "calibration_hu_per_mg_ml": args.calibration,
        "matrix_hu": args.matrix,
        "bone_mask": args.bone_mask,
        "jobs": args.jobs,
        "overwrite": args.overwrite,
    }


def _calibration(text: str) -> float:
    return _number_between(text, 0.2, 10.0, "HU per mg/ml")


def _matrix(text: str) -> float | None:
    if text.strip().lower() == "background":
        return None
    return _number_between(text, -200.0, 300.0, "HU")


def _number_between(text: str, low: float, high: float, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"expected a number from {low:g} to {high:g} {unit}, got {text!r}")
    return number
