"""One of everything that an address can name, so that no address is left out: tests of all addresses and axe on all pages use it.

An address with a new kind of key needs one more line in `furnish`, or in `WORDS` where it is a word and no key.
"""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from calciscope.flows.films import take_film
from calciscope.flows.letter_for_record import Request, draft_letter, issue_letter
from calciscope.record.actions.deposits import record_new_deposit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.photographs import add_photograph
from calciscope.record.actions.plan import present_plan, sign_plan
from calciscope.record.actions.reading_plans import draw_reading_plan
from calciscope.record.actions.scans import begin_scan
from calciscope.record.actor import Actor
from calciscope.record.models.membership import Membership
from calciscope.record.models.reading_plan import ReadingItem
from calciscope.record.models.user import User
from calciscope.record.permissions import Role
from calciscope.record.queries.scans import kept_pixels
from calciscope.record.trials.plan import Rules
from calciscope.terms.letter_facts import Typed
from tests.unit.flows.kept_limb import limb
from tests.unit.read.film_maker import radiograph
from tests.unit.record.scans.made import compared_scan, measured_scan

HELD_ON = "2026-11-02"
FINDING = {
    "region": "elbow",
    "side": "left",
    "layer": "subcutaneous",
    "form": "nodule",
    "longest_mm": 14,
    "size_method": "caliper",
    "pain": 2,
    "skin_state": ["intact"],
}
PRIVATE = "Very private words"
WORDS = {
    "section": "effects",
    "form": "effects",
    "name": "diagnosis",
    "notice": 1,
    "instrument": "mmt-8",
    "candidate": 1,
    "plane": "coronal",
    "panel": "difference",
    "kind_of_letter": "assessment-and-plan",
    "item": "1",
}
KEYS = ("visit", "deposit", "fact", "photograph", "film", "scan", "measurement", "letter", "plan", "reading")
POST_ALONE = {
    "deposit_unchanged",
    "visit_draft",
    "patient_draft",
    "visit_sign",
    "visit_cancel",
    "confirm_growth", "decide_candidates",
    "review_step",
}


def add_deposit(by: Actor, patient: UUID, visit: UUID) -> UUID:
    """A nodule at the elbow."""
    event = {"event": "present", "on": HELD_ON}
    return record_new_deposit(by=by, patient=patient, visit=visit, finding=FINDING, event=event)


def add_picture(by: Actor, patient: UUID, visit: UUID) -> UUID:
    """A red picture of the elbow."""
    held = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(held, "JPEG")
    said = {"taken_on": HELD_ON, "region": "elbow", "side": "left", "pose": "flexed"}
    return add_photograph(by=by, patient=patient, visit=visit, picture=held.getvalue(), said=said)


def add_radiograph(by: Actor, patient: UUID) -> UUID:
    """A radiograph of the elbow with something bright in it."""
    said = {"taken_on": HELD_ON, "region": "elbow", "side": "left", "identity_note": PRIVATE}
    return take_film(by=by, patient=patient, whole=radiograph(BodyPartExamined="ELBOW"), said=said)


def add_scan(by: Actor, patient: UUID) -> UUID:
    """A scan that has begun to come."""
    said = {"modality": "ct", "question": PRIVATE}
    return begin_scan(by=by, patient=patient, sizes=[20], suffixes=[".zip"], said=said)


def add_compared(by: Actor, patient: UUID) -> UUID:
    """Two measured scans a year apart, the later one compared with the earlier; the later measurement's key."""
    earlier, later = measured_scan(by, patient, done_on="2025-03-10"), measured_scan(by, patient)
    compared_scan(by, patient, earlier, later)
    keep_pixels(by, patient, later)
    return later


def keep_pixels(by: Actor, patient: UUID, measurement: UUID) -> None:
    """Pixels of a small limb, as if they were those of a measured scan; its deposits have the numbers 1 and 2."""
    limb().keep(kept_pixels(by=by, patient=patient, measurement=measurement, what="test"))


def add_plan(by: Actor, patient: UUID) -> None:
    """A plan that has been presented, with an option that is set aside and one that overrides a stop."""
    stop = {"rule": "any", "because": "A stop."}
    chosen = {"therapy": "diltiazem", "title": "Diltiazem", "decision": "chosen", "reason": PRIVATE, "off_label": True}
    aside = {"therapy": "excision", "title": "Excision", "decision": "set_aside", "reason": PRIVATE}
    options = [chosen | {"stops": [stop], "override": PRIVATE, "dose": "as agreed"}, aside]
    data = {"agreed_on": HELD_ON, "goals": PRIVATE, "next_steps": PRIVATE, "clock_from": HELD_ON, "options": options}
    record_entries(by=by, patient=patient, sayings=[Saying(noun="plan", data=data)])
    present_plan(by=by, patient=patient, version=1)
    sign_plan(by=by, patient=patient, version=1, answer="dissents", words=PRIVATE)


def add_letter(by: Actor, patient: UUID) -> UUID:
    """One that was issued, to be had again."""
    typed = Typed(recipient=(PRIVATE,), salutation="Dear colleague,")
    asked = Request(kind="assessment_and_plan", sent_to="referring_doctor", typed=typed)
    today = date.today()
    looked_at = draft_letter(by=by, patient=patient, request=asked, on=today).digest
    issued = issue_letter(by=by, patient=patient, request=asked, looked_at=looked_at, on=today)
    assert isinstance(issued, UUID)
    return issued


def add_trial(by: Actor, patient: UUID) -> dict[str, UUID]:
    """A reading plan of the patient's scan, and the first item of reader 1; readers are taken on where the site has too few."""
    site = Membership.objects.get(pk=by.membership_id).site
    seats = Membership.objects.filter(site=site, role=Role.READER, ended_at=None)
    for number in range(3 - seats.count()):
        user = User.objects.create_user(email=f"reader.{number}@example.org", name=f"Reader {number}")
        Membership.objects.create(user=user, site=site, role=Role.READER)
    one, two, three = seats.order_by("since")[:3]
    plan = draw_reading_plan(
        by=by, study="S-01", title="Of all addresses", subjects={patient: "001"}, readers=(one.pk, two.pk),
        adjudicator=three.pk, rules=Rules(),
    )  # fmt: skip
    return {"plan": plan, "reading": ReadingItem.unscoped.filter(plan=plan, reader=one).order_by("position")[0].pk}


def furnish(by: Actor, patient: UUID, visit: UUID) -> dict[str, UUID]:
    """Keys by the names that addresses give them."""
    saying = Saying(noun="note", data={"text": PRIVATE})
    (fact,) = record_entries(by=by, patient=patient, visit=visit, sayings=[saying])
    add_plan(by, patient)
    return {
        "patient": patient,
        "visit": visit,
        "deposit": add_deposit(by, patient, visit),
        "fact": fact,
        "photograph": add_picture(by, patient, visit),
        "film": add_radiograph(by, patient),
        "measurement": add_compared(by, patient),
        "scan": add_scan(by, patient),
        "letter": add_letter(by, patient),
        **add_trial(by, patient),
    }


def patterns(resolver: URLResolver | None = None) -> list[URLPattern]:
    """Every address there is."""
    found: list[URLPattern] = []
    for one in (resolver or get_resolver()).url_patterns:
        found += patterns(one) if isinstance(one, URLResolver) else [one]
    return found


def ours() -> dict[str, URLPattern]:
    """Addresses of our own screens by name; those of log-in come from elsewhere."""
    return {str(found.name): found for found in patterns() if found.callback.__module__.startswith("calciscope.")}


def arguments(name: str, given: dict[str, UUID]) -> dict[str, object]:
    """What an address is made with."""
    return {key: given.get(key, WORDS.get(key)) for key in ours()[name].pattern.converters}
