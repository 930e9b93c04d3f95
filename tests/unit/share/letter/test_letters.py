"""What letters say: all that was recorded, that the rest was not, and to families only what is signed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

import pytest

from calciscope.share.letter.catalogue import kind_of, kinds
from calciscope.share.letter.typesetting import content
from calciscope.terms.errors import Refused
from calciscope.terms.letter import Letter
from calciscope.terms.letter_facts import LetterFacts, PlanState, Reader, ToldPlan, Typed
from tests.unit.share.letter import made

PROFESSIONAL = ("assessment_and_plan", "second_opinion")
NOT_TOLD = {"judged", "texts"}
CODES = {"code", "trend", "id", "part"}


def strings(held: object) -> Iterator[str]:
    """Every text within facts, but codes that only machines read."""
    if isinstance(held, str) and not isinstance(held, Enum):
        yield held
    elif isinstance(held, tuple):
        for one in held:
            yield from strings(one)
    elif dataclasses.is_dataclass(held) and not isinstance(held, type):
        for field in dataclasses.fields(held):
            if field.name not in CODES | NOT_TOLD:
                yield from strings(getattr(held, field.name))


def said(letter: Letter) -> str:
    """All that a letter says."""

    def flat(one: object) -> Iterator[str]:
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            for key, value in one.items():
                if key not in ("is", "tone"):
                    yield from flat(value)
        elif isinstance(one, list):
            for value in one:
                yield from flat(value)

    return "\n".join(flat(content(letter)))


def written(kind: str, facts: LetterFacts, typed: Typed = made.TYPED) -> str:
    return said(kind_of(kind).compose(facts, typed, ()))


@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_nothing_that_was_recorded_is_dropped(kind) -> None:
    text = " ".join(written(kind, made.MUCH).split())
    missing = [one for one in strings(made.MUCH) if one and " ".join(one.rstrip(".").split()) not in text]
    assert missing == []


@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_what_was_not_recorded_is_said_to_be_so(kind) -> None:
    text = written(kind, made.NOTHING)
    told = " ".join(text.split())
    assert "Not recorded: diagnosis, first symptom" in told
    for words in (
        "Antibodies not recorded",
        "Allergies not recorded",
        "Drugs: not recorded",
        "No plan has been written",
    ):
        assert words in told
    assert "That is not the same as examined and none found" in told
    assert "normal" not in told.replace("Missing is not normal", "")


@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_judgements_bear_their_marks_and_numbers(kind) -> None:
    text = written(kind, made.MUCH)
    for words in (
        "[judgement: Own judgement]",
        "[seen]",
        "n = 78",
        "most had systemic sclerosis",
        "Would settle most: creatinine",
    ):
        assert words in text
    for words in (
        "Clinically reviewed by: nobody yet",
        "Research use only",
        "memory = known",
        "overdue",
        "not complete",
    ):
        assert words in text


@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_without_advice_the_letter_says_that_nothing_was_looked_for(kind) -> None:
    text = written(kind, replace(made.MUCH, judged=None))
    assert "Advice is off at this site" in text
    assert "[seen]" not in text


def test_no_red_flag_is_not_all_clear() -> None:
    text = written("assessment_and_plan", replace(made.MUCH, judged=replace(made.JUDGED, red_flags=())))
    assert "What is not recorded could not be looked at" in text


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.PRESENTED])
@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_an_unsigned_plan_makes_a_draft(kind, state) -> None:
    plan = replace(made.PLAN, state=state, lacks=("No physician has signed it.",))
    letter = kind_of(kind).compose(replace(made.MUCH, plan=plan), made.TYPED, ())
    assert "not in force" in letter.draft
    assert "No physician has signed it." in letter.draft
    assert kind_of(kind).compose(made.MUCH, made.TYPED, ()).draft == ""


def test_a_plan_that_ended_is_not_told_as_one_that_holds() -> None:
    ended = ToldPlan(state=PlanState.ENDED, ended="The plan of 01 Jan 2026 ended on 02 Feb 2026: moved away")
    text = written("assessment_and_plan", replace(made.MUCH, plan=ended))
    assert "No plan is in force. The plan of 01 Jan 2026 ended" in text


def test_the_sentence_on_top_says_who_what_and_what_was_agreed() -> None:
    text = written("assessment_and_plan", made.MUCH)
    assert "12 years, with juvenile dermatomyositis: 9 deposits of calcium (left elbow, right elbow" in text
    assert "In force since 03 Nov 2026: Diltiazem; looked at again on 02 Feb 2027." in text
    assert "whose diagnosis is not recorded: no deposit is recorded as present" in written(
        "assessment_and_plan", made.NOTHING
    )


def test_the_question_comes_before_the_facts() -> None:
    text = written("second_opinion", made.MUCH)
    assert (
        text.index("Should the plate at the left thigh") < text.index("An opinion on surgery") < text.index("juvenile")
    )


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.PRESENTED, PlanState.ENDED, PlanState.NONE])
def test_the_family_hears_of_a_signed_plan_alone(state) -> None:
    facts = replace(made.MUCH, judged=None, plan=replace(made.PLAN, state=state), texts=made.texts())
    letter = kind_of("family").compose(facts, Typed(), ())
    text = said(letter)
    assert letter.draft == ""
    for words in (made.PLAN.goals, "Diltiazem", made.PLAN.next_steps, made.PLAN.stop_rule):
        assert words not in text


def test_the_family_hears_what_was_agreed_and_when_to_call() -> None:
    text = written("family", replace(made.MUCH, judged=None, texts=made.texts("diltiazem")), Typed(phone="as given"))
    for words in (
        made.PLAN.goals,
        "Diltiazem, 30 mg three times a day",
        "heart and blood pressure medicine",
        "02 Feb 2027",
    ):
        assert words in text
    for words in (
        "hard to breathe",
        "goes down the wrong way",
        "38 °C",
        "gets red, hot",
        "lifting the arms",
        "as given",
    ):
        assert words in text
    assert "and 5 more: left thigh, back, right forearm, left buttock, chest" in text
    assert "about 6.4 grams, most likely between 5.9 and 6.9" in text
    assert "Clinically reviewed by: nobody yet" in text


@pytest.mark.parametrize(
    ("mass", "lower", "upper", "told"),
    [
        (2.0, 1.0, 3.0, "less than 0.01 grams."),
        (812.0, 640.0, 990.0, "about 0.81 grams, most likely between 0.64 and 0.99."),
        (123_456.0, 98_765.0, 150_000.0, "about 123 grams, most likely between 99 and 150."),
        (812.0, None, None, "about 0.81 grams."),
        (None, None, None, "It could not weigh the calcium."),
    ],
)
def test_grams_are_told_as_people_say_them(mass, lower, upper, told) -> None:
    scan = replace(made.MUCH.scans[0], mass_mg=mass, mass_lower_mg=lower, mass_upper_mg=upper)
    facts = replace(made.MUCH, judged=None, scans=(scan,), texts=made.texts())
    assert told in written("family", facts, Typed())


def test_no_phone_number_is_invented() -> None:
    text = written("family", replace(made.MUCH, judged=None, texts=made.texts("diltiazem")), Typed())
    assert "____" in text
    assert re.findall(
        r"\d{3,}", text.replace("H-0001", "").replace("2026", "").replace("2027", "").replace("2014", "")
    ) == ["2017", "329"]


@pytest.mark.parametrize(
    ("reader", "greeting"),
    [
        (Reader.CHILD, "Dear family of Anna-Élodie,"),
        (Reader.YOUNG, "Dear Anna-Élodie,"),
        (Reader.ADULT, "Dear Anna-Élodie Müller-Lüdenscheidt-Öztürk,"),
    ],
)
def test_the_family_is_greeted_by_age(reader, greeting) -> None:
    facts = replace(made.MUCH, who=replace(made.MUCH.who, reader=reader), texts=made.texts())
    assert greeting in written("family", facts, Typed())
    assert ("Your child's goals" in written("family", facts, Typed())) is (reader is Reader.CHILD)


def test_what_was_not_examined_is_not_told_as_nothing_found() -> None:
    facts = replace(made.NOTHING, texts=made.texts())
    assert "No calcium is written down so far." in written("family", facts, Typed())
    looked = replace(facts, examined="Whole body: examined, none found (02 Nov 2026).")
    assert "found no calcium" in written("family", looked, Typed())


def test_kinds_are_those_of_their_folder() -> None:
    assert set(kinds()) == {"assessment_and_plan", "family", "second_opinion"}
    assert kind_of("second-opinion").id == "second_opinion"
    with pytest.raises(Refused, match="no such kind"):
        kind_of("invoice")
