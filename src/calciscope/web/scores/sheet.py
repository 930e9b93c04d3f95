"""One instrument as a form: look at the result first (`try`), fill what was looked at (`rest`), or keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from calciscope.flows.score_patient import scored_document
from calciscope.instruments.definition import Instrument
from calciscope.record.actions.entries import Saying
from calciscope.record.queries.patients import PatientPage
from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.design import days
from calciscope.web.design.course import Course
from calciscope.web.design.noun_form import Input, Typed, typed_of
from calciscope.web.gate.screen import Asked
from calciscope.web.gate.typed import typed_before
from calciscope.web.scores.curves import NOUN
from calciscope.web.scores.forms import absentable, answers, parts, with_rest_absent
from calciscope.web.scores.from_record import of_two_visits, taken, takes
from calciscope.web.scores.presenter import results

ON, EARLIER = "scored_on", "earlier_visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the page shows; ``kept`` once the score is in the record."""

    context: dict[str, Any]
    kept: bool
    status: int


def sheet(request: Asked, asked: Instrument, page: PatientPage, *, on: str, keep: Callable[[Saying], None]) -> Sheet:
    """``on`` is the day that is offered (ISO); ``keep`` writes the fact and may refuse."""
    course = Course.of(page)
    typed: Typed = typed_of(request.POST) if request.method == "POST" else typed_before(request)
    day = "".join(typed.get(ON, ())) or days.written(on)
    problem, document, kept, says = "", None, False, ""
    if request.method == "POST" and "rest" in request.POST:
        typed = with_rest_absent(asked, typed)
    elif request.method == "POST" and "take" in request.POST and takes(asked):
        earlier = _day(request.POST.get(EARLIER, ""))
        found = taken(
            asked, course, on=_day(days.read(day)) or date.today(), earlier=earlier, born_on=page.banner.born_on
        )
        typed, says = {**typed, **found.answers}, found.says
    elif request.method == "POST":
        try:
            document = scored_document(asked.id, answers(asked, typed))
            if "keep" in request.POST:
                keep(_saying(request, document, days.read(day)))
                kept = True
        except NotAllowed:
            raise
        except Conflict:
            problem = "This score was kept already."
        except Invalid as invalid:
            problem = " ".join(one.message for one in invalid.problems)
        except Refused as refused:
            problem = str(refused)
    context = {
        "instrument": asked,
        "parts": parts(asked, typed, {}),
        "day": Input(name=ON, label="Scored on", shape="design/fields/day.html", text=day, hint="Such as 07 Mar 2026."),
        "takes": takes(asked),
        "says": says,
        "earlier_visits": _earlier(course, typed) if of_two_visits(asked) else [],
        "absentable": bool(absentable(asked)),
        "wrong": [("", "", problem)] if problem else [],
        "result": results(asked, document) if document else None,
        "reason": request.POST.get("reason", ""),
        "key": request.POST.get("uid") or str(uuid4()),
    }
    return Sheet(context=context, kept=kept, status=422 if problem else 200)


def _earlier(course: Course, typed: Typed) -> list[tuple[str, str, bool]]:
    """(ISO day, words, chosen) of visits that the first half can be taken from, the newest first."""
    chosen = "".join(typed.get(EARLIER, ()))
    held = [visit for visit in reversed(course.visits) if visit.state != "cancelled"]
    return [
        (visit.held_on.isoformat(), days.written(visit.held_on.isoformat()), visit.held_on.isoformat() == chosen)
        for visit in held
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _saying(request: Asked, document: dict[str, Any], on: str) -> Saying:
    data = {
        "instrument": document["instrument"],
        ON: on,
        "answers": document["answers"],
        "result": {name: value for name, value in document.items() if name != "answers"},
        "version": f"calciscope {document['software']['version']}",
    }
    try:
        key = UUID(request.POST.get("uid", ""))
    except ValueError:
        key = uuid4()
    return Saying(noun=NOUN, data=data, uid=key)
