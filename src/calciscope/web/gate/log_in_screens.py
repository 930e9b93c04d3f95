"""The screens of log-in that allauth brings, by name: those named here are served, all others answer as not there."""

from __future__ import annotations

from calciscope.web.gate.screen import Needs, Rule

OPEN = {
    "account_login", "account_logout", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_inactive",
    "mfa_authenticate", "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip
LOGGED_IN = {
    "account_change_password", "account_set_password", "account_reauthenticate",
    "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn", "usersessions_list",
}  # fmt: skip

AGAIN = {"usersessions_list"}  # ending sessions; allauth asks again by itself where it changes a factor


def rule_of_log_in(name: str | None) -> Rule | None:
    """What a screen of log-in needs, None where it is not served."""
    if name in OPEN:
        return Rule(needs=Needs.NOTHING)
    return Rule(needs=Needs.LOG_IN, again=name in AGAIN) if name in LOGGED_IN else None
