"""`calciscope measure`: a CT scan in, every calcium deposit out, measured."""

from __future__ import annotations

import argparse
import sys

from calciscope.cli.given_path import given_path
from calciscope.cli.measuring_options import add_measuring_options, measuring_choices

SUMMARY = "Measure every calcium deposit on a CT scan."
EXAMPLE = "calciscope measure knee_ct.zip --out knee_measured"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "scan",
        metavar="SCAN",
        type=given_path,
        help="a folder or zip of DICOM (searched recursively), one DICOM file (enhanced multi-frame), or NIfTI",
    )
    parser.add_argument(
        "--out", metavar="DIR", type=given_path, required=True, help="folder to write; must not exist yet"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep the pixels too (folder `kept`), so that the scan can be reviewed in the web app",
    )
    add_measuring_options(parser)


def run(args: argparse.Namespace) -> int:
    """Measure and report; returns the exit code."""
    from calciscope.cli.progress_bar import progress_bar
    from calciscope.flows.measure_scan import Request, measure_scan

    request = Request(scan=args.scan, out=args.out, **measuring_choices(args))
    with progress_bar(quiet=args.quiet) as progress:
        done = measure_scan(request, progress=progress, keep=args.keep)
    if args.json:
        sys.stdout.buffer.write(done.json_text.encode())
    elif not args.quiet:
        print(done.sentence.encode(errors="backslashreplace").decode())  # a path may hold bytes that are no text
    return 0
