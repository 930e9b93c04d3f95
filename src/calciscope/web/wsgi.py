"""The door through which a web server calls the application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calciscope.web.settings.production")

application = get_wsgi_application()
