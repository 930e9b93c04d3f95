"""Emergency access, team, people of the site, audit and choice of a role, as their screens do them."""

from __future__ import annotations

import csv
import io

from django.urls import reverse

from calciscope.record.models.membership import Membership
from calciscope.record.models.site import Site
from calciscope.record.permissions import Role
from tests.web.test_visit_without_a_script import text_of

REASON = "Brought in unconscious, needs her drug list"


def test_a_broken_glass_opens_the_patient_and_tells_the_officer(people, client_of, patient) -> None:
    surgeon = client_of(people(Role.SURGEON))
    address = reverse("emergency")
    assert surgeon.get(reverse("patient", args=[patient])).status_code == 404
    short = surgeon.post(address, {"number": "H-0001", "reason": "urgent"})
    assert short.status_code == 422
    assert 'value="H-0001"' in text_of(short)
    wrong = surgeon.post(address, {"number": "H-000", "reason": REASON})
    assert wrong.status_code == 422
    assert REASON in text_of(wrong)
    answer = surgeon.post(address, {"number": "H-0001", "reason": REASON}, follow=True)
    assert "Emergency access until" in text_of(answer)
    officer = client_of(people(Role.OFFICER))
    page = text_of(officer.get(reverse("audit")))
    assert REASON in page
    assert "Emergency access" in page
    assert "Example" not in page


def test_the_officer_filters_exports_and_puts_notices_away(people, client_of, patient) -> None:
    client_of(people(Role.SURGEON)).post(reverse("emergency"), {"number": "H-0001", "reason": REASON})
    officer = client_of(people(Role.OFFICER))
    page = text_of(officer.get(reverse("audit"), {"patient": str(patient)}))
    assert "break glass" in page
    notice = page.split("audit/notices/", 1)[1].split("/", 1)[0]
    assert officer.post(reverse("read_notice", args=[notice])).status_code == 302
    assert "audit/notices/" not in text_of(officer.get(reverse("audit")))
    rows = list(csv.DictReader(io.StringIO(officer.get(reverse("audit_export")).content.decode())))
    assert {"number", "what", "outcome", "hash"} <= set(rows[0])
    assert [row["number"] for row in rows] == sorted((row["number"] for row in rows), key=int)
    assert "Example" not in str(rows)


def test_a_colleague_joins_and_leaves(web, doctor, people, client_of, patient) -> None:
    nurse = people(Role.NURSE)
    address = reverse("team", args=[patient])
    assert client_of(nurse).get(address).status_code == 404
    web.post(address, {"join": str(nurse.membership_id)})
    assert client_of(nurse).get(address).status_code == 200
    assert client_of(nurse).post(address, {"leave": str(doctor.membership_id)}).status_code == 404
    web.post(address, {"leave": str(nurse.membership_id)})
    assert client_of(nurse).get(address).status_code == 404
    last = web.post(address, {"leave": str(doctor.membership_id)})
    assert last.status_code == 422
    assert "not left without a team" in text_of(last)


def test_an_administrator_takes_on_and_ends(people, client_of) -> None:
    client = client_of(people(Role.ADMINISTRATOR))
    address = reverse("site_members")
    wrong = client.post(address, {"name": "Nina", "email": "no address", "role": "nurse"})
    assert wrong.status_code == 422
    assert 'value="no address"' in text_of(wrong)
    client.post(address, {"name": "Nina", "email": "nina@example.org", "role": "nurse"})
    member = Membership.objects.get(user__email="nina@example.org")
    assert "nina@example.org" in text_of(client.get(address))
    client.post(address, {"end": str(member.pk)})
    assert "nina@example.org" not in text_of(client.get(address))


def test_who_has_two_roles_chooses(people, client_of, patient) -> None:
    actor = people()
    site = Site.objects.get(name="North")
    Membership.objects.create(user_id=actor.user_id, site=site, role=Role.ADMINISTRATOR)
    client = client_of(actor)
    answer = client.get(reverse("patients"))
    assert answer["Location"].startswith(reverse("seats"))
    page = text_of(client.get(answer["Location"]))
    assert "administrator, North" in page
    sent = {"seat": str(actor.membership_id), "next": reverse("patients")}
    assert client.post(reverse("seats"), sent)["Location"] == reverse("patients")
    assert "Example" in text_of(client.get(reverse("patients")))
    other = people(name="two")
    assert client.post(reverse("seats"), {"seat": str(other.membership_id)}).status_code == 404
    assert client.post(reverse("seats"), sent | {"next": "https://elsewhere.example"})["Location"] == "/"


def test_a_role_that_ended_while_logged_in_opens_nothing(doctor, web, patient) -> None:
    from django.utils import timezone

    address = reverse("patient", args=[patient])
    assert web.get(address).status_code == 200
    Membership.objects.filter(pk=doctor.membership_id).update(ended_at=timezone.now())
    assert web.get(address).status_code == 302
    assert "You have no role" in text_of(web.get(address, follow=True))
