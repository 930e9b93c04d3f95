"""`calciscope measure`: a CT scan in, every calcium deposit out, measured."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

SUMMARY = "Measure every calcium deposit on a CT scan."
EXAMPLE = "calciscope measure knee_ct.zip --out knee_measured"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "scan",
        metavar="SCAN",
        type=Path,
        help="a folder or zip of DICOM (searched recursively), one DICOM file (enhanced multi-frame), or NIfTI",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write; must not exist yet")
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
        type=Path,
        help="use this NIfTI mask of bone (from any other tool) instead of the built-in one",
    )


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


def run(args: argparse.Namespace) -> int:
    """Measure and report; returns the exit code."""
    from calciscope.cli.progress_bar import progress_bar
    from calciscope.flows.measure_scan import Request, measure_scan

    request = Request(
        scan=args.scan,
        out=args.out,
        series_uid=args.series,
        calibration_hu_per_mg_ml=args.calibration,
        matrix_hu=args.matrix,
        bone_mask=args.bone_mask,
        jobs=args.jobs,
        overwrite=args.overwrite,
    )
    with progress_bar(quiet=args.quiet) as progress:
        done = measure_scan(request, progress=progress)
    if args.json:
        sys.stdout.buffer.write(done.json_text.encode())
    elif not args.quiet:
        print(done.sentence.encode(errors="backslashreplace").decode())  # a path may hold bytes that are no text
    return 0
