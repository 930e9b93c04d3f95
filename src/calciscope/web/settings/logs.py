"""What is logged, where to, and in which form. It names no patient: keys and counts alone, and errors carry no data of the record."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


class OneLine(logging.Formatter):
    """One line of JSON an event, times in UTC: whatever is in a message stays within its quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """The event; an error's trace is one of its fields."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)


def logging_of(environment: Mapping[str, str]) -> dict[str, Any]:
    """To standard error; and, with the audit's lines, to the log service of the system at CALCISCOPE_SYSLOG (such as /dev/log)."""
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": "line"}}
    audit: list[str] = []
    service = environment.get("CALCISCOPE_SYSLOG", "")
    if service:
        handlers["service"] = {
            "class": "logging.handlers.SysLogHandler",
            "formatter": "line",
            "address": service,
            "facility": "authpriv",
        }
        audit = ["service"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "calciscope.web.settings.logs.OneLine"}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING"},
        "loggers": {
            "django.db.backends": {"level": "ERROR"},
            "calciscope.audit": {"level": "INFO" if audit else "WARNING", "handlers": audit, "propagate": False},
        },
    }
