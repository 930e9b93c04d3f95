"""The demonstration: one computer, invented patients only, no encryption on the line."""

from __future__ import annotations

from calciscope.web.settings.database import database
from calciscope.web.settings.foundation import *  # noqa: F403 - settings build on each other by name
from calciscope.web.settings.home import home_folder, scan_roots, secret_key

DEMONSTRATION = True
HOME = home_folder()
SECRET_KEY = secret_key(HOME)
DATABASES = {"default": database(HOME / "demonstration.sqlite3")}
MEDIA_ROOT = HOME / "files"  # photographs and scans; no address leads there
SCAN_ROOTS = scan_roots()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
STATIC_ROOT = HOME / "static"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
