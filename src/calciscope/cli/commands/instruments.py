"""`calciscope instruments`: which instruments there are, what they measure, who owns them, and how well they were checked."""

from __future__ import annotations

import argparse

from calciscope.cli.given_path import given_path

SUMMARY = "List the instruments with what they measure, rights, source and verification."
EXAMPLE = "calciscope instruments --json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "--also",
        metavar="FOLDER",
        type=given_path,
        help="a folder of further instruments (id/definition.toml, sums only)",
    )


def run(args: argparse.Namespace) -> int:
    """List and print; returns the exit code."""
    from calciscope.flows.score_instrument import instruments_as_json, instruments_as_text

    if args.json:
        print(instruments_as_json(also=args.also), end="")
    elif not args.quiet:
        print(instruments_as_text(also=args.also), end="")
    return 0
