"""Whether the own site shows advice, and the picture of a patient that advice is given for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.banner import banner_of, with_identity
from calciscope.record.fact import facts_of
from calciscope.record.guarded import query
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry
from calciscope.record.permissions import Permission
from calciscope.record.picture.draw import Drawn, draw
from calciscope.record.scope import PatientScope
from calciscope.record.site_advice import turned_on
from calciscope.terms.errors import Refused

ADVICE_OFF = "Advice on options is off at this site; its administrator can turn it on under People."


@query(permission=Permission.USE)
def advice_is_on(*, by: Actor) -> bool:
    """Whether the actor's site has turned advice on."""
    return turned_on(by)


@query(permission=Permission.SEE_ADVICE)
def patient_picture(*, by: Actor, patient: UUID, on: date) -> Drawn:
    """What was known of a patient at the end of that day (UTC), and true on it; refused where the site has advice off.

    What was written later is left out, so that a past day gives what would have been said then.
    """
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    if not turned_on(by):
        raise Refused(ADVICE_OFF)
    end = datetime.combine(on + timedelta(days=1), time.min, UTC)
    written = scope.rows(Entry, found).filter(contribution__at__lt=end)
    newer = written.filter(uid=OuterRef("uid"), version__gt=OuterRef("version"))
    facts = facts_of(written.filter(~Exists(newer)).order_by("pk"))
    deposits = [(row.pk, row.label) for row in scope.rows(Deposit, found).order_by("number")]
    (known,) = with_identity(scope.patients().filter(pk=found.pk))
    audit.mention(patient_id=found.pk, on=on.isoformat(), facts=len(facts))
    return draw(facts, deposits, born=banner_of(known).born_on, on=on)
