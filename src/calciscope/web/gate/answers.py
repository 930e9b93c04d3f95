"""The one place where an error becomes an HTTP status and a page. No page of these holds anything of a patient."""

from __future__ import annotations

import logging
import secrets

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.errors import NotAllowed, Refused

log = logging.getLogger(__name__)


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page for an error; None leaves it to Django, whose answer is `our_own_fault` below."""
    if isinstance(error, NotAllowed | Http404):
        return not_there(request)
    if isinstance(error, PermissionDenied):
        return not_allowed(request)
    if isinstance(error, Invalid):
        words = " ".join(problem.message for problem in error.problems)
        return _page(request, 422, "This cannot be saved", words)
    if isinstance(error, Conflict):
        return _page(request, 409, "Someone else was faster", str(error))
    if isinstance(error, Refused):
        return _page(request, 422, "This cannot be done", str(error))
    if isinstance(error, OperationalError):
        log.error("database busy or away, request %s", getattr(request, "request_id", ""))
        text = "The database does not answer. Nothing was saved by this step; go back and send it again."
        return _page(request, 503, "The database is busy", text)
    return None


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also for a patient of others, so that nobody learns who is in the record."""
    text = "There is nothing at this address, or it is not in your care."
    return _page(request, 404, "Not found", text)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, 403, "Not for this role", "The role in which you work here may not do this.")


def too_fast(request: HttpRequest) -> HttpResponse:
    """429."""
    log.warning("asked too fast, request %s", getattr(request, "request_id", ""))
    text = "More pages were asked for within a minute than a person reads. Wait a minute, then go on."
    response = _page(request, 429, "Too fast", text)
    response["Retry-After"] = "60"
    return response


def foreign_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our own page, or whose page is too old."""
    text = "This form was opened too long ago or in another window. Go back, load the page anew and send it again."
    return _page(request, 403, "The form is out of date", text)


def our_own_fault(request: HttpRequest) -> HttpResponse:
    """500, with a reference to report; what went wrong stands in the log under it, without data."""
    reference = getattr(request, "request_id", "") or secrets.token_hex(8)
    log.error("our own fault, request %s", reference)
    text = f"This is a fault of the program, not of what you entered. Report this reference: {reference}"
    return _page(request, 500, "Our own fault", text)


def wrong_usage(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 503 where the session could not be kept: the database went away at the end of a step, or one was logged out."""
    if isinstance(exception, SessionInterrupted):
        log.error("session could not be kept, request %s", getattr(request, "request_id", ""))
        text = "The end of this step was interrupted. Look whether it was saved before you send it again."
        return _page(request, 503, "Interrupted", text)
    return _page(request, 400, "Not understood", "This request could not be understood.")


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "gate/answer.html", {"title": title, "text": text}, status=status)
