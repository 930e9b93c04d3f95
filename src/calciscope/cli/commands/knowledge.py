"""`calciscope knowledge`: keep what advice rests on current: import references, list what is overdue to be checked."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

SUMMARY = "Keep the knowledge current: import references, list what is overdue to be checked."
EXAMPLE = "calciscope knowledge import pubmed.nbib"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "action",
        metavar="ACTION",
        choices=("import", "overdue"),
        help="import: take lists of references (RIS, NBIB, PubMed XML) to be looked at; none becomes evidence by it. "
        "overdue: files that are to be checked again, and references that wait",
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="with import: the lists")
    parser.add_argument(
        "--knowledge", metavar="FOLDER", type=Path, help="a folder of knowledge (default: the one that is installed)"
    )
    parser.add_argument("--on", metavar="DAY", type=_day, default=None, help="the day asked about (default: today)")


def run(args: argparse.Namespace) -> int:
    """Import or list, and print; returns the exit code."""
    from calciscope.flows.knowledge_upkeep import (
        import_references,
        imported_as_json,
        imported_as_text,
        upkeep_as_json,
        upkeep_as_text,
    )
    from calciscope.terms.errors import WrongUsage

    on = args.on or date.today()
    if bool(args.files) != (args.action == "import"):
        raise WrongUsage("import takes at least one FILE, overdue takes none.")
    if args.action == "import":
        found = import_references(args.files, folder=args.knowledge, on=on)
        text = imported_as_json(found) if args.json else imported_as_text(found)
    elif args.json:
        text = upkeep_as_json(folder=args.knowledge, on=on)
    else:
        text = upkeep_as_text(folder=args.knowledge, on=on)
    if args.json or not args.quiet:
        print(text, end="")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a day such as 2026-11-23, got {text!r}") from error
