"""A second factor from setting it up to taking it away, in chromium: an authenticator app, recovery codes and a passkey."""

from __future__ import annotations

import base64
import hmac
import struct
import time

import pytest

pytestmark = pytest.mark.slow

STEP_S = 30  # RFC 6238
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A key in the browser itself, for tests (WebDriver's virtual authenticator)."""


def code_of(secret: str) -> str:
    """The six digits of an authenticator app (RFC 6238, SHA-1)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // STEP_S), "sha1").digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


class Factors:
    """The nurse's screens of the second factor; axe looks at each that is opened."""

    def __init__(self, page, accessible, password: str) -> None:
        self.page, self.accessible, self.password = page, accessible, password

    def open(self, where: str) -> None:
        """A screen; where the password is asked for once more, it is given."""
        self.page.goto("/accounts/2fa/" + where)
        self.prove()
        self.accessible()

    def prove(self) -> None:
        """Give the password where it is asked for again."""
        if "/accounts/reauthenticate/" in self.page.url:
            self.accessible()
            self.page.locator("[name=password]").fill(self.password)
            with self.page.expect_navigation():
                self.page.locator("[name=password]").press("Enter")

    def send(self, button: str) -> None:
        """Press the button of the screen."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=button, exact=True).click()


@pytest.fixture
def factors(page, accessible, clinic) -> Factors:
    return Factors(page, accessible, clinic.password)


def test_an_app_and_recovery_codes_from_first_to_last(page, accessible, log_in, factors) -> None:
    log_in("nurse")
    factors.open("totp/activate/")
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill("not a code")
    factors.send("Activate")
    page.get_by_text("Incorrect code").wait_for()
    accessible()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    factors.send("Activate")
    page.get_by_text("Authenticator app activated").wait_for()
    codes = page.get_by_label("Unused codes").input_value().split()
    assert len(codes) == 10
    accessible()
    page.get_by_role("button", name="Log out").click()

    log_in("nurse")
    page.wait_for_url("**/2fa/authenticate/")
    accessible()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_label("Code").press("Enter")
    page.wait_for_url("**/patients/")

    factors.open("recovery-codes/")
    assert page.get_by_label("Unused codes").input_value().split() == codes[1:]
    factors.open("recovery-codes/generate/")
    factors.send("Generate")
    assert not set(page.get_by_label("Unused codes").input_value().split()) & set(codes)
    page.goto("/accounts/2fa/reauthenticate/")
    accessible()
    factors.open("totp/deactivate/")
    factors.send("Deactivate")
    page.get_by_text("Authenticator app deactivated").wait_for()
    accessible()
    page.get_by_role("button", name="Log out").click()
    log_in("nurse")
    page.wait_for_url("**/patients/")


def test_a_passkey_opens_and_is_renamed_and_removed(page, accessible, clinic, factors) -> None:
    """Browsers keep passkeys for names alone, so the clinic is reached by one."""
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    by_name = clinic.address.replace("127.0.0.1", "localhost")
    page.goto(by_name + "/accounts/login/")
    page.locator("[name=login]").fill("skin@demo.example")
    page.locator("[name=password]").fill(clinic.password)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/patients/")
    page.goto(by_name + "/accounts/2fa/webauthn/add/")
    factors.prove()
    accessible()
    page.get_by_label("Name").fill("Key of the ward")
    page.get_by_label("Passwordless").check()
    factors.send("Add")
    page.get_by_text("Security key added").wait_for()
    page.goto(by_name + "/accounts/2fa/webauthn/")
    accessible()
    page.get_by_role("button", name="Log out").click()

    page.goto(by_name + "/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/patients/")

    page.goto(by_name + "/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Rename Key of the ward").click()
    factors.prove()
    accessible()
    page.get_by_label("Name").fill("Key of the clinic")
    factors.send("Save")
    page.goto(by_name + "/accounts/2fa/webauthn/reauthenticate/")
    accessible()
    page.goto(by_name + "/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove Key of the clinic").click()

    accessible()
    factors.send("Remove")
    page.get_by_text("No key has been added").wait_for()
