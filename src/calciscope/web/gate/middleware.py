"""The gate every request passes: deny by default, act in a seat, errors become pages."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse

from calciscope.record.permissions import may
from calciscope.record.queries.access import seats, take_seat
from calciscope.record.turned_away import turned_away
from calciscope.terms.errors import NotAllowed
from calciscope.web.gate import answers, typed
from calciscope.web.gate.lifetime import has_ended
from calciscope.web.gate.log_in_screens import rule_of_log_in
from calciscope.web.gate.log_in_trail import keep_trail, key_of
from calciscope.web.gate.pace import asks_too_fast
from calciscope.web.gate.screen import Needs, Rule, rule_of
from calciscope.web.gate.second_factor import ask_again, ask_for_second_factor

SEAT, SEAT_WORDS = "seat", "seat_words"
NUL = "\x00"
METHODS = ("GET", "HEAD", "POST")
log = logging.getLogger(__name__)


class Gate:
    """Asks each screen's rule before it is run."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """As Django makes its middleware."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Name the request, so that what it did can be found together in the audit."""
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        before = key_of(request) if request.method == "POST" else None
        response = self._get_response(request)
        keep_trail(request, response, before)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None lets the request through; anything else is the answer instead of the screen."""
        rule = self._rule(request, view)
        if rule is None:
            raise Http404
        if _holds_nul(request):
            return answers.wrong_usage(request)
        if rule.needs is Needs.NOTHING:
            return None
        if not request.user.is_authenticated or has_ended(request):
            return typed.ask_to_log_in(request)
        if asks_too_fast(request):
            return answers.too_fast(request)
        if rule.needs is Needs.LOG_IN:
            return ask_again(request) if rule.again and request.method == "POST" else None
        return self._seated(request, rule, kwargs)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Errors of ours become pages; the others go on to become "our own fault"."""
        return answers.answer_to(request, error)

    def _rule(self, request: HttpRequest, view: Callable[..., Any]) -> Rule | None:
        match = request.resolver_match
        if getattr(view, "__module__", "").startswith("allauth."):
            return rule_of_log_in(match.url_name if match else None)
        return rule_of(view)

    def _seated(self, request: HttpRequest, rule: Rule, kwargs: dict[str, Any]) -> HttpResponseBase | None:
        held = request.session.get(SEAT) or _only_seat(request)
        if not held:
            return redirect(f"{reverse('seats')}?next={request.get_full_path()}")
        user: Any = request.user
        try:
            actor = take_seat(user=user.pk, membership=uuid.UUID(held), request_id=request.request_id)  # type: ignore[attr-defined]
        except NotAllowed:
            request.session.pop(SEAT, None)
            return redirect("seats")
        request.actor = actor  # type: ignore[attr-defined]
        if rule.permission is None or not may(actor.role, rule.permission):
            named = request.resolver_match.view_name if request.resolver_match else ""
            turned_away(by=actor, name=named, patient=kwargs.get("patient"), permission=str(rule.permission))
            return answers.not_allowed(request)
        return ask_for_second_factor(request, actor.role)


def sit_down(request: HttpRequest, membership: uuid.UUID, words: str) -> None:
    """Act in one role at one site from now on."""
    request.session[SEAT] = str(membership)
    request.session[SEAT_WORDS] = words


def _only_seat(request: HttpRequest) -> str:
    """Who has one role alone is not asked which."""
    user: Any = request.user
    found = seats(user=user.pk)
    if len(found) != 1:
        return ""
    sit_down(request, found[0].membership, f"{found[0].role}, {found[0].site}")
    return str(found[0].membership)


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a field holds the character that no database keeps and no keyboard types."""
    return any(
        NUL in value for fields in (request.GET, request.POST) for _, values in fields.lists() for value in values
    )
