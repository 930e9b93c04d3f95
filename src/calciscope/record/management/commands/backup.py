"""`calciscope manage backup FILE`: everything as it stands now, into one zip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calciscope.record.backup.write import write_backup
from calciscope.terms.errors import CalciscopeError


class Command(BaseCommand):
    """Back the record up while it is in use."""

    requires_system_checks = []  # the record is kept and checked even when a screen is broken
    help = "Write a backup of the whole record into one zip file (it holds patients' data: keep it safe)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="zip file to write; must not exist yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it."""
        try:
            manifest = write_backup(options["file"])
        except CalciscopeError as error:
            raise CommandError(str(error)) from None
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{rows} rows of {len(manifest['tables'])} tables and {len(manifest['files'])} files are kept."
        )
