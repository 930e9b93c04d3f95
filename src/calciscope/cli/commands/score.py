"""`calciscope score`: answers in, what an instrument says of them out, with everything that was not assessed."""

from __future__ import annotations

import argparse

from calciscope.cli.given_path import given_path

SUMMARY = "Score a patient's answers on an instrument; prints JSON."
EXAMPLE = "calciscope score eular-acr-2017 answers.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("instrument", metavar="INSTRUMENT", help="its id (`calciscope instruments` lists all)")
    parser.add_argument(
        "answers",
        metavar="ANSWERS",
        nargs="?",
        help="a JSON file of answers; - is standard input. A missing key or null is not assessed, never no",
    )
    parser.add_argument(
        "--blank", action="store_true", help="print an empty sheet of answers to fill in, and score nothing"
    )
    parser.add_argument(
        "--also",
        metavar="FOLDER",
        type=given_path,
        help="a folder of further instruments (id/definition.toml, sums only)",
    )


def run(args: argparse.Namespace) -> int:
    """Score and print; returns the exit code."""
    from calciscope.flows.score_instrument import empty_sheet, score_answers
    from calciscope.terms.errors import WrongUsage

    if args.blank == (args.answers is not None):
        raise WrongUsage("Give either ANSWERS to score, or --blank for an empty sheet.")
    if args.blank:
        text = empty_sheet(args.instrument, also=args.also)
    else:
        text = score_answers(args.instrument, args.answers, also=args.also)
    if args.json or not args.quiet:
        print(text, end="")
    return 0
