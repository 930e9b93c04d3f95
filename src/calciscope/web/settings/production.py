"""A clinic's own server: behind a proxy that speaks TLS, with the hosts it answers to named."""

from __future__ import annotations

import os

from calciscope.web.settings.database import database
from calciscope.web.settings.foundation import *  # noqa: F403 - settings build on each other by name
from calciscope.web.settings.home import home_folder, secret_key

YEAR_S = 365 * 24 * 3600

DEMONSTRATION = False
HOME = home_folder()
SECRET_KEY = secret_key(HOME)
DATABASES = {"default": database(HOME / "record.sqlite3")}
ALLOWED_HOSTS = [host for host in os.environ.get("CALCISCOPE_HOSTS", "").split(",") if host]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = YEAR_S
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
STATIC_ROOT = HOME / "static"
