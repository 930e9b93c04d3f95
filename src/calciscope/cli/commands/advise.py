"""`calciscope advise`: what is known of a patient in, options to discuss out, with reasons, stops and missing facts."""

from __future__ import annotations

import argparse

from calciscope.cli.given_path import given_path

SUMMARY = "Weigh the options for one patient's picture; prints JSON. For discussion, never an order."
EXAMPLE = "calciscope advise picture.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "picture",
        metavar="PICTURE",
        nargs="?",
        help="a JSON file of what is known of the patient; - is standard input. A missing key or null is not known",
    )
    parser.add_argument(
        "--compare",
        metavar="KNOWLEDGE",
        type=given_path,
        help="a folder of another version of the knowledge: print only what advice would differ from it",
    )
    parser.add_argument(
        "--vocabulary", action="store_true", help="print the words a picture is written in, and advise nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Advise and print; returns the exit code."""
    from calciscope.flows.advise_patient import advise_picture, compare_knowledge, vocabulary_as_json
    from calciscope.terms.errors import WrongUsage

    if args.vocabulary == (args.picture is not None):
        raise WrongUsage("Give either PICTURE to advise on, or --vocabulary for the words it is written in.")
    if args.vocabulary:
        text = vocabulary_as_json()
    elif args.compare:
        text = compare_knowledge(args.picture, args.compare)
    else:
        text = advise_picture(args.picture)
    if args.json or not args.quiet:
        print(text, end="")
    return 0
