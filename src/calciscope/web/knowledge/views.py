"""How current the knowledge is, and for which patients in one's care a new version of it says something else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from calciscope.advise import change
from calciscope.flows.changed_for_clinic import changed_for_clinic
from calciscope.flows.kept_knowledge import kept, kept_below, kept_versions
from calciscope.knowledge import knowledge
from calciscope.record.permissions import Permission
from calciscope.record.queries.advice import ADVICE_OFF, advice_is_on
from calciscope.terms.errors import Refused
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.knowledge.presenter import changed_page, state_page

PAGE = 100  # patients gone through for one page: about two seconds


@screen(permission=Permission.SEE_ADVICE)
def knowledge_state(request: Asked) -> HttpResponse:
    """When each therapy was last checked, what is overdue, and which references wait."""
    context = {"way": "knowledge", "state": state_page(knowledge(), date.today())}
    return render(request, "knowledge/knowledge.html", context)


@screen(permission=Permission.REVIEW_KNOWLEDGE)
def changes(request: Asked) -> HttpResponse:
    """Choose an earlier version; then the patients in one's care, part by part, for whom the present one differs from it."""
    against, offset = request.GET.get("against", ""), request.GET.get("offset", "")
    folder = kept_below(Path(settings.MEDIA_ROOT))
    context: dict[str, object] = {
        "way": "knowledge",
        "versions": kept_versions(folder),
        "against": against,
        "now": knowledge().version,
        "off": "" if advice_is_on(by=request.actor) else ADVICE_OFF,
    }
    if against and not context["off"]:
        start = int(offset) if offset.isdigit() else 0
        try:
            changed = change(kept(folder, against), knowledge())
        except Refused as refused:
            return render(request, "knowledge/changes.html", context | {"problem": str(refused)}, status=422)
        found = changed_for_clinic(by=request.actor, changed=changed, on=date.today(), offset=start, limit=PAGE)
        context["found"] = changed_page(found, changed, offset=start)
    return render(request, "knowledge/changes.html", context)
