"""The page for the family: what two scans showed, in the words of the knowledge base, with what the record fills in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from calciscope.knowledge.load_family_page import CHILD_BELOW_YEARS, FamilyWords, family_words, versions
from calciscope.record.banner import Banner
from calciscope.record.scans.chain import Chain
from calciscope.record.written_days import written
from calciscope.share.family_page.typesetting import FamilyPage, PagePicture
from calciscope.terms.tracking import Cause
from calciscope.web.course.sentence import THIN_SPACE, Told, amount
from calciscope.web.course.told import told_of
from calciscope.web.design.course import Course

PLAIN, CHILD = "plain", "child"
SAID = {"much_better": "much better", "better": "better", "worse": "worse", "much_worse": "much worse"}
SAME = "same"
PAIN = "pain"


def version_for(asked: str, born_on: date | None, today: date) -> str:
    """The version that was asked for, else by the patient's age."""
    if asked in versions():
        return asked
    if born_on is None:
        return PLAIN
    years = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return CHILD if years < CHILD_BELOW_YEARS else PLAIN


def family_page(
    course: Course, chain: Chain | None, banner: Banner, pictures: Sequence[bytes], *, version: str, today: date
) -> FamilyPage:
    """``pictures`` are then and now as PNG (more are left out); empty where there are none."""
    words, told = family_words(version), told_of(course, chain)
    part = told.part[:1].lower() + told.part[1:]
    days = {"then_on": _day(told.then_on), "now_on": _day(told.now_on)}
    heads = words.headings
    sections = [
        (heads["measured"], list(_measured(words, told, part, days))),
        (heads["result"], list(_result(words, told))),
        (heads["not_told"], [words.say("not_told")]),
        (heads["felt"], list(_felt(words, told, course))),
        (heads["next"], list(_next(words, course, today))),
    ]
    shown = [
        PagePicture(
            png=png, caption=words.say(f"{name}_picture", **days), alt=words.say(f"alt_{name}", part=part, **days)
        )
        for name, png in zip(("then", "now"), pictures, strict=False)
    ]
    return FamilyPage(
        title=words.title,
        name=" ".join(part for part in (banner.given_name, banner.family_name) if part),
        day=_day(today),
        sections=[(heading, lines) for heading, lines in sections if lines or heading == heads["next"]],
        pictures=shown,
        below_pictures=words.say("bright"),
        blanks=[words.say("next_visit"), words.say("call")],
    )


def _measured(words: FamilyWords, told: Told, part: str, days: dict[str, str]) -> Iterator[str]:
    if told.then_on:
        yield words.say("measured" if told.now_on else "measured_once", part=part, **days)


def _result(words: FamilyWords, told: Told) -> Iterator[str]:
    """Masses, what chance can do, and what follows; why there is less, as far as the record says."""
    if told.now_on is None:
        yield words.say("result_once" if told.then_mg is not None else "cannot", then=_mg(told.then_mg))
        return
    if told.then_mg is None or told.now_mg is None or told.limit_mg is None:
        yield words.say("cannot")
        return
    yield words.say("result", then=_mg(told.then_mg), now=_mg(told.now_mg))
    yield words.say("limit", limit=_mg(told.limit_mg))
    less = bool(told.significant) and told.now_mg < told.then_mg
    yield words.say("less" if less else "more" if told.significant else "within")
    new = told.events.get("new", 0)
    if new:
        yield words.say("new_one" if new == 1 else "new_more", new=new)
    causes = {cause for found, _ in told.lost for cause in found} or ({Cause.UNKNOWN} if less else set())
    for cause in (Cause.RESORBED, Cause.EXTRUDED, Cause.DRAINED, Cause.EXCISED, Cause.UNKNOWN):
        if cause in causes:
            yield words.say(cause.value)


def _felt(words: FamilyWords, told: Told, course: Course) -> Iterator[str]:
    rating = told.rating
    then = rating.then if rating and rating.title == PAIN else None
    now = rating.now if rating and rating.title == PAIN else None
    if then is not None and now is not None:
        yield words.say("pain", pain_then=f"{then:g}", pain_now=f"{now:g}")
    elif then is not None:
        yield words.say("pain_then", pain_then=f"{then:g}")
    elif now is not None:
        yield words.say("pain_now", pain_now=f"{now:g}")
    else:
        yield words.say("no_pain")
    answer = course.newest("anchor_questions")
    change = str(answer.data.get("change", "")) if answer else ""
    if change == SAME:
        yield words.say("said_same")
    elif change in SAID:
        yield words.say("said", said=SAID[change])


def _next(words: FamilyWords, course: Course, today: date) -> Iterator[str]:
    plan = course.newest("plan")
    review = str(plan.data.get("review_on", "")) if plan else ""
    if review[:1].isdigit() and review >= today.isoformat():
        yield words.say("review", review=written(review))


def _mg(value: float | None) -> str:
    """With a comma in thousands, as everyday writing has it."""
    return amount(value).replace(THIN_SPACE, ",")


def _day(day: date | None) -> str:
    return written(day.isoformat()) if day else ""
