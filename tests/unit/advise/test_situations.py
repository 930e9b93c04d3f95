"""The order of thought: sizes at their limits, and lines that need one and the same deposit."""

from __future__ import annotations

from datetime import date

import pytest

from calciscope.advise import advise
from calciscope.advise.situations import OF_ONE_DEPOSIT
from calciscope.knowledge import knowledge
from calciscope.knowledge.model import Situation
from calciscope.terms.advice import Line
from calciscope.terms.deposits import Layer, Region
from calciscope.terms.picture import ActivityState, DepositForm, DepositState, PatientPicture, SeenDeposit

NODULE = {"site": Region.ELBOW, "layer": Layer.SUBCUTANEOUS, "form": DepositForm.NODULE}
QUIET: frozenset[DepositState] = frozenset()


@pytest.mark.parametrize(
    ("deposit", "small", "large", "diffuse"),
    [
        (SeenDeposit(**NODULE, longest_mm=14.9), True, False, False),
        (SeenDeposit(**NODULE, longest_mm=15), False, True, False),
        (SeenDeposit(**NODULE), None, None, False),
        (SeenDeposit(form=DepositForm.MASS, layer=Layer.SUBCUTANEOUS), False, True, False),
        (SeenDeposit(form=DepositForm.PUNCTATE, layer=Layer.CUTANEOUS), True, False, False),
        (SeenDeposit(form=DepositForm.PUNCTATE, layer=Layer.INTRAMUSCULAR), False, False, False),
        (SeenDeposit(form=DepositForm.PUNCTATE), None, False, False),
        (SeenDeposit(form=DepositForm.SHEET), False, False, True),
        (SeenDeposit(form=DepositForm.LINEAR, layer=Layer.FASCIAL), False, False, True),
        (SeenDeposit(form=DepositForm.LINEAR, layer=Layer.CUTANEOUS), False, False, False),
        (SeenDeposit(form=DepositForm.LINEAR), False, False, None),
        (SeenDeposit(), None, None, None),
    ],
)
def test_form_and_size(deposit: SeenDeposit, small: bool | None, large: bool | None, diffuse: bool | None) -> None:
    assert OF_ONE_DEPOSIT[Situation.SMALL_SUPERFICIAL](deposit) is small
    assert OF_ONE_DEPOSIT[Situation.LARGE_DISCRETE](deposit) is large
    assert OF_ONE_DEPOSIT[Situation.DIFFUSE_SHEET](deposit) is diffuse


def lines(*deposits: SeenDeposit) -> dict[str, Line]:
    picture = PatientPicture(as_of=date(2026, 11, 23), activity=ActivityState.INACTIVE, deposits=deposits)
    return {option.therapy: option.line for option in advise(picture, knowledge()).options}


def test_excision_needs_one_deposit_that_is_both_large_and_troublesome() -> None:
    large = SeenDeposit(form=DepositForm.MASS, symptomatic=False, states=QUIET)
    sore = SeenDeposit(**NODULE, longest_mm=5, symptomatic=True, states=QUIET)
    both = SeenDeposit(form=DepositForm.MASS, symptomatic=True, states=QUIET)
    assert lines(large, sore)["excision"] is Line.NEXT
    assert lines(both)["excision"] is Line.NOW


def test_suits_names_the_deposits() -> None:
    picture = PatientPicture(
        as_of=date(2026, 11, 23),
        deposits=(
            SeenDeposit(form=DepositForm.SHEET, states=QUIET),
            SeenDeposit(**NODULE, longest_mm=5, states=frozenset({DepositState.LIQUID})),
        ),
    )
    options = {option.therapy: option for option in advise(picture, knowledge()).options}
    assert options["aspiration"].suits == (1,)
    assert options["pamidronate"].suits == (0, 1)
    assert options["thiosulfate_topical"].suits == (1,)


def test_something_urgent_holds_elective_options_back() -> None:
    picture = PatientPicture(
        as_of=date(2026, 11, 23),
        activity=ActivityState.ACTIVE,
        deposits=(SeenDeposit(states=frozenset({DepositState.ULCERATED})),),
        conditions=frozenset({"compartment_signs"}),
    )
    advice = advise(picture, knowledge())
    options = {option.therapy: option for option in advice.options}
    assert advice.red_flags
    assert options["methotrexate"].line is Line.NEXT
    assert options["wound_care"].line is Line.NOW
    assert [option for option in advice.options if option.line is Line.NOW and option.therapy == "prednisone"] == []
