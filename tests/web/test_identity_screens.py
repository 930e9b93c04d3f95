"""Who a patient is: corrected by the team, erased by the officer, who sees no name."""

from __future__ import annotations

from django.urls import reverse

from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.permissions import Role
from tests.web.test_visit_without_a_script import text_of

SAID = {"family_name": "Sample", "given_name": "Ada", "born_on": "02 Mar 2014", "hospital_number": "H-0001"}
REASON = "Asked for in writing; no law keeps it"


def test_a_name_is_corrected_and_the_audit_says_which_field_not_what(web, patient) -> None:
    address = reverse("identity", args=[patient])
    page = text_of(web.get(address))
    assert 'value="Example"' in page
    assert 'value="02 Mar 2014"' in page
    answer = web.post(address, SAID | {"based_on": "1"}, follow=True)
    assert "Sample, Ada" in text_of(answer)
    line = AuditEvent.unscoped.filter(name="correct_identity").get()
    assert line.detail == {"changed": ["family_name"]}


def test_a_day_that_is_none_keeps_what_was_typed(web, patient) -> None:
    answer = web.post(reverse("identity", args=[patient]), SAID | {"born_on": "31 Feb 2014", "based_on": "1"})
    assert answer.status_code == 422
    assert 'value="31 Feb 2014"' in text_of(answer)
    assert Identity.unscoped.get(patient=patient).family_name == "Example"


def test_of_two_windows_the_second_sees_both_texts(web, patient) -> None:
    address = reverse("identity", args=[patient])
    web.post(address, SAID | {"based_on": "1"})
    answer = web.post(address, SAID | {"family_name": "Specimen", "based_on": "1"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Sample" in page
    assert 'value="Specimen"' in page
    assert 'name="based_on" value="2"' in page
    web.post(address, SAID | {"family_name": "Specimen", "based_on": "2"})
    assert Identity.unscoped.get(patient=patient).family_name == "Specimen"


def test_an_erasure_takes_two_steps_and_leaves_what_is_clinical(people, client_of, web, patient, visit) -> None:
    officer, address = client_of(people(Role.OFFICER)), reverse("erasure")
    assert officer.post(address, {"number": "H-0001", "reason": "short"}).status_code == 422
    assert officer.post(address, {"number": "H-9", "reason": REASON}).status_code == 422
    shown = text_of(officer.post(address, {"number": "H-0001", "reason": REASON}))
    assert "What would be erased" in shown
    assert "Example" not in shown
    wrong = officer.post(address, {"number": "H-0001", "reason": REASON, "again": "H-0002"})
    assert wrong.status_code == 422
    assert Identity.unscoped.filter(patient=patient).exists()
    done = officer.post(address, {"number": "H-0001", "reason": REASON, "again": "H-0001"}, follow=True)
    assert "The identity is erased" in text_of(done)
    assert not Identity.unscoped.filter(patient=patient).exists()
    assert not HospitalNumber.unscoped.filter(patient=patient).exists()
    assert "was erased" in text_of(web.get(reverse("identity", args=[patient])))
    assert "Identity erased" in text_of(web.get(reverse("patient", args=[patient])))


def test_an_officer_of_another_site_erases_nobody(people, client_of, patient) -> None:
    officer = client_of(people(Role.OFFICER, site="South"))
    sent = {"number": "H-0001", "reason": REASON, "again": "H-0001"}
    assert officer.post(reverse("erasure"), sent).status_code == 422
    assert Identity.unscoped.filter(patient=patient).exists()
