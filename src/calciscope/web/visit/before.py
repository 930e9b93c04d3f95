"""What to know before a visit: what changed, what is due, what to look at, what is given; for one visit or a whole day's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from calciscope.record.in_words.phrases import phrase
from calciscope.web.background.presenter import OLD_MONTHS, asked
from calciscope.web.design.days import written
from calciscope.web.laboratory.battery import battery
from calciscope.web.laboratory.table import newest_results
from calciscope.web.patient.headline import headline
from calciscope.web.visit.deposit_cards import deposit_cards
from calciscope.web.visit.frame import VisitFrame

WATCHED_SYSTEMS = ("lung", "heart", "swallowing")  # those that dermatomyositis harms unnoticed


def before_visit(frame: VisitFrame) -> dict[str, Any]:
    """For the template of the sheet."""
    day = frame.held.held_on
    drugs = [fact for fact in frame.course.of_noun("medication") if _runs(fact.data.get("stopped_on"), day)]
    return {
        "headline": headline(frame.course),
        "due_before": list(due_before(frame, day)),
        "cards": [card for card in deposit_cards(frame) if not card.ended],
        "drugs": [phrase(fact, frame.deposit_choices()) for fact in drugs],
        "results": newest_results(frame.course),
        "plan": frame.course.newest("plan"),
    }


def due_before(frame: VisitFrame, day: date) -> Iterator[str]:
    """What the record lacks or what is late, in sentences; what was never recorded is not taken for normal."""
    course = frame.course
    for noun, field, words in (
        ("plan", "review_on", "Review of the plan"),
        ("risk_watch", "next_look_on", "Look for deposits"),
    ):
        fact = course.newest(noun)
        due = str(fact.data.get(field, "")) if fact else ""
        if due[:1].isdigit() and due <= day.isoformat():
            yield f"{words}: due on {written(due)}"
    systems = {one.code: one for one in asked(course, "organ_screening", "system", day)}
    never = [systems[code].words for code in WATCHED_SYSTEMS if not systems[code].facts]
    late = [one.words for one in systems.values() if one.old]
    if never:
        yield f"Never screened: {', '.join(never)}"
    if late:
        yield f"Screened more than {OLD_MONTHS} months ago: {', '.join(late)}"
    missing = [one.title for one in battery(course, day).members if one.on is None]
    if missing:
        yield f"Never measured: {'; '.join(missing)}"
    old = [one.title for one in battery(course, day).members if one.old]
    if old:
        yield f"Measured more than a year ago: {'; '.join(old)}"
    if not course.of_noun("allergy"):
        yield "Allergies: not asked"


def _runs(stopped_on: Any, day: date) -> bool:
    return stopped_on is None or (str(stopped_on)[:1].isdigit() and str(stopped_on) > day.isoformat())
