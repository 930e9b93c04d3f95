"""A clinic's own server: behind a proxy that speaks TLS, with the hosts it answers to named in CALCISCOPE_HOSTS.

Without that name it answers this computer alone, unencrypted, which is what a first look on one's own machine needs.
"""

from __future__ import annotations

import os

from calciscope.web.settings.database import HERE, database
from calciscope.web.settings.foundation import *  # noqa: F403 - settings build on each other by name
from calciscope.web.settings.home import home_folder, scan_roots, secret_key
from calciscope.web.settings.hospital_log_in import hospital_log_in
from calciscope.web.settings.second_factor import roles_that_need_one

YEAR_S = 365 * 24 * 3600

DEMONSTRATION = False
HOME = home_folder()
SECRET_KEY = secret_key(HOME)
SECRET_KEY_FALLBACKS = os.environ.get("CALCISCOPE_OLD_SECRET_KEYS", "").split()
DATABASES = {"default": database(HOME / "record.sqlite3")}
MEDIA_ROOT = HOME / "files"  # photographs and scans; no address leads there
SCAN_ROOTS = scan_roots()
HOSTS = [host for host in os.environ.get("CALCISCOPE_HOSTS", "").split(",") if host]
ALLOWED_HOSTS = HOSTS or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS]
if HOSTS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = YEAR_S
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_NAME = "__Host-session"  # the browser then takes it over https from this very host alone
    CSRF_COOKIE_NAME = "__Host-form"
else:
    SESSION_COOKIE_SECURE = False
    CSRF_COOKIE_SECURE = False
REQUESTS_A_MINUTE = 600  # judgement: a quick person opens twenty pages a minute, some with dozens of photographs
STATIC_ROOT = HOME / "static"
SOCIALACCOUNT_PROVIDERS = hospital_log_in(os.environ)
SECOND_FACTOR_ROLES = roles_that_need_one(os.environ)
HOSPITAL_ASKS_SECOND_FACTOR = os.environ.get("CALCISCOPE_OIDC_SECOND_FACTOR", "") == "yes"
EMAIL_HOST = os.environ.get("CALCISCOPE_EMAIL_HOST", "localhost")
EMAIL_USE_TLS = EMAIL_HOST not in HERE  # what goes to another computer is encrypted
DEFAULT_FROM_EMAIL = os.environ.get("CALCISCOPE_EMAIL_FROM", "calciscope@localhost")
