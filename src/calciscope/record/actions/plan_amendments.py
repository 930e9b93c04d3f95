"""Amend a reading plan: other rules from now on, or further scans to read. Appended with a reason; what was drawn stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from calciscope.record import audit, policies
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.reading_plan import AmendmentKind, PlanAmendment, ReadingKind, ReadingPlan
from calciscope.record.permissions import Permission
from calciscope.record.reading_scope import ReadingScope
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scope import PatientScope
from calciscope.record.trials.amended import rules_of
from calciscope.record.trials.draw import Hat
from calciscope.record.trials.drawing import nobody_knows_whom, put_into, scans_to_read
from calciscope.record.trials.plan import AMENDABLE, READERS, Rules, name_problems
from calciscope.terms.errors import Refused

NONE_NEW = "No further scan of a patient in your care was found; nothing was added."
IS_READER = "You read for this plan; somebody who does not read amends it."


@action(permission=Permission.RUN_TRIAL)
def amend_rules(*, by: Actor, plan: UUID, changed: Mapping[str, Any], reason: str) -> int:
    """Other rules for what is locked from now on; returns the number of the amendment.

    Raises Invalid where nothing changes, a rule is not one that may change, or no reason is given.
    """
    held = _plan(by, plan)
    now = rules_of(held).kept()
    if not set(changed) <= set(AMENDABLE):
        raise Invalid([Problem(field="rules", message="This rule stays as it was drawn.")])
    said = {name: [now[name], value] for name, value in changed.items() if now[name] != value}
    problems = list(Rules.of(now | dict(changed)).problems())
    if not said and not problems:
        problems.append(Problem(field="rules", message="Nothing was changed."))
    if problems:
        raise Invalid(problems)
    return _append(by, held, AmendmentKind.RULES, said, reason)


@action(permission=Permission.RUN_TRIAL)
def add_scans(*, by: Actor, plan: UUID, subjects: Mapping[UUID, str], reason: str) -> int:
    """Further readings behind those drawn: of scans measured since, and of new subjects; returns how many.

    ``subjects`` is new patient -> subject number. Refused where nothing is new, or a scan lies before one that was drawn.
    """
    held, scope = _plan(by, plan), PatientScope.of(by)
    items = list(held.items.all())
    known = {item.patient_id: item.subject for item in items}
    problems = list(name_problems(held.study, [*known.values(), *subjects.values()]))
    if problems:
        raise Invalid(problems)
    named = {key: number for key, number in subjects.items() if key not in known}
    patients = [*scope.patients().filter(pk__in=known).order_by("pk"), *(scope.patient(key) for key in named)]
    readers = (UUID(held.rules[READERS][0]), UUID(held.rules[READERS][1]))
    nobody_knows_whom([*readers, held.adjudicator_id], [one for one in patients if one.pk in named], by)
    rules = rules_of(held)
    read = {item.measurement for item in items}
    last = {key: max(item.visit_number for item in items if item.patient_id == key) for key in known}
    fresh = []
    for patient in patients:
        if rules.pairs and patient.pk in known:
            continue  # first and last were drawn, and a later last would be another pair
        for scan in scans_to_read(scope, patient, (known | named)[patient.pk], rules):
            if scan.measurement not in read and scan.visit_number <= last.get(patient.pk, 0):
                raise Refused(f"A scan of subject {scan.subject} lies before one that was drawn; it cannot be added.")
            fresh += [scan] if scan.measurement not in read else []
    if not fresh:
        raise Refused(NONE_NEW)
    labels = {item.label for item in items} | {pair.label for pair in held.pairs.all()}
    places = {key: max((one.position for one in items if one.reader_id == key), default=0) for key in readers}
    count = put_into(held, fresh, readers, rules, Hat(taken=labels, places=places))
    said = {"scans": len(fresh), "readings": count, "subjects": sorted({one.subject for one in fresh})}
    _append(by, held, AmendmentKind.SCANS, said, reason)
    return count


def _plan(by: Actor, key: UUID) -> ReadingPlan:
    held = ReadingScope.of(by).plan(key)
    people = {
        item.reader.user_id for item in held.items.exclude(kind=ReadingKind.ADJUDICATION).select_related("reader")
    }
    if by.user_id in people | {held.adjudicator.user_id}:
        raise Refused(IS_READER)
    return held


def _append(by: Actor, plan: ReadingPlan, kind: AmendmentKind, said: Mapping[str, Any], reason: str) -> int:
    number = 1 + plan.amendments.count()
    PlanAmendment(
        plan=plan,
        number=number,
        kind=kind.value,
        said=dict(said),
        reason=policies.reason_is_given(reason),
        made_by_id=by.membership_id,
    ).save()
    audit.mention(plan=plan.pk, amendment=number, changed=sorted(said))
    return number
