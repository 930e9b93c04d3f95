"""`calciscope knowledge`: keep what advice rests on current: import references, list what is overdue to be checked."""

from __future__ import annotations

import argparse
from datetime import date

from calciscope.cli.given_path import given_path

SUMMARY = "Keep the knowledge current: import references, list what is overdue, see whose advice a change moves."
EXAMPLE = "calciscope knowledge import pubmed.nbib"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "action",
        metavar="ACTION",
        choices=("import", "overdue", "differ"),
        help="import: take lists of references (RIS, NBIB, PubMed XML) to be looked at; none becomes evidence by it. "
        "overdue: files that are to be checked again, and references that wait. differ: for which patients' pictures the advice "
        "differs from that of an earlier version; prints JSON",
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        type=given_path,
        help="with import: the lists; with differ: pictures (JSON) or folders of them",
    )
    parser.add_argument(
        "--knowledge",
        metavar="FOLDER",
        type=given_path,
        help="a folder of knowledge (default: the one that is installed)",
    )
    parser.add_argument(
        "--against", metavar="FOLDER", type=given_path, help="with differ: the folder of the earlier version"
    )
    parser.add_argument("--on", metavar="DAY", type=_day, default=None, help="the day asked about (default: today)")


def run(args: argparse.Namespace) -> int:
    """Import, list or compare, and print; returns the exit code."""
    from calciscope.flows.changed_advice import changed_for_pictures
    from calciscope.flows.knowledge_upkeep import (
        import_references,
        imported_as_json,
        imported_as_text,
        upkeep_as_json,
        upkeep_as_text,
    )
    from calciscope.terms.errors import WrongUsage

    if bool(args.files) == (args.action == "overdue"):
        raise WrongUsage("import and differ take at least one FILE, overdue takes none.")
    if (args.against is not None) != (args.action == "differ"):
        raise WrongUsage("differ takes --against FOLDER, the earlier version; nothing else does.")
    on = args.on or date.today()
    if args.action == "import":
        found = import_references(args.files, folder=args.knowledge, on=on)
        text = imported_as_json(found) if args.json else imported_as_text(found)
    elif args.action == "differ":
        text = changed_for_pictures(args.files, earlier=args.against, later=args.knowledge, jobs=args.jobs)
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
