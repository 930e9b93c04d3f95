"""`calciscope manage verify_record`: the audit's chain and every contribution against their hashes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calciscope.record.verify import verify_record


class Command(BaseCommand):
    """Verify the record; exit code 1 when something does not fit."""

    requires_system_checks = []  # the record is kept and checked even when a screen is broken
    help = "Check the audit's chain and every contribution against their hashes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say what was found."""
        found = verify_record()
        if not found.whole:
            raise CommandError(
                f"The record does not fit its hashes: first broken audit line {found.first_broken_line}, "
                f"changed contributions {', '.join(found.changed_contributions) or 'none'}."
            )
        self.stdout.write(f"{found.lines} audit lines and {found.contributions} contributions are as written.")
        self.stdout.write(f"Keep this elsewhere: line {found.lines}, {found.head}")
