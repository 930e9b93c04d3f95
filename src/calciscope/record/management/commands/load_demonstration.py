"""`calciscope manage --demo load_demonstration`: invented patients, and the truth behind them in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calciscope.record.actor import Actor
from calciscope.record.demonstration.chance import parameters
from calciscope.record.demonstration.load import load_patients
from calciscope.record.demonstration.patients import make_patients
from calciscope.record.models.membership import Membership
from calciscope.record.permissions import CARE_ROLES, Role
from calciscope.terms.errors import NotAllowed


class Command(BaseCommand):
    """Load invented patients into the site of the given doctor; all who care for patients there are in their teams."""

    help = "Load invented patients into a demonstration; the same seed gives the same people."
    requires_system_checks = []  # data is loaded even when a screen is broken

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--doctor", required=True, help="e-mail address of the rheumatologist who sees them")
        parser.add_argument("--patients", type=int, default=12, help="how many (default: 12; also 200, 3000, 20000)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other people (default: 1)")
        parser.add_argument("--truth", type=Path, help="file to write what is true of each of them to, as JSON lines")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load them."""
        seats = Membership.objects.filter(ended_at__isnull=True)
        seat = seats.filter(user__email=options["doctor"].lower(), role=Role.RHEUMATOLOGIST.value).first()
        if seat is None:
            raise CommandError("There is no rheumatologist with this address.")
        team = seats.filter(site=seat.site_id, role__in=[role.value for role in CARE_ROLES]).values_list(
            "pk", flat=True
        )
        made = make_patients(seed=options["seed"], count=options["patients"])
        truths: list[dict[str, Any]] = []
        kept = (truths.append(patient.truth) or patient for patient in made)  # type: ignore[func-returns-value]
        try:
            keys = load_patients(kept, seed=options["seed"], by=Actor.of(seat), team=team)
        except NotAllowed as refused:
            raise CommandError(str(refused)) from None
        if options["truth"]:
            head = {"synthetic": True, "seed": options["seed"], "parameters": parameters()}
            lines = [head, *({"patient": str(key)} | truth for key, truth in zip(keys, truths, strict=True))]
            options["truth"].write_text(
                "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines), encoding="utf-8"
            )
        self.stdout.write(f"{len(keys)} invented patients are in the record.")
