"""`calciscope manage`: the management commands of the web application and its database."""

from __future__ import annotations

import argparse
import os

SUMMARY = "Manage the web application's database: migrate, check, and more."
EXAMPLE = "calciscope manage migrate"

SETTINGS = "calciscope.web.settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--demo", action="store_true", help="work on the demonstration instead of the clinic's record")
    parser.add_argument(
        "rest", metavar="...", nargs=argparse.REMAINDER, help="the management command and its options (help lists all)"
    )


def run(args: argparse.Namespace) -> int:
    """Hand over to Django; a command that ends by itself brings its own exit code."""
    from django.core.management import execute_from_command_line

    from calciscope.record.unreachable import told_of_the_database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"{SETTINGS}.{'demo' if args.demo else 'production'}")
    with told_of_the_database():
        execute_from_command_line(["calciscope manage", *(args.rest or ["help"])])
    return 0
