"""Keep what is typed every few seconds, as a script asks; throw it away when its author does."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from calciscope.record.actions.drafts import drop_draft, keep_draft
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid
from calciscope.web.design.noun_form import typed_of
from calciscope.web.gate.screen import Asked, screen

REVISION = "draft_revision"


@screen(permission=Permission.RECORD)
def keep(request: Asked, patient: UUID, form: str, visit: UUID | None = None) -> HttpResponse:
    """POST alone: keep, or with ``drop`` throw away; a form outside a visit has drafts as well."""
    if request.method != "POST":
        raise Http404
    if "drop" in request.POST:
        drop_draft(by=request.actor, patient=patient, visit=visit, form=form)
        return redirect(_back(request))
    typed = typed_of(request.POST)
    seen = "".join(typed.pop(REVISION, ["0"])) or "0"
    revision = int(seen) if seen.isdigit() else 0
    try:
        now = keep_draft(by=request.actor, patient=patient, visit=visit, form=form, data=typed, revision=revision)
    except Conflict:
        return JsonResponse(
            {"message": "You have this form open in another window, with other unsaved text."}, status=409
        )
    except Invalid as invalid:
        return JsonResponse({"message": invalid.problems[0].message}, status=422)
    return JsonResponse({"revision": now})


def _back(request: Asked) -> str:
    back = request.POST.get("back", "")
    return back if back and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else "/"
