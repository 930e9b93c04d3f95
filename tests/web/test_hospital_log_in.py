"""The hospital's own log-in is configured whole or not at all, and makes no accounts."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from calciscope.record.models.user import User
from calciscope.record.permissions import Role
from calciscope.record.set_up import add_person
from calciscope.terms.errors import WrongUsage
from calciscope.web.accounts.adapter import ClosedDoors, KnownPeopleOnly
from calciscope.web.settings.hospital_log_in import hospital_log_in

SERVER = {"CALCISCOPE_OIDC_SERVER": "https://login.example.org"}


def test_nothing_is_configured_by_itself() -> None:
    assert hospital_log_in({}) == {}


@pytest.mark.parametrize("given", [SERVER, SERVER | {"CALCISCOPE_OIDC_CLIENT": "x"}])
def test_what_lacks_is_named(given: dict[str, str]) -> None:
    with pytest.raises(WrongUsage, match="CALCISCOPE_OIDC_SECRET"):
        hospital_log_in(given)


def test_a_plain_address_is_refused() -> None:
    given = {"CALCISCOPE_OIDC_SERVER": "http://x", "CALCISCOPE_OIDC_CLIENT": "x", "CALCISCOPE_OIDC_SECRET": "y"}
    with pytest.raises(WrongUsage, match="https"):
        hospital_log_in(given)


def test_a_whole_one_is_taken() -> None:
    given = SERVER | {"CALCISCOPE_OIDC_CLIENT": "x", "CALCISCOPE_OIDC_SECRET": "y"}
    (app,) = hospital_log_in(given)["openid_connect"]["APPS"]
    assert app["settings"]["server_url"] == "https://login.example.org"
    assert app["settings"]["oauth_pkce_enabled"] is True
    assert app["settings"]["openid_configuration_overrides"] == {"issuer": "https://login.example.org"}


def test_neither_way_makes_accounts(rf) -> None:
    assert ClosedDoors().is_open_for_signup(rf.get("/")) is False
    assert KnownPeopleOnly().is_open_for_signup(rf.get("/"), None) is False


ISSUER, CLIENT, WAY = SERVER["CALCISCOPE_OIDC_SERVER"], "calciscope-client", {"provider_id": "hospital"}
CONFIGURATION = {
    "issuer": "https://somebody.else.example",  # what a provider says of itself is not what counts
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/keys",
}
EMAIL = "doctor@example.org"


def token(claims: dict[str, Any]) -> str:
    """A token as it comes from the token address, over the line that proves who sent it; its signature is not looked at."""
    parts = (json.dumps({"alg": "RS256", "typ": "JWT"}), json.dumps(claims), "signature")
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


class Answer:
    """What the hospital's server sends."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.status_code, self.headers, self._told = 200, {"content-type": "application/json"}, told

    def json(self) -> dict[str, Any]:
        return self._told

    def raise_for_status(self) -> None:
        return None


class Hospital:
    """The hospital's server without a network: what it is asked, and the claims it makes."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"iss": ISSUER, "aud": CLIENT, "exp": time.time() + 300}
        self.person = {"sub": "subject-7", "email": EMAIL, "email_verified": True}
        self.asked: list[dict[str, Any]] = []

    def __enter__(self) -> Hospital:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def get(self, url: str, **_: Any) -> Answer:
        return Answer(self.person if url.endswith("/userinfo") else CONFIGURATION)

    def request(self, _method: str, _url: str, data: dict[str, Any], **_: Any) -> Answer:
        self.asked.append(data)
        return Answer({"access_token": "secret-token", "id_token": token(self.person | self.claims)})


@pytest.fixture
def hospital(db, settings, monkeypatch) -> Hospital:
    cache.clear()
    given = SERVER | {"CALCISCOPE_OIDC_CLIENT": CLIENT, "CALCISCOPE_OIDC_SECRET": "y"}
    settings.SOCIALACCOUNT_PROVIDERS = hospital_log_in(given)
    add_person(site="North", email=EMAIL, name="Dr Test", role=Role.RHEUMATOLOGIST, password="vexing otter parade")
    made = Hospital()
    monkeypatch.setattr(KnownPeopleOnly, "get_requests_session", lambda _self: made)
    return made


def sent_there(client: Client) -> dict[str, list[str]]:
    answer = client.post(reverse("openid_connect_login", kwargs=WAY))
    assert answer.status_code == 302 and answer["Location"].startswith(f"{ISSUER}/authorize?")
    return parse_qs(urlsplit(answer["Location"]).query)


def back(client: Client, state: str) -> bool:
    """Come back with a code; whether one is logged in then."""
    client.get(reverse("openid_connect_callback", kwargs=WAY), {"code": "c", "state": state})
    return client.get(reverse("seats")).status_code == 200


def test_a_known_person_comes_in_with_pkce_and_state(hospital) -> None:
    client = Client()
    asked = sent_there(client)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["state"][0]) >= 16
    assert back(client, asked["state"][0])
    assert hospital.asked[0]["code_verifier"] and "code_verifier" not in str(asked)


def test_the_way_to_the_hospital_is_taken_by_a_click_alone(hospital) -> None:
    answer = Client().get(reverse("openid_connect_login", kwargs=WAY))
    assert answer.status_code == 200, "a page that asks, no redirect"


def test_an_answer_that_nobody_asked_for_is_refused(hospital) -> None:
    asked = sent_there(Client())
    stranger = Client()
    assert not back(stranger, asked["state"][0])
    assert not back(stranger, "made-up")
    assert hospital.asked == []


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"iss": "https://somebody.else.example"},
        {"iss": f"{ISSUER}/"},
        {"exp": time.time() - 60},
    ],
)
def test_a_token_for_another_or_by_another_or_too_old_is_refused(hospital, claims: dict[str, Any]) -> None:
    hospital.claims |= claims
    client = Client()
    assert not back(client, sent_there(client)["state"][0])


def test_a_stranger_gets_no_account(hospital) -> None:
    hospital.person |= {"email": "nobody@example.org", "sub": "subject-8"}
    client = Client()
    assert not back(client, sent_there(client)["state"][0])
    assert User.objects.count() == 1


def test_tokens_of_the_provider_are_not_kept(hospital) -> None:
    client = Client()
    assert back(client, sent_there(client)["state"][0])
    assert not SocialToken.objects.exists()
    assert (
        "secret-token" not in str(dict(client.session))
        and "secret-token" not in client.get(reverse("seats")).content.decode()
    )


def test_a_person_is_known_by_subject_after_the_first_time(hospital) -> None:
    """The address may be given to somebody else by the hospital; the subject is not."""
    client = Client()
    assert back(client, sent_there(client)["state"][0])
    (account,) = SocialAccount.objects.all()
    assert (account.provider, account.uid) == ("hospital", "subject-7")
    hospital.person["email"] = "renamed@example.org"
    again = Client()
    assert back(again, sent_there(again)["state"][0])
    assert again.session["_auth_user_id"] == client.session["_auth_user_id"]


def test_an_unproven_address_opens_no_account(hospital) -> None:
    hospital.person["email_verified"] = False
    client = Client()
    assert not back(client, sent_there(client)["state"][0])


def test_the_line_to_it_is_https_and_follows_no_redirect() -> None:
    session = KnownPeopleOnly().get_requests_session()
    assert session.max_redirects == 0
    with pytest.raises(OSError, match="No connection adapters"):
        session.get("http://127.0.0.1:9/")
