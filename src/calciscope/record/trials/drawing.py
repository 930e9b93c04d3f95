"""What a plan is drawn from, and where what was drawn is put: for the actions that draw a plan or add to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from calciscope.record.actor import Actor
from calciscope.record.models.care_team import CareTeamMember
from calciscope.record.models.entry import Entry, Status
from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient
from calciscope.record.models.reading_plan import ReadingItem, ReadingPair, ReadingPlan
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scope import PatientScope
from calciscope.record.trials.draw import Drawn, Hat, Shown, draw, draw_pairs
from calciscope.record.trials.plan import Rules
from calciscope.terms.errors import Refused


def nobody_knows_whom(readers: Sequence[UUID], patients: Sequence[Patient], by: Actor) -> None:
    """A reader is of the own site and in no care team of these patients, in whatever role, and not who draws the plan."""
    users = set(Membership.objects.filter(pk__in=readers, site_id=by.site_id).values_list("user_id", flat=True))
    if len(users) != len(readers):
        raise Invalid([Problem(field="readers", message="Choose readers of this site.")])
    if by.user_id in users:
        raise Invalid([Problem(field="readers", message="Who draws the plan knows the order and cannot be a reader.")])
    team = CareTeamMember.unscoped.filter(
        patient__in=patients, ended_at__isnull=True, membership__user_id__in=users
    ).select_related("membership__user")
    named = sorted({place.membership.user.name for place in team})
    if named:
        message = f"Cares for one of these patients and would know whom the scan shows: {', '.join(named)}."
        raise Invalid([Problem(field="readers", message=message)])


def scans_to_read(scope: PatientScope, patient: Patient, subject: str, rules: Rules) -> list[Shown]:
    """Every measured scan of a patient by date, of pairs the first and the last; a scan that was taken back is left out."""
    rows = scope.current_entries(patient).exclude(status=Status.ENTERED_IN_ERROR).filter(noun="imaging_measurement")
    kept = [row for row in rows.order_by("effective_on", "pk") if _is_measured(row)]
    if not kept:
        raise Refused(f"Subject {subject} has no measured scan; leave the patient out or measure a scan first.")
    shown = [
        Shown(subject=subject, patient=patient.pk, measurement=row.uid, visit_number=place)
        for place, row in enumerate(kept, 1)
    ]
    if not rules.pairs:
        return shown
    if len(shown) < 2:
        raise Refused(f"Subject {subject} has one measured scan; side by side takes two, so leave the patient out.")
    return [shown[0], shown[-1]]


def put_into(plan: ReadingPlan, scans: Sequence[Shown], readers: tuple[UUID, UUID], rules: Rules, hat: Hat) -> int:
    """Draw the readings of these scans and keep them; returns how many. Of pairs, every two scans belong together."""
    if not rules.pairs:
        drawn = draw(scans, readers, rules, hat)
        for one in drawn:
            _item(plan, one).save()
        return len(drawn)
    together = [(early, late) for early, late in pairwise(scans) if early.subject == late.subject]
    pairs = draw_pairs(together, readers, rules, hat)
    for pair in pairs:
        first, second = _item(plan, pair.first), _item(plan, pair.second)
        first.save()
        second.save()
        ReadingPair(plan=plan, first=first, second=second, label=pair.label).save()
    return 2 * len(pairs)


def _item(plan: ReadingPlan, one: Drawn) -> ReadingItem:
    return ReadingItem(
        plan=plan,
        patient_id=one.scan.patient,
        subject=one.scan.subject,
        measurement=one.scan.measurement,
        visit_number=one.scan.visit_number,
        reader_id=one.reader,
        kind=one.kind,
        label=one.label,
        position=one.position,
    )


def _is_measured(row: Entry) -> bool:
    return row.data.get("outcome") == "measured" and row.effective_on is not None
