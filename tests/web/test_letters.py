"""Letters are looked at, issued exactly as they were looked at, and had again byte for byte."""

from __future__ import annotations

import hashlib
from datetime import date
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.identity import erase_identity
from calciscope.record.actions.plan import present_plan, put_plan_in_force, sign_plan
from calciscope.record.actions.team import join_team
from calciscope.record.actor import Actor
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from tests.web.furnished import furnish
from tests.web.test_nothing_typed_is_lost import again, ended, hidden_of

DOCTOR, SECOND, FAMILY = "assessment-and-plan", "second-opinion", "family"
TYPED = {
    DOCTOR: {
        "sent_to": "referring_doctor",
        "recipient": "Dr Ada Fictitious\n1 Nowhere Lane",
        "salutation": "Dear Ada,",
    },
    SECOND: {
        "sent_to": "specialist",
        "recipient": "Dr Ada Fictitious",
        "salutation": "Dear Ada,",
        "question": "Excise now?",
        "wanted": "Your opinion",
    },
    FAMILY: {"sent_to": "family", "salutation": "Dear family,"},
}
SECRETS = ("Fictitious", "Nowhere")

pytestmark = pytest.mark.usefixtures("files")


def text(answer) -> str:
    return unescape(answer.content.decode())


def address(patient: UUID, kind: str) -> str:
    return reverse("write_letter", args=[patient, kind])


def issue(web: Client, patient: UUID, kind: str, **changed: str):
    """Look at it, then issue what was looked at."""
    typed = TYPED[kind] | changed
    looked = web.post(address(patient, kind), typed | {"do": "look"})
    return web.post(address(patient, kind), typed | {"do": "issue", "looked_at": looked.context["digest"]})


def issued(by: Actor, patient: UUID):
    return [fact for fact in patient_page(by=by, patient=patient).facts if fact.noun == "letter"]


def add_plan(by: Actor, patient: UUID, **changed: object) -> None:
    option = {"therapy": "physiotherapy", "title": "Physiotherapy", "decision": "chosen", "reason": "The knee is stiff"}
    data = {"agreed_on": "2026-11-02", "goals": "To kneel again", "options": [option]} | changed
    record_entries(by=by, patient=patient, sayings=[Saying(noun="plan", data=data)])


def force_plan(by: Actor, patient: UUID) -> None:
    present_plan(by=by, patient=patient, version=1)
    sign_plan(by=by, patient=patient, version=1, answer="agrees")
    put_plan_in_force(by=by, patient=patient, version=1)


@pytest.mark.parametrize("kind", TYPED)
def test_a_letter_is_issued_and_had_again_byte_for_byte(doctor, web, patient, kind) -> None:
    assert "No letter has been issued" in text(web.get(reverse("letters", args=[patient])))
    assert issue(web, patient, kind).status_code == 302
    (fact,) = issued(doctor, patient)
    assert "(PDF)" in text(web.get(reverse("letters", args=[patient])))
    first, second = (web.get(reverse("letter_pdf", args=[patient, fact.uid])) for _ in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first.content == second.content
    assert first.content.startswith(b"%PDF-")
    assert hashlib.sha256(first.content).hexdigest() == fact.data["sha256"]
    assert fact.data["issued_on"] == date.today().isoformat()


def test_what_is_typed_stands_in_the_document_alone(doctor, web, patient, caplog) -> None:
    with caplog.at_level("DEBUG"):
        issue(web, patient, DOCTOR)
    (fact,) = issued(doctor, patient)
    told = " ".join(str(line.detail) for line in AuditEvent.unscoped.all()) + caplog.text + str(fact.data)
    assert [secret for secret in SECRETS if secret in told] == []
    names = {line.name for line in AuditEvent.unscoped.all()}
    assert "keep_letter" in names


def test_a_letter_says_which_facts_it_was_written_from(doctor, web, patient, visit, deposit) -> None:
    issue(web, patient, DOCTOR)
    (fact,) = issued(doctor, patient)
    versions = {str(one.uid): one.version for one in patient_page(by=doctor, patient=patient).facts}
    told = dict(map(tuple, fact.data["sources"]))
    findings = [one for one in patient_page(by=doctor, patient=patient).facts if one.noun == "deposit_finding"]
    assert findings and all(told[str(one.uid)] == one.version for one in findings)
    assert all(versions[key] == version for key, version in told.items())


def test_nothing_is_issued_that_was_not_looked_at(doctor, web, patient) -> None:
    typed = TYPED[DOCTOR]
    looked = web.post(address(patient, DOCTOR), typed | {"do": "look"}).context["digest"]
    allergy = Saying(noun="allergy", data={"substance": "Penicillin", "answer": "present"})
    record_entries(by=doctor, patient=patient, sayings=[allergy])
    answer = web.post(address(patient, DOCTOR), typed | {"do": "issue", "looked_at": looked})
    assert answer.status_code == 409
    assert "differs from what you looked at" in text(answer)
    assert "Penicillin" in text(answer)
    assert issued(doctor, patient) == []
    assert (
        web.post(address(patient, DOCTOR), typed | {"do": "issue", "looked_at": answer.context["digest"]}).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("kind", "field"), [(DOCTOR, "recipient"), (SECOND, "question"), (SECOND, "wanted"), (DOCTOR, "sent_to")]
)
def test_what_a_letter_needs_is_asked_for_and_nothing_typed_is_lost(doctor, web, patient, kind, field) -> None:
    answer = issue(web, patient, kind, **{field: "", "opening": "Kept words"})
    assert answer.status_code == 422
    assert f"#f-{field}" in text(answer)
    assert "Kept words" in text(answer)
    assert issued(doctor, patient) == []


def test_too_long_is_refused_at_the_field(doctor, web, patient) -> None:
    answer = issue(web, patient, DOCTOR, opening="x" * 4001)
    assert answer.status_code == 422
    assert "At most 4000 characters" in text(answer)


def test_letters_that_no_font_has_are_refused_in_a_sentence(doctor, web, patient) -> None:
    answer = issue(web, patient, DOCTOR, salutation="Dear 山田,")
    assert answer.status_code == 422
    assert "fonts cannot show" in text(answer)
    assert issued(doctor, patient) == []
    assert issue(web, patient, DOCTOR, salutation="Dear Dr Żółć, שלום, مرحبا, Ωμέγα, Иванов,").status_code == 302


def test_a_plan_that_is_not_in_force_makes_a_draft_and_says_so(doctor, web, patient) -> None:
    add_plan(doctor, patient)
    page = text(web.get(address(patient, DOCTOR)))
    assert "will stand across every page" in page
    assert "has not been presented to the team" in page
    issue(web, patient, DOCTOR)
    assert issued(doctor, patient)[0].data["plan"] == "draft"
    force_plan(doctor, patient)
    page = text(web.get(address(patient, DOCTOR)))
    assert "will stand across every page" not in page
    assert "The plan in force" in page
    issue(web, patient, DOCTOR)
    assert {fact.data["plan"] for fact in issued(doctor, patient)} == {"draft", "in_force"}


def test_the_family_is_told_of_a_plan_in_force_alone(doctor, web, patient) -> None:
    add_plan(doctor, patient)
    page = text(web.get(address(patient, FAMILY)))
    assert "To kneel again" not in page
    assert "There is no signed plan yet" in page
    force_plan(doctor, patient)
    page = text(web.get(address(patient, FAMILY)))
    for words in ("To kneel again", "Physiotherapy", "Get help at once", "Call us on the same day"):
        assert words in page


def test_a_revision_that_is_not_signed_leaves_the_version_in_force_in_the_letter(doctor, web, patient) -> None:
    add_plan(doctor, patient)
    force_plan(doctor, patient)
    (plan,) = [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "plan"]
    changed = dict(plan.data) | {"goals": "To run"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="plan", data=changed, based_on=1)])
    for kind in (DOCTOR, FAMILY):
        page = text(web.get(address(patient, kind)))
        assert "To kneel again" in page
        assert "To run" not in page
    assert "A newer version" in text(web.get(address(patient, DOCTOR)))


def test_advice_stands_in_letters_to_professionals_where_the_site_has_it_on_and_never_in_the_familys(
    people, doctor, web, patient
) -> None:
    assert "Advice is off at this site" in text(web.get(address(patient, DOCTOR)))
    set_advice(by=people(Role.ADMINISTRATOR), on=True)
    page = text(web.get(address(patient, DOCTOR)))
    assert "Calcinosis cutis in dermatomyositis is" in page
    assert "Would settle most" in page
    assert "items are not recorded" in page
    assert "Not scored: 239th ENMC" in text(web.get(reverse("assessment", args=[patient])))
    family = text(web.get(address(patient, FAMILY)))
    assert [word for word in ("settle most", "Evidence", "Red flag", "supported") if word in family] == []


def test_a_signed_dissent_and_an_override_stand_in_the_letter(people, doctor, web, patient) -> None:
    stop = {"rule": "any", "because": "The pulse is slow."}
    option = {"therapy": "diltiazem", "title": "Diltiazem", "decision": "chosen", "reason": "Large", "stops": [stop]}
    add_plan(doctor, patient, options=[option | {"override": "A pacemaker is in place"}])
    present_plan(by=doctor, patient=patient, version=1)
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    sign_plan(by=nurse, patient=patient, version=1, answer="dissents", words="Wound first")
    page = text(web.get(address(patient, DOCTOR)))
    for words in ("The pulse is slow.", "A pacemaker is in place", "Wound first", "dissents"):
        assert words in page


def test_pictures_go_with_a_second_opinion(doctor, web, patient, visit) -> None:
    furnish(doctor, patient, visit)
    page = text(web.get(address(patient, SECOND)))
    assert page.count("data:image/svg+xml;base64,") >= 2
    assert "Body map" in page
    assert issue(web, patient, SECOND).status_code == 302


def test_there_is_no_other_kind(web, patient) -> None:
    assert web.get(address(patient, "invoice")).status_code == 422


def test_erasing_the_identity_erases_the_documents(
    people, doctor, web, patient, settings, django_capture_on_commit_callbacks
) -> None:
    issue(web, patient, DOCTOR)
    (fact,) = issued(doctor, patient)
    with django_capture_on_commit_callbacks(execute=True):
        erase_identity(by=people(Role.OFFICER), patient=patient, reason="Asked for by the patient")
    assert list(Path(settings.MEDIA_ROOT).rglob("*.pdf")) == []
    assert "was erased" in text(web.get(reverse("letter_pdf", args=[patient, fact.uid])))
    assert "no letter can be written" in text(web.get(address(patient, DOCTOR)))


def test_a_document_that_was_changed_on_the_disk_is_not_given_out(doctor, web, patient, settings) -> None:
    issue(web, patient, DOCTOR)
    (fact,) = issued(doctor, patient)
    (document,) = Path(settings.MEDIA_ROOT).rglob("*.pdf")
    document.write_bytes(document.read_bytes() + b" ")
    answer = web.get(reverse("letter_pdf", args=[patient, fact.uid]))
    assert answer.status_code == 422
    assert "not the one that was issued" in text(answer)


def test_the_sites_own_phone_number_stands_on_the_familys_page(people, client_of, web, patient) -> None:
    admin = client_of(people(Role.ADMINISTRATOR))
    assert "____" in text(web.get(address(patient, FAMILY)))
    refused = admin.post(reverse("site_members"), {"phone": "call me <b>"})
    assert refused.status_code == 422
    assert "takes a phone number" in text(refused)
    assert admin.post(reverse("site_members"), {"phone": "+00 (0) 000-0000"}).status_code == 302
    assert "+00 (0) 000-0000" in text(admin.get(reverse("site_members")))
    page = text(web.get(address(patient, FAMILY)))
    assert "+00 (0) 000-0000" in page
    assert "____" not in page
    assert "another number" in text(web.post(address(patient, FAMILY), TYPED[FAMILY] | {"phone": "another number"}))
    admin.post(reverse("site_members"), {"phone": ""})
    assert "____" in text(web.get(address(patient, FAMILY)))


def test_a_button_that_was_pressed_twice_issues_one_letter(doctor, web, patient, settings) -> None:
    typed = TYPED[DOCTOR]
    looked_at = web.post(address(patient, DOCTOR), typed | {"do": "look"}).context["digest"]
    for _ in range(2):
        assert web.post(address(patient, DOCTOR), typed | {"do": "issue", "looked_at": looked_at}).status_code == 302
    (fact,) = issued(doctor, patient)
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.pdf"))) == 1
    assert web.get(reverse("letter_pdf", args=[patient, fact.uid])).status_code == 200
    assert issue(web, patient, DOCTOR, sent_to="specialist").status_code == 302
    assert len(issued(doctor, patient)) == 2


def test_what_is_typed_is_shown_as_text(web, patient) -> None:
    page = web.post(address(patient, DOCTOR), TYPED[DOCTOR] | {"do": "look", "opening": "<script>alert(1)</script>"})
    assert b"<script>alert(1)" not in page.content
    assert b"&lt;script&gt;alert(1)" in page.content


def test_what_is_typed_outlives_a_log_in_that_ended(doctor, client_of, patient) -> None:
    web = client_of(doctor)
    page = web.get(address(patient, DOCTOR)).content.decode()
    ended(web)
    sent = hidden_of(page) | TYPED[DOCTOR] | {"do": "look", "opening": "Half a letter"}
    assert web.post(address(patient, DOCTOR), sent)["Location"].startswith("/accounts/login/")
    again(web, doctor)
    assert "Half a letter" in text(web.get(address(patient, DOCTOR)))


def test_a_letter_is_retracted_with_its_reason_and_its_document_stays(doctor, web, patient, stranger, client_of) -> None:
    issue(web, patient, DOCTOR)
    (letter,) = [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "letter"]
    document = web.get(reverse("letter_pdf", args=[patient, letter.uid])).content
    retract = reverse("retract_letter", args=[patient, letter.uid])
    assert retract in text(web.get(reverse("letters", args=[patient])))
    assert "The program tells nobody" in text(web.get(retract))
    refused = web.post(retract, {"reason": "x"})
    assert refused.status_code == 422 and 'href="#f-reason"' in text(refused)
    assert client_of(stranger).post(retract, {"reason": "The dose of methotrexate is wrong"}).status_code == 404
    done = web.post(retract, {"reason": "The dose of methotrexate is wrong"}, follow=True)
    page = text(done)
    assert "retracted. Tell whoever has it." in page and "The dose of methotrexate is wrong" in page and retract not in page
    assert web.get(reverse("letter_pdf", args=[patient, letter.uid])).content == document
    assert web.post(retract, {"reason": "The dose of methotrexate is wrong"}).status_code == 302, "once is enough"
