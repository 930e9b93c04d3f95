"""What all ways of running have in common. Deny by default: no debug output, no host, no insecure cookie."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import font_source_sans_pro

from calciscope.web.settings.logs import logging_of

WEB = Path(__file__).parents[1]
FONTS = Path(font_source_sans_pro.__file__).parent / "files"
PARTS = Path(sys.prefix) / "browser_parts" / "static"
NIIVUE = (PARTS / "niivue.umd.js").is_file()  # the 3-D viewer, which `make install` brings; pages work without

DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",  # for the list of sessions
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "calciscope.record",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "calciscope.web.gate.headers.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "calciscope.web.gate.middleware.Gate",
]

ROOT_URLCONF = "calciscope.web.urls"
WSGI_APPLICATION = "calciscope.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB, WEB / "accounts" / "log_in"],  # each screen's templates lie in its own folder
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["calciscope.web.design.words", "calciscope.web.design.patient_tabs"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "calciscope.web.gate.page_words.page_words",
            ],
        },
    }
]

# Who
AUTH_USER_MODEL = "record.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_LEAST_LENGTH = 12  # OWASP ASVS 5.0, 6.2.1: at least 8, 15 recommended (seen)
PASSWORD_RESET_TIMEOUT = 3600  # judgement: a link that sets a password lies in a mailbox
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LEAST_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "calciscope.web.accounts.passwords.NotMadeOfCommonParts"},
    {
        "NAME": "calciscope.web.accounts.passwords.NotLeaked",
        "OPTIONS": {"file": os.environ.get("CALCISCOPE_LEAKED_PASSWORDS", "")},
    },
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, never by signing up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "calciscope.web.accounts.factors.KeptFactors"
SECOND_FACTOR_ROLES: frozenset[str] = frozenset()  # production asks every role, unless the environment says otherwise
HOSPITAL_ASKS_SECOND_FACTOR = False
ACCOUNT_ADAPTER = "calciscope.web.accounts.adapter.ClosedDoors"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = (
    True  # by address the first time, by the provider's subject from then on
)
SOCIALACCOUNT_ADAPTER = "calciscope.web.accounts.adapter.KnownPeopleOnly"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Sessions and cookies
SESSION_COOKIE_AGE = 12 * 3600  # one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = (
    "calciscope.web.gate.answers.foreign_form"  # the token outlives the session, so that typed text does
)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie holds what was said
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Language and time: everything is stored in UTC.
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000  # the preview of a list of 20,000 patients is carried by its form
DATA_UPLOAD_MAX_NUMBER_FILES = 3000  # the slices of a scan, chosen as files in a browser without a script
STATIC_URL = "static/"
STATICFILES_DIRS = [WEB / "design" / "static", ("fonts", FONTS), *([("niivue", PARTS)] if NIIVUE else [])]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
REQUESTS_A_MINUTE: int | None = None  # how often one person may ask; production sets it
LOGGING: dict[str, Any] = logging_of(os.environ)
