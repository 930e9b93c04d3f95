"""For which patients in an actor's care the advice of an earlier version of the knowledge and of the present one differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from calciscope.advise import Change, Difference, differences_by
from calciscope.record.actor import Actor
from calciscope.record.queries.advice import ClinicPictures, PictureOf, clinic_pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One patient whose advice would differ, with what differs."""

    of: PictureOf
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForClinic:
    """One part of the patients in an actor's care: how many there are, how many were gone through, and who differs."""

    pictures: ClinicPictures
    differing: tuple[Differing, ...]


def changed_for_clinic(*, by: Actor, changed: Change, on: date, offset: int, limit: int) -> ForClinic:
    """Patients in the actor's care by name. Raises NotAllowed, Refused where the site has advice off."""
    found = clinic_pictures(by=by, on=on, offset=offset, limit=limit)
    compared = [Differing(of=one, differences=differences_by(changed, one.picture)) for one in found.pictures]
    return ForClinic(pictures=found, differing=tuple(one for one in compared if one.differences))
