"""The history interview: every topic, organ system and condition on one page, saved together."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.drafts import drop_draft, keep_draft
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.permissions import Permission
from calciscope.record.queries.drafts import own_draft
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.web.background.interview_rows import InterviewRow, interview_rows
from calciscope.web.conflict.presenter import compared
from calciscope.web.design.course import Course
from calciscope.web.design.noun_form import Typed, typed_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before

FORM, FORM_KEY = "interview", "form_key"


@screen(permission=Permission.RECORD)
def interview(request: Asked, patient: UUID) -> HttpResponse:
    """Rows that nobody touched are not saved; a row that was answered before becomes a new version of its answer."""
    page = patient_page(by=request.actor, patient=patient)
    draft = own_draft(by=request.actor, patient=patient, form=FORM)
    typed: Typed | None = (
        typed_of(request.POST) if request.method == "POST" else typed_before(request) or (draft.data if draft else None)
    )
    kept = draft.revision if draft else 0
    key = _key("".join((typed or {}).get(FORM_KEY, ())))
    tables = interview_rows(Course.of(page), typed, key=key)
    rows = [row for _, found in tables for row in found]
    wrong: list[tuple[str, str, str]] = []
    conflict = None
    if request.method == "POST":
        said = [row for row in rows if row.said()]
        try:
            sayings = _sayings(said)
            if sayings:
                record_entries(by=request.actor, patient=patient, sayings=sayings)
            if draft:
                drop_draft(by=request.actor, patient=patient, form=FORM)
            messages.success(request, f"{len(sayings)} answer{'s' if len(sayings) != 1 else ''} saved.")
            return redirect("background", patient=patient)
        except Invalid:
            wrong = [line for row in said for line in row.wrong()]
        except Conflict as found:
            conflict = compared(found)
            _rebase(rows, found)
        kept = _kept(request, patient, typed or {}, kept)
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "tables": tables,
        "wrong": wrong,
        "conflict": conflict,
        "form_key": key,
        "form_name": FORM,
        "draft": draft if request.method != "POST" else None,
        "revision": kept,
    }
    return render(request, "background/interview.html", context, status=422 if wrong else 409 if conflict else 200)


def _kept(request: Asked, patient: UUID, typed: Typed, seen: int) -> int:
    """Keep what could not be saved, for browsers without a script; another window's draft is left alone."""
    data = {name: list(values) for name, values in typed.items()}
    try:
        return keep_draft(by=request.actor, patient=patient, form=FORM, data=data, revision=seen)
    except (Conflict, Invalid):
        return seen  # the page that is sent back holds the text as well


def _sayings(rows: list[InterviewRow]) -> list[Saying]:
    """Raises Invalid after every row has been told what is wrong with it."""
    refused: list[Invalid] = []
    sayings = []
    for row in rows:
        try:
            data = row.form.noun.validated(row.data())
            sayings.append(Saying(noun=row.table.noun, data=data, uid=row.uid, based_on=row.based_on))
        except Invalid as invalid:
            row.form.problems = list(invalid.problems)
            refused.append(invalid)
    if refused:
        raise Invalid([problem for one in refused for problem in one.problems])
    return sayings


def _rebase(rows: list[InterviewRow], conflict: Conflict) -> None:
    """The row in conflict is based on the other's version from now on; its text stays."""
    for row in rows:
        if row.uid == conflict.uid:
            row.based_on = conflict.theirs.version


def _key(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()
