"""The hospital's own log-in by OpenID Connect, where its address is named in the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calciscope.terms.errors import WrongUsage

NEEDED = ("CALCISCOPE_OIDC_CLIENT", "CALCISCOPE_OIDC_SECRET")


def hospital_log_in(environment: Mapping[str, str]) -> dict[str, Any]:
    """allauth's description of the provider at CALCISCOPE_OIDC_SERVER; none without it. It opens known accounts only."""
    server = environment.get("CALCISCOPE_OIDC_SERVER", "")
    if not server:
        return {}
    lacking = [name for name in NEEDED if not environment.get(name)]
    if lacking:
        raise WrongUsage(f"CALCISCOPE_OIDC_SERVER is set, but {' and '.join(lacking)} is not.")
    if not server.startswith("https://"):
        raise WrongUsage("CALCISCOPE_OIDC_SERVER must begin with https://")
    app = {
        "provider_id": "hospital",
        "name": environment.get("CALCISCOPE_OIDC_NAME", "the hospital's log-in"),
        "client_id": environment["CALCISCOPE_OIDC_CLIENT"],
        "secret": environment["CALCISCOPE_OIDC_SECRET"],
        "settings": {
            "server_url": server,
            "oauth_pkce_enabled": True,
            "openid_configuration_overrides": {"issuer": server},  # who speaks for another issuer is not believed
        },
    }
    return {"openid_connect": {"APPS": [app], "EMAIL_AUTHENTICATION": True}}
