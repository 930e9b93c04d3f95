"""Whether the own site shows advice, and the picture of a patient that advice is given for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.banner import Banner, banner_of, with_identity
from calciscope.record.fact import facts_of
from calciscope.record.guarded import query
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry
from calciscope.record.models.patient import Patient
from calciscope.record.permissions import Permission
from calciscope.record.picture.deposits import NamedDeposit
from calciscope.record.picture.draw import Drawn, draw
from calciscope.record.scope import PatientScope
from calciscope.record.site_advice import turned_on
from calciscope.terms.errors import Refused
from calciscope.terms.picture import PatientPicture

MOST_AT_ONCE = 100  # patients whose pictures are drawn for one page
ADVICE_OFF = "Advice on options is off at this site; its administrator can turn it on under People."


@query(permission=Permission.USE)
def advice_is_on(*, by: Actor) -> bool:
    """Whether the actor's site has turned advice on."""
    return turned_on(by)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOf:
    """One patient's picture, with who it is and how the record names the deposits."""

    banner: Banner
    picture: PatientPicture
    deposits: tuple[NamedDeposit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicPictures:
    """Pictures of one part of the patients in an actor's care, by name, and how many patients there are."""

    pictures: tuple[PictureOf, ...]
    total: int


@query(permission=Permission.SEE_ADVICE)
def patient_picture(*, by: Actor, patient: UUID, on: date) -> Drawn:
    """What was known of a patient at the end of that day (UTC), and true on it; refused where the site has advice off.

    What was written later is left out, so that a past day gives what would have been said then.
    """
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    if not turned_on(by):
        raise Refused(ADVICE_OFF)
    (known,) = with_identity(scope.patients().filter(pk=found.pk))
    facts, drawn = _drawn(scope, known, on)
    audit.mention(patient_id=found.pk, on=on.isoformat(), facts=facts)
    return drawn


@query(permission=Permission.REVIEW_KNOWLEDGE)
def clinic_pictures(*, by: Actor, on: date, offset: int, limit: int) -> ClinicPictures:
    """The same of many patients in the actor's care, by name; refused where the site has advice off."""
    if not turned_on(by):
        raise Refused(ADVICE_OFF)
    scope = PatientScope.of(by)
    ordered = scope.patients().order_by("identity__family_name", "identity__given_name", "pk")
    part = with_identity(ordered[max(0, offset) :][: max(0, min(limit, MOST_AT_ONCE))])
    pictures = []
    for one in part:
        _, drawn = _drawn(scope, one, on)
        pictures.append(PictureOf(banner=banner_of(one), picture=drawn.picture, deposits=drawn.deposits))
    audit.mention(on=on.isoformat(), offset=offset, count=len(pictures), patients=[str(one.pk) for one in part])
    return ClinicPictures(pictures=tuple(pictures), total=scope.patients().count())


def _drawn(scope: PatientScope, patient: Patient, on: date) -> tuple[int, Drawn]:
    """(how many facts there were, the picture), of a patient in scope who was fetched with names and numbers."""
    end = datetime.combine(on + timedelta(days=1), time.min, UTC)
    written = scope.rows(Entry, patient).filter(contribution__at__lt=end)
    newer = written.filter(uid=OuterRef("uid"), version__gt=OuterRef("version"))
    facts = facts_of(written.filter(~Exists(newer)).order_by("pk"))
    deposits = [(row.pk, row.label) for row in scope.rows(Deposit, patient).order_by("number")]
    return len(facts), draw(facts, deposits, born=banner_of(patient).born_on, on=on)
