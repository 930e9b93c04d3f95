"""`calciscope track`: scans of one patient in, what became of every deposit out."""

from __future__ import annotations

import argparse
import sys

from calciscope.cli.given_path import given_path
from calciscope.cli.measuring_options import add_measuring_options, measuring_choices

SUMMARY = "Follow every deposit from scan to scan, and say which changes are real."
EXAMPLE = "calciscope track knee_2025 knee_2026 --out knee_change"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "scans",
        metavar="SCAN",
        nargs="+",
        type=given_path,
        help="two or more of one patient, in any order: each a scan as `measure` takes it, or the folder of an earlier "
        "`measure`",
    )
    parser.add_argument(
        "--out", metavar="DIR", type=given_path, required=True, help="folder to write; must not exist yet"
    )
    add_measuring_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compare and report; returns the exit code."""
    from calciscope.cli.progress_bar import progress_bar
    from calciscope.flows.measure_scan import Request
    from calciscope.flows.track_scans import TrackRequest, track_scans
    from calciscope.terms.errors import WrongUsage

    if len(args.scans) == 1:
        raise WrongUsage("Only one SCAN was given; tracking needs a baseline and at least one follow-up.")
    measuring = Request(scan=args.scans[0], out=args.out, **measuring_choices(args))
    request = TrackRequest(scans=tuple(args.scans), out=args.out, measuring=measuring)
    with progress_bar(quiet=args.quiet) as progress:
        done = track_scans(request, progress=progress)
    if args.json:
        sys.stdout.buffer.write(done.json_text.encode())
    elif not args.quiet:
        for line in (done.sentence, *done.warnings):
            print(line.encode(errors="backslashreplace").decode())  # a path may hold bytes that are no text
    return 0
