"""Lesions through a subject's scans, and whether the burden changed by a reader's word."""

from __future__ import annotations

from uuid import UUID

import pytest

from calciscope.record.trials.change import Change, change_read
from calciscope.record.trials.lesions import lesions
from tests.unit.record.trials.made import family

FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))


def scan(*numbers: int) -> dict[str, list[dict[str, int]]]:
    return {"candidates": [{"deposit_id": number} for number in numbers]}


def test_a_deposit_keeps_its_number_through_scans_and_a_merged_one_is_one() -> None:
    scans = {FIRST: scan(1, 2, 3), SECOND: scan(1, 2, 9), THIRD: scan(5)}
    comparisons = [
        {"earlier": str(FIRST), "measurement": str(SECOND), "families": [
            family("merged", (1, 2), (2,)), family("stable", (3,), (1,)), family("new", (), (9,)),
        ]},
        {"earlier": str(SECOND), "measurement": str(THIRD), "families": [family("shrunk", (2,), (5,))]},
    ]  # fmt: skip
    assert lesions(scans, [FIRST, SECOND, THIRD], comparisons) == {
        (FIRST, 1): 1, (FIRST, 2): 1, (FIRST, 3): 2, (SECOND, 1): 2, (SECOND, 2): 1, (SECOND, 9): 3, (THIRD, 5): 1,
    }  # fmt: skip


def test_scans_that_were_not_compared_share_nothing() -> None:
    found = lesions({FIRST: scan(1), SECOND: scan(1)}, [FIRST, SECOND], [])
    assert found == {(FIRST, 1): 1, (SECOND, 1): 2}


COMPARISON = {
    "outcome": "compared",
    "burden": {"limit_mg": 20.0},
    "families": [family("stable", (1,), (1,)), family("grown", (2,), (2,)), family("not_evaluable", (3,), ())],
}


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({1: 100.0, 2: 50.0}, {1: 100.0, 2: 71.0}, Change.INCREASE),
        ({1: 100.0, 2: 50.0}, {1: 100.0, 2: 70.0}, Change.NO_CHANGE),
        ({1: 100.0, 2: 50.0}, {1: 100.0}, Change.DECREASE),  # the reader does not count number 2 any more
        ({1: 100.0, 3: 500.0}, {1: 100.0}, Change.NO_CHANGE),  # number 3 was not shown again
        ({1: None}, {1: 100.0}, Change.NOT_EVALUABLE),
        ({}, {}, Change.NO_CHANGE),
    ],
)
def test_a_change_is_one_beyond_the_limit_of_what_could_be_followed(before, after, change) -> None:
    assert change_read(COMPARISON, before, after) is change


@pytest.mark.parametrize(
    "comparison", [None, {"outcome": "not_comparable"}, {"outcome": "compared", "burden": {"limit_mg": None}}]
)
def test_without_a_comparison_or_a_limit_nothing_is_said(comparison) -> None:
    assert change_read(comparison, {1: 1.0}, {1: 1000.0}) is Change.NOT_EVALUABLE
