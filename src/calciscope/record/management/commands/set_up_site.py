"""`calciscope manage set_up_site`: a new site with its first administrator and officer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calciscope.record.permissions import Role
from calciscope.record.set_up import set_up_site
from calciscope.terms.errors import Refused


class Command(BaseCommand):
    """Make a site; the account gets its password by the reset page or by `changepassword`."""

    help = "Make a site with its first person, who is administrator and officer until others are taken on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--site", required=True, help="name of the clinic")
        parser.add_argument("--email", required=True, help="address by which the person logs in")
        parser.add_argument("--name", required=True, help="the person's name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it."""
        roles = (Role.ADMINISTRATOR, Role.OFFICER)
        try:
            set_up_site(site=options["site"], email=options["email"], name=options["name"], roles=roles)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Set a password: calciscope manage changepassword {options['email']}")
