"""`calciscope manage`: the management commands of the web application and its database."""

from __future__ import annotations

import argparse
import os

from calciscope.terms.errors import WrongUsage

SUMMARY = "Manage the web application's database: migrate, check, and more."
EXAMPLE = "calciscope manage migrate"

SETTINGS = "calciscope.web.settings"
OF_DJANGO = ("help", "version")  # known to it, and in no list


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--demo", action="store_true", help="work on the demonstration instead of the clinic's record")
    parser.add_argument(
        "rest", metavar="...", nargs=argparse.REMAINDER, help="the management command and its options (help lists all)"
    )


def run(args: argparse.Namespace) -> int:
    """Hand over to Django; a command that ends by itself brings its own exit code."""
    import django
    from django.core.management import execute_from_command_line, get_commands

    from calciscope.record.unreachable import told_of_the_database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"{SETTINGS}.{'demo' if args.demo else 'production'}")
    rest = args.rest or ["help"]
    with told_of_the_database():
        django.setup()
        if not rest[0].startswith("-") and rest[0] not in {*OF_DJANGO, *get_commands()}:
            raise WrongUsage(f"There is no management command {rest[0]}; `calciscope manage help` lists them.")
        execute_from_command_line(["calciscope manage", *rest])
    return 0
