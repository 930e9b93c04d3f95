"""Entry point of the `calciscope` command: finds the commands, parses, runs one, answers with an exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from calciscope.cli import commands
from calciscope.cli.exit_codes import guarded

RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."


ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Deposits mean many small linear systems, which threads of a BLAS slow down: one thread, unless the user set it."""
SMALL_PAGES = "NUMPY_MADVISE_HUGEPAGE"
"""Most of a label volume is never written: with pages of 4 kB it takes no memory there, with huge ones it does."""


class _Version(argparse.Action):
    """Prints the version; looked up only when asked, because package metadata is slow to read."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> NoReturn:
        from importlib.metadata import version

        print(f"calciscope {version('calciscope')}")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """Says a wrong call in one line, without the whole usage before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See `{self.prog} --help`.\n")


def found_commands() -> dict[str, ModuleType]:
    """Name -> module of every command, sorted."""
    names = sorted(info.name for info in pkgutil.iter_modules(commands.__path__))
    return {name.replace("_", "-"): importlib.import_module(f"{commands.__name__}.{name}") for name in names}


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    parser = _Parser(
        prog="calciscope",
        allow_abbrev=False,
        description="Measures calcinosis cutis on CT: mass, volume, depth, layer and site of every calcium deposit.",
        epilog=RESEARCH_USE,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    listed = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, module in found_commands().items():
        child = listed.add_parser(
            name,
            help=module.SUMMARY,
            description=module.SUMMARY,
            epilog=f"example:\n  {module.EXAMPLE}\n\n{RESEARCH_USE}",
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(child)
        _add_common(child)
        child.set_defaults(run=module.run)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("common options")
    group.add_argument("--quiet", action="store_true", help="no progress bar, nothing printed on success")
    group.add_argument("--json", action="store_true", help="print the result as JSON on standard output as well")
    group.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="processor cores to use (default: all)")
    group.add_argument("--overwrite", action="store_true", help="replace our own earlier output in --out")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")


def _jobs(text: str) -> int:
    try:
        jobs = int(text)
    except ValueError:
        jobs = 0
    if jobs < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of cores from 1, got {text!r}")
    return jobs


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 wrong usage, 3 refused, 4 not allowed, 5 our own fault)."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    os.environ.setdefault(SMALL_PAGES, "0")
    args = build_parser().parse_args(argv)
    return guarded(lambda: int(args.run(args)), command=args.command, debug=args.debug)


if __name__ == "__main__":
    sys.exit(main())
