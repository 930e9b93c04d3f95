"""What a letter is written from, and the documents of those that were issued."""

from __future__ import annotations

from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.banner import banner_of, with_identity
from calciscope.record.fact import Fact, facts_of
from calciscope.record.guarded import query
from calciscope.record.letters import files
from calciscope.record.letters.draw import Known
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry
from calciscope.record.models.membership import Membership
from calciscope.record.permissions import Permission
from calciscope.record.plans.standing import PLAN
from calciscope.record.scope import PatientScope
from calciscope.terms.errors import Refused
from calciscope.terms.letter_facts import Sender

ERASED = "The identity of this patient was erased; no letter can be written."


@query(permission=Permission.RECORD)
def known_for_letter(*, by: Actor, patient: UUID) -> Known:
    """Newest facts, every version of the plan, and who would write."""
    scope = PatientScope.of(by)
    one = scope.patient(patient)
    (found,) = with_identity(scope.patients().filter(pk=one.pk))
    banner = banner_of(found)
    if not banner.identity_version:
        raise Refused(ERASED)
    versions = scope.rows(Entry, one).filter(noun=PLAN).select_related("contribution__user").order_by("version")
    member = Membership.objects.select_related("user", "site").get(pk=by.membership_id)
    known = Known(
        banner=banner,
        facts=facts_of(scope.current_entries(one).order_by("effective_on", "pk")),
        plan_versions=tuple(Fact.of(row) for row in versions),
        deposits=tuple((row.pk, row.label) for row in scope.rows(Deposit, one).order_by("number")),
        sender=Sender(name=member.user.name, role=by.role.value, site=member.site.name, phone=member.site.phone),
    )
    audit.mention(patient_id=one.pk, facts=len(known.facts))
    return known


@query(permission=Permission.SEE_PATIENT)
def letter_document(*, by: Actor, patient: UUID, letter: UUID) -> bytes:
    """The document, byte for byte as it was issued."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    entry = scope.entry(found, letter, noun="letter")
    audit.mention(patient_id=found.pk, letter=letter)
    return files.read(found.pk, str(entry.data["file"]), str(entry.data["sha256"]))
