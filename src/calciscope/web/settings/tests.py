"""The test suite: SQLite in memory unless DATABASE_URL names another, fast and fake where that proves nothing less."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from calciscope.web.settings.database import database
from calciscope.web.settings.foundation import *  # noqa: F403 - settings build on each other by name

DEMONSTRATION = True
SECRET_KEY = "only for tests, so it may be read by all"
DATABASES = {"default": database(":memory:")}
MEDIA_ROOT = (
    Path(tempfile.gettempdir()) / f"calciscope-tests-{os.getpid()}"
)  # made by what writes a file; tests name their own
SCAN_ROOTS: list[Path] = []
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
