"""What a change of the knowledge moves is found by weighing little, and is what two whole pieces of advice differ by."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.invented_pictures import picture as invented
from calciscope.advise import advise, change, differences, differences_by
from calciscope.knowledge import Knowledge
from calciscope.knowledge.model import Level
from calciscope.read.picture_json import read_picture
from calciscope.terms.advice import Line
from calciscope.terms.picture import PatientPicture
from tests.generative.advise.test_advice_obeys import KNOWN, SETTINGS, pictures
from tests.spec.vignettes import vignettes


def without(*rules: str) -> Knowledge:
    return replace(
        KNOWN, rules={name: one for name, one in KNOWN.rules.items() if name not in rules}, version="without"
    )


def with_rule(name: str, **changed: Any) -> Knowledge:
    return replace(KNOWN, rules={**KNOWN.rules, name: replace(KNOWN.rules[name], **changed)}, version="changed")


def with_therapy(name: str, **changed: Any) -> Knowledge:
    return replace(
        KNOWN, therapies={**KNOWN.therapies, name: replace(KNOWN.therapies[name], **changed)}, version="changed"
    )


def placed(name: str, line: Line) -> Knowledge:
    return with_therapy(name, places=tuple(replace(one, line=line) for one in KNOWN.therapies[name].places))


CHANGES = {
    "a stop is gone": without("methotrexate-egfr-below-30"),
    "a stop is softened": with_rule("methotrexate-egfr-below-30", level=Level.CAUTION),
    "a condition is another": with_rule("methotrexate-egfr-below-30", when=KNOWN.rules["calciphylaxis"].when),
    "an interaction of drugs that are no therapy is gone": without(
        "diltiazem-beta-blocker", "methotrexate-nitrous-oxide"
    ),
    "a red flag is gone": without("calciphylaxis"),
    "an urgent red flag is gone": without("infection-spreading"),
    "a finding is gone": without("alt-unclear"),
    "the rule of one's own allergy is gone": without("recorded-allergy"),
    "a therapy moves": placed("diltiazem", Line.NOW),
    "a therapy is not offered": with_therapy(
        "diltiazem", offered=False, not_offered_because="No.", not_offered_source="own-judgement"
    ),
    "a class loses a drug": with_therapy("methotrexate", classes=frozenset({"immunosuppressant"})),
    "a therapy is new": replace(
        KNOWN, therapies={k: v for k, v in KNOWN.therapies.items() if k != "wound_care"}, version="less"
    ),
}


WORKED = [read_picture(json.dumps(one.picture).encode()) for one in vignettes()]


@pytest.mark.parametrize("name", CHANGES)
def test_the_quick_way_agrees_with_the_slow_one(name: str) -> None:
    """On worked patients, in whom every rule speaks somewhere, and on invented ones."""
    changed, chance = change(CHANGES[name], KNOWN), Random(7)
    assert changed.edits
    slow = [differences(advise(one, CHANGES[name]), advise(one, KNOWN)) for one in WORKED]
    assert [differences_by(changed, one) for one in WORKED] == slow
    assert any(slow), "no picture met the change, so nothing was shown"
    for one in (invented(chance, KNOWN) for _ in range(25)):
        assert differences_by(changed, one) == differences(advise(one, CHANGES[name]), advise(one, KNOWN))


def test_only_what_can_move_is_weighed() -> None:
    assert change(KNOWN, KNOWN).edits == ()
    assert change(KNOWN, KNOWN).drugs == frozenset()
    assert change(CHANGES["a stop is gone"], KNOWN).drugs == {"methotrexate"}
    assert not change(CHANGES["a stop is gone"], KNOWN).of_the_patient
    assert change(CHANGES["a finding is gone"], KNOWN).of_the_patient


@SETTINGS
@given(picture=pictures, name=st.sampled_from(sorted(KNOWN.rules)))
def test_other_words_for_the_same_rule_move_nothing(picture: PatientPicture, name: str) -> None:
    same = with_rule(name, because="In other words.", source="own-judgement", jurisdiction="US", check_months=1)
    assert change(same, KNOWN).edits == ()
    assert differences_by(change(same, KNOWN), picture) == ()
