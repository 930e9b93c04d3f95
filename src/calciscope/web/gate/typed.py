"""What was typed when the log-in had ended: kept in the session until its author has logged in again."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

KEPT = "typed_before_log_in"
WRITER = "typed_by"  # hidden field: whose form it was, signed
SALT = "calciscope.typed"
LARGEST_CHARACTERS = 200_000  # judgement: ten deposits and a long note are some 20 kB
NOT_KEPT = {"csrfmiddlewaretoken", WRITER, "password"}


def signature_of(request: HttpRequest) -> str:
    """The signed key of who fills in a form, carried by it."""
    user: Any = request.user
    return signing.dumps(str(user.pk), salt=SALT) if user.is_authenticated else ""


def ask_to_log_in(request: HttpRequest) -> HttpResponseBase:
    """Go to log-in; a form that was sent is kept for its author. A script gets a plain 401."""
    if request.headers.get("X-Requested-With") == "calciscope" or request.headers.get("HX-Request"):
        return render(request, "gate/logged_out.html", status=401)
    back = request.get_full_path()
    if request.method == "POST":
        back = request.POST.get("form_at") or request.path
        _keep(request, back)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


def _keep(request: HttpRequest, path: str) -> None:
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}
    if sum(len(value) for values in fields.values() for value in values) <= LARGEST_CHARACTERS:
        request.session[KEPT] = {"path": path, "by": request.POST.get(WRITER, ""), "fields": fields}


def typed_before(request: HttpRequest) -> dict[str, list[str]]:
    """What the same person had typed into the form at this address when the log-in ended; given back once."""
    kept = request.session.get(KEPT)
    user: Any = request.user
    if not kept or kept.get("path") != request.path:
        return {}
    request.session.pop(KEPT, None)
    try:
        writer = signing.loads(kept.get("by", ""), salt=SALT)
    except signing.BadSignature:
        return {}
    return dict(kept["fields"]) if writer == str(user.pk) else {}
