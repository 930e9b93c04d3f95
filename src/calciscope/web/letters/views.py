"""The letters on a patient: those that were issued, one being written, and the document of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.flows.letter_for_record import Drafted, Kind, Request, draft_letter, issue_letter, kind_of, kinds
from calciscope.record.fact import Fact
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.letters import letter_document
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.refusals import Invalid
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.terms.letter import Block
from calciscope.web.design.noun_form import typed_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.letters.form import LetterForm
from calciscope.web.letters.pictures import letter_pictures
from calciscope.web.letters.shown import shown

NOUN = "letter"
LOOK_AGAIN = "This is what would be issued now: it differs from what you looked at. Read it, then issue it."


@screen(permission=Permission.SEE_PATIENT)
def letters(request: Asked, patient: UUID) -> HttpResponse:
    """Letters that were issued, the newest first with those that were retracted, and the kinds that may be written."""
    page = patient_page(by=request.actor, patient=patient)
    plans = getattr(noun(NOUN).field("plan"), "choices", {})
    issued = [
        (fact, str(fact.data["sent_to"]), plans[str(fact.data["plan"])])
        for fact in sorted(_letters(page), key=lambda one: (str(one.data["issued_on"]), one.at), reverse=True)
    ]
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "issued": issued,
        "kinds": [(name.replace("_", "-"), kind) for name, kind in kinds().items()],
    }
    return render(request, "letters/letters.html", context)


def _letters(page: PatientPage) -> list[Fact]:
    """Every letter that was issued, those that were retracted among them."""
    return [fact for fact in page.facts if fact.noun == NOUN]


@screen(permission=Permission.RECORD)
def write_letter(request: Asked, patient: UUID, kind_of_letter: str) -> HttpResponse:
    """A letter as it would be issued, and what is typed for it; it is issued only as it was looked at."""
    page = patient_page(by=request.actor, patient=patient)
    kind = kind_of(kind_of_letter)
    sent = typed_of(request.POST) if request.method == "POST" else typed_before(request) or None
    form = LetterForm.of(kind, sent)
    pictures = letter_pictures(request.actor, page, date.today()) if kind.pictured else ()
    notice, wrong = "", ""
    if request.POST.get("do") == "issue":
        try:
            done = _issue(request, patient, kind, form, pictures)
            if isinstance(done, UUID):
                messages.success(request, f"{kind.title}: issued. The document stands in the list.")
                return redirect("letters", patient=patient)
            notice = LOOK_AGAIN
        except Invalid as invalid:
            form = LetterForm(kind=kind, sent=form.sent, problems=invalid.problems)
        except NotAllowed:
            raise
        except Refused as refused:
            wrong = str(refused)
    return _page(request, page, form, pictures, notice=notice, wrong=wrong)


@screen(permission=Permission.SEE_PATIENT)
def letter_pdf(request: Asked, patient: UUID, letter: UUID) -> HttpResponse:
    """The document as it was issued; the file's name tells nothing of the patient."""
    response = HttpResponse(
        letter_document(by=request.actor, patient=patient, letter=letter), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'inline; filename="letter.pdf"'
    return response


def _issue(request: Asked, patient: UUID, kind: Kind, form: LetterForm, pictures: Sequence[Block]) -> UUID | Drafted:
    return issue_letter(
        by=request.actor,
        patient=patient,
        request=_asked(kind, form, pictures),
        looked_at=request.POST.get("looked_at", ""),
        on=date.today(),
    )


def _asked(kind: Kind, form: LetterForm, pictures: Sequence[Block]) -> Request:
    return Request(kind=kind.id, sent_to=form.sent_to, typed=form.typed(), pictures=pictures)


def _page(
    request: Asked, page: PatientPage, form: LetterForm, pictures: Sequence[Block], *, notice: str, wrong: str
) -> HttpResponse:
    asked = _asked(form.kind, form, pictures)
    drafted = draft_letter(by=request.actor, patient=page.banner.id, request=asked, on=date.today())
    if not form.sent.get("salutation"):
        form = form.greeting(form.kind.greeting(drafted.facts))
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "form": form,
        "kind": form.kind,
        "letter": drafted.letter,
        "blocks": shown(drafted.letter),
        "digest": drafted.digest,
        "notice": notice,
        "wrong": [*form.wrong(), *([("", "", wrong)] if wrong else [])],
        "unsigned": form.kind.id == "family" and drafted.facts.plan.state != "in_force",
    }
    status = 422 if form.problems or wrong else 409 if notice else 200
    return render(request, "letters/write.html", context, status=status)
