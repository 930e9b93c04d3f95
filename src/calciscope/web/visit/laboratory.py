"""Laboratory results of one sample in one table: value, unit and the laboratory's own range, several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from calciscope.record.actions.entries import Saying
from calciscope.record.fact import Fact
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid, Problem
from calciscope.record.vocabulary import terms
from calciscope.web.design.days import written
from calciscope.web.design.noun_form import NounForm, Typed, typed_of
from calciscope.web.design.patient_banner import child
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.gate.typed import typed_before
from calciscope.web.visit.frame import VisitFrame
from calciscope.web.visit.saving import keep_typed, save

RESULT, FORM = "laboratory_result", "laboratory"
SHARED = ("sampled_on", "laboratory", "material")
CELLS = ("value", "unit", "low", "high")
RANGE = CELLS[2:]
RANGE_LASTS_DAYS = 365  # judgement: ranges of enzymes, phosphate and creatinine are printed by years of age
FIRST = (
    "creatine_kinase", "aldolase", "ldh", "ast", "alt", "calcium", "phosphate", "albumin", "creatinine", "crp", "esr",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One test's line: what is typed, what it may be in, what went before."""

    test: str
    title: str
    typed: dict[str, str]
    units: Sequence[str]
    before: str
    error: str

    @property
    def id(self) -> str:
        """For the error summary."""
        return f"f-{self.test}-value"


@screen(permission=Permission.RECORD)
def laboratory(request: Asked, patient: UUID, visit: UUID) -> HttpResponse:
    """Enter results; only rows with a value are saved."""
    frame = VisitFrame.of(request.actor, patient, visit)
    draft = frame.draft(FORM)
    typed = (
        typed_of(request.POST) if request.method == "POST" else typed_before(request) or (draft.data if draft else None)
    )
    shared = NounForm(noun=noun(RESULT), held={"sampled_on": frame.held.held_on.isoformat()}, typed=typed, only=SHARED)
    problems: dict[str, str] = {}
    kept = draft.revision if draft else 0
    if request.method == "POST":
        try:
            sayings = _sayings(request.POST.get("form_key", ""), frame, shared, typed or {}, problems)
            save(request.actor, frame, sayings, reason=request.POST.get("reason", ""), form=FORM)
            messages.success(request, f"{len(sayings)} result{'s' if len(sayings) != 1 else ''} saved.")
            return redirect("visit_laboratory", patient=patient, visit=visit)
        except Invalid as invalid:
            shared.problems = [p for p in invalid.problems if p.field in SHARED]
            loose = [p.message for p in invalid.problems if p.field not in SHARED]
            if loose and not problems:
                problems[""] = " ".join(loose)
        except Conflict:
            problems[""] = "These results were saved already, by you or by somebody else; see the list above."
        kept = keep_typed(request.actor, frame, typed or {}, form=FORM)
    rows = [_row(test, frame, typed, problems) for test in _tests(frame)]
    return _page(request, frame, shared, rows, problems, revision=kept)


def _page(
    request: Asked,
    frame: VisitFrame,
    shared: NounForm,
    rows: Sequence[ResultRow],
    problems: dict[str, str],
    *,
    revision: int,
) -> HttpResponse:
    wrong = shared.wrong() + [(row.id, row.title, row.error) for row in rows if row.error]
    wrong += [("", "", problems[""])] if "" in problems else []
    draft = frame.draft(FORM)
    context = {
        **frame.context(FORM),
        "form": shared,
        "tables": _tables(frame, rows),
        "wrong": wrong,
        "draft": draft if request.method != "POST" else None,
        "revision": revision,
        "reason": request.POST.get("reason", ""),
        "form_key": request.POST.get("form_key") or str(uuid5(frame.visit, str(len(frame.facts(RESULT))))),
        "listed": [(fact.uid, phrase(fact)) for fact in frame.facts(RESULT)],
    }
    return render(request, "visit/laboratory.html", context, status=422 if wrong else 200)


def _sayings(key: str, frame: VisitFrame, shared: NounForm, typed: Typed, problems: dict[str, str]) -> list[Saying]:
    said = shared.data()
    kind = noun(RESULT)
    sayings = []
    found: list[Problem] = []
    for test in terms("laboratory_tests"):
        data = _data(test, typed)
        if "value" not in data:
            continue
        try:
            sayings.append(Saying(noun=RESULT, data=kind.validated(said | data), uid=_uid(key, frame, test)))
        except Invalid as invalid:
            found += [problem for problem in invalid.problems if problem.field in SHARED and problem not in found]
            own = " ".join(problem.message for problem in invalid.problems if problem.field not in SHARED)
            problems.update({test: own} if own else {})
    if found or problems:
        raise Invalid(found)
    if not sayings:
        raise Invalid([Problem(field="", message="No value was entered.")])
    return sayings


def _data(test: str, typed: Typed) -> dict[str, Any]:
    """What one row says; its comparator may stand before the value, as laboratories print it."""
    kind = noun(RESULT)
    data: dict[str, Any] = {"test": test}
    for cell in CELLS:
        text = "".join(typed.get(f"{test}-{cell}", ())).strip()
        field = kind.field(cell)
        if cell == "value" and text[:1] in ("<", ">"):
            data["comparator"], text = text[0], text[1:]
        if text and field:
            data[cell] = field.read(text)
    return data


def _uid(key: str, frame: VisitFrame, test: str) -> UUID:
    """The same form sent twice meets itself."""
    try:
        return uuid5(UUID(key), test)
    except ValueError:
        return uuid5(frame.visit, test)


def _tests(frame: VisitFrame) -> list[str]:
    """The usual ones, and whatever this patient had before; all others behind them."""
    earlier = [str(fact.data["test"]) for fact in frame.course.of_noun(RESULT)]
    return list(
        dict.fromkeys(
            [*(test for test in FIRST if test in terms("laboratory_tests")), *earlier, *terms("laboratory_tests")]
        )
    )


def _tables(frame: VisitFrame, rows: Sequence[ResultRow]) -> list[tuple[str, Sequence[ResultRow]]]:
    """The usual tests open, the others folded away unless something stands in them."""
    usual = {*FIRST, *(str(fact.data["test"]) for fact in frame.course.of_noun(RESULT))}
    first = [row for row in rows if row.test in usual or row.typed["value"] or row.error]
    return [("", first), ("Further tests", [row for row in rows if row not in first])]


def _row(test: str, frame: VisitFrame, typed: Typed | None, problems: dict[str, str]) -> ResultRow:
    earlier = [fact for fact in frame.course.of_noun(RESULT) if fact.data["test"] == test]
    said = terms("laboratory_tests")[test]
    outgrown = bool(earlier and said.get("by_age")) and _outgrown(frame, frame.course.when(earlier[-1]))
    return ResultRow(
        test=test,
        title=str(said["words"]),
        typed={cell: _cell(test, cell, typed, [] if outgrown and cell in RANGE else earlier) for cell in CELLS},
        units=tuple(said["units"]),
        before=_before(earlier) + (". Take the range for this age from the report" if outgrown else ""),
        error=problems.get(test, ""),
    )


def _outgrown(frame: VisitFrame, then: date) -> bool:
    """Whether a range that depends on age was a child's of too long ago to be offered again."""
    held = frame.held.held_on
    return child(frame.page.banner.born_on, then) and (held - then).days > RANGE_LASTS_DAYS


def _before(earlier: Sequence[Fact]) -> str:
    if not earlier:
        return "none"
    data = earlier[-1].data
    value = f"{data['value']:g} {data['unit']}" if isinstance(data["value"], int | float) else "not assessed"
    return f"{data.get('comparator', '')}{value}, {written(str(data['sampled_on']))}"


def _cell(test: str, cell: str, typed: Typed | None, earlier: Sequence[Fact]) -> str:
    """What was typed; unit and range of the last result are offered, a value never."""
    if typed is not None:
        return "".join(typed.get(f"{test}-{cell}", ()))
    if cell == "value" or not earlier:
        return ""
    value = earlier[-1].data.get(cell, "")
    return f"{value:g}" if isinstance(value, int | float) else str(value)
