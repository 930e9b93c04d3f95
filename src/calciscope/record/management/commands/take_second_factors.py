"""`calciscope manage take_second_factors`: for a person who has lost authenticator, passkey and recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calciscope.record.set_up import take_second_factors
from calciscope.terms.errors import Refused


class Command(BaseCommand):
    """Take second factors away after the person's identity was checked as when they were taken on."""

    help = "Take away the second factors of a person who has lost them; the next log-in sets up new ones."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--email", required=True, help="address by which the person logs in")
        parser.add_argument(
            "--checked-by", required=True, help="who has checked the person's identity, by papers and face to face"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take them away, and say how many."""
        try:
            count = take_second_factors(email=options["email"], by_whom=options["checked_by"])
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{count} second factors are gone and every log-in of the person has ended.")
