"""What tells the subtypes of calcinosis apart in the blood: what is known of it, and what that fits. It decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from calciscope.record.vocabulary import terms
from calciscope.web.design.course import Course
from calciscope.web.laboratory.table import ABOVE, BELOW, TESTS, UNJUDGED, WITHIN, newest_of, range_words

SOURCE = "J Am Acad Dermatol 2011;65:1-12 (abstract seen; the warfarin and kidney rows from memory)"
DECISIVE = ("calcium", "phosphate", "parathyrin", "vitamin_d_25", "creatinine")
BATTERY = (
    *DECISIVE[:2],
    "albumin",
    "calcium_ionised",
    *DECISIVE[2:],
    "alkaline_phosphatase",
    "cystatin_c",
    "urine_calcium",
)
STANDS_FOR = {"calcium": ("calcium", "calcium_ionised"), "creatinine": ("creatinine", "cystatin_c", "egfr")}
YEAR_DAYS = 365  # judgement: an older result is shown, and said to be old


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One test of the battery."""

    title: str
    value: str
    range: str
    on: date | None
    place: str
    old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """Its members, and the sentences that follow from them."""

    members: Sequence[Member]
    says: Sequence[str]
    source: str = SOURCE


def battery(course: Course, today: date) -> Battery:
    """From the newest result of each test."""
    return Battery(members=[_member(course, test, today) for test in BATTERY], says=_says(course))


def _member(course: Course, test: str, today: date) -> Member:
    title, found = str(terms(TESTS)[test]["words"]), newest_of(course, test)
    if found is None:
        return Member(title=title, value="", range="", on=None, place=UNJUDGED, old=False)
    fact, cell = found
    return Member(
        title=title,
        value=f"{cell.text} {fact.data['unit']}" if cell.text != "not assessed" else cell.text,
        range=range_words(fact.data),
        on=cell.on,
        place=cell.place,
        old=(today - cell.on).days > YEAR_DAYS,
    )


def _says(course: Course) -> list[str]:
    places = {test: _place(course, STANDS_FOR.get(test, (test,))) for test in DECISIVE}
    names = {test: str(terms(TESTS)[test]["words"]) for test in DECISIVE}
    outside = [names[test] for test, place in places.items() if place in (ABOVE, BELOW)]
    unknown = [names[test] for test, place in places.items() if place == UNJUDGED]
    said = []
    if outside:
        said.append(
            f"Outside the laboratory's range: {'; '.join(outside)}. An option to discuss: whether a metastatic or mixed "
            "calcification is at work beside the dystrophic one of dermatomyositis."
        )
    if unknown:
        said.append(f"Cannot be judged: {'; '.join(unknown)} (not measured, or without the laboratory's range).")
    if not outside and not unknown:
        said.append(
            "Calcium, phosphate, parathyroid hormone, vitamin D and kidney within range: this fits dystrophic calcinosis."
        )
    said.append("Severe pain with livedo or necrosis raises calciphylaxis whatever the blood says.")
    return said


def _place(course: Course, tests: Sequence[str]) -> str:
    """The worst of the newest results that stand for one another; unjudged only where none can be judged."""
    places = [found[1].place for test in tests if (found := newest_of(course, test))]
    beyond = [place for place in places if place in (ABOVE, BELOW)]
    return beyond[0] if beyond else WITHIN if WITHIN in places else UNJUDGED
