"""Record as growing what tracking found grown, for the deposits that a clinician confirms; never without that."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.fact import facts_of
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.deposit import Deposit
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans.growth import GROWING, growth_proposed
from calciscope.record.scope import PatientScope
from calciscope.record.stories import stories
from calciscope.terms.errors import NotAllowed, Refused

EVENT = "deposit_event"
NOT_PROPOSED = "This is not proposed any more; look at the scan again."


@action(permission=Permission.DECIDE_IMAGING)
def confirm_growth(*, by: Actor, patient: UUID, measurement: UUID, deposits: Sequence[UUID]) -> int:
    """Append the event "growing" on the day of the scan to each; returns how many. Invalid for a deposit that is not proposed."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    facts = facts_of(scope.current_entries(found))
    scan = next((one for one in facts if one.uid == measurement and one.noun == "imaging_measurement"), None)
    if scan is None or not scan.holds:
        raise NotAllowed("There is no such measurement.")
    if scan.effective_on is None:
        raise Refused("The study has no date; correct that first.")
    rows = {row.pk: row for row in scope.rows(Deposit, found)}
    named = [(row.pk, row.label) for row in rows.values()]
    proposed = {one.deposit: one for one in growth_proposed(scan, facts, stories(facts, named))}
    if not deposits or not set(deposits) <= set(proposed):
        raise Invalid(
            [Problem(field="deposits", message=NOT_PROPOSED if deposits else "Tick the deposits that you confirm.")]
        )
    day = scan.effective_on
    writings = [
        Writing(
            noun=EVENT,
            data=noun(EVENT).validated({"event": GROWING, "on": day.isoformat(), "basis": "imaging"}),
            deposit=rows[key],
            effective_on=day,
        )
        for key in dict.fromkeys(deposits)
    ]
    contribute(by=by, action="confirm_growth", patient=found, writings=writings)
    audit.mention(measurement=measurement, count=len(writings))
    return len(writings)
