"""Lay down how a trial is read: subjects, readers, rules; and draw who reads what in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.membership import Membership
from calciscope.record.models.reading_plan import ReadingPlan
from calciscope.record.permissions import Permission, Role
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scope import PatientScope
from calciscope.record.trials.draw import Hat
from calciscope.record.trials.drawing import nobody_knows_whom, put_into, scans_to_read
from calciscope.record.trials.plan import READERS, Rules, name_problems

MOST_SUBJECTS = 2000  # judgement: more than any trial of this disease


@action(permission=Permission.RUN_TRIAL)
def draw_reading_plan(
    *,
    by: Actor,
    study: str,
    title: str,
    subjects: Mapping[UUID, str],
    readers: Sequence[UUID],
    adjudicator: UUID | None,
    rules: Rules,
) -> UUID:
    """Draw the readings of every measured scan of the patients; ``subjects`` is patient -> subject number. Returns the plan's key.

    Raises Invalid where identifiers or rules do not hold, a reader is not three persons' one, or a reader knows a patient.
    """
    problems = [*name_problems(study, subjects.values()), *rules.problems()]
    problems += _problems(title, subjects, readers, adjudicator)
    if problems or adjudicator is None:
        raise Invalid(problems)
    scope = PatientScope.of(by)
    patients = [scope.patient(key) for key in subjects]
    nobody_knows_whom([*readers, adjudicator], patients, by)
    scans = [one for patient in patients for one in scans_to_read(scope, patient, subjects[patient.pk], rules)]
    plan = ReadingPlan(
        site_id=by.site_id,
        study=study,
        title=title.strip(),
        rules=rules.kept() | {READERS: [str(key) for key in readers]},
        adjudicator_id=adjudicator,
        drawn_by_id=by.membership_id,
    )
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError:
        raise Invalid([Problem(field="study", message="This site has a reading plan of this study already.")]) from None
    count = put_into(plan, scans, (readers[0], readers[1]), rules, Hat())
    audit.mention(plan=plan.pk, subjects=len(patients), scans=len(scans), readings=count)
    return plan.pk


def _problems(
    title: str, subjects: Mapping[UUID, str], readers: Sequence[UUID], adjudicator: UUID | None
) -> list[Problem]:
    found = []
    if not title.strip():
        found.append(Problem(field="title", message="This is needed."))
    if not 0 < len(subjects) <= MOST_SUBJECTS:
        found.append(Problem(field="subjects", message=f"Choose at least one patient, at most {MOST_SUBJECTS}."))
    people = [*readers, *([adjudicator] if adjudicator else [])]
    if len(readers) != 2 or adjudicator is None:
        found.append(Problem(field="readers", message="Choose two readers and a third who decides where they differ."))
    elif _users(people) is None:
        message = "Three different people of this site who have the role of a reader are needed."
        found.append(Problem(field="readers", message=message))
    return found


def _users(memberships: Sequence[UUID]) -> set[UUID] | None:
    """Who they are; None unless each is another person with the running role of a reader."""
    running = Membership.objects.filter(
        pk__in=memberships, role=Role.READER.value, ended_at__isnull=True, user__is_active=True
    )
    users = set(running.values_list("user_id", flat=True))
    return users if len(users) == len(memberships) else None
