"""The hospital's own log-in is configured whole or not at all, and makes no accounts."""

from __future__ import annotations

import pytest

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
    assert app["settings"] == {"server_url": "https://login.example.org", "oauth_pkce_enabled": True}


def test_neither_way_makes_accounts(rf) -> None:
    assert ClosedDoors().is_open_for_signup(rf.get("/")) is False
    assert KnownPeopleOnly().is_open_for_signup(rf.get("/"), None) is False
