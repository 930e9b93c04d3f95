"""`calciscope manage restore FILE`: a backup into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calciscope.record.backup.restore import restore_backup
from calciscope.terms.errors import CalciscopeError


class Command(BaseCommand):
    """Bring a backup back."""

    requires_system_checks = []  # the record is kept and checked even when a screen is broken
    help = "Restore a backup into an empty, migrated database; every row is compared with what was kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="zip file that `backup` wrote")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore it."""
        try:
            manifest = restore_backup(options["file"])
        except CalciscopeError as error:
            raise CommandError(str(error)) from None
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(f"{rows} rows of {len(manifest['tables'])} tables are back, each as it was.")
