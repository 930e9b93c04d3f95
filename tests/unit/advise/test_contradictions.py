"""A record that says two things that cannot both be true: told, and nothing dropped for it."""

from __future__ import annotations

from datetime import date

import pytest

from calciscope.advise import CONTRADICTORY, advise
from calciscope.advise.contradictions import contradictions
from calciscope.knowledge import knowledge
from calciscope.terms.deposits import Region
from calciscope.terms.picture import DepositState, Diagnosis, PatientPicture, Person, SeenDeposit, Sex

AS_OF = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "onset", "treated", "told"),
    [
        ("2014-03-02", "2022-05-01", "2022-07-01", []),
        ("2014-03-02", "2010-05-01", None, ["the onset of the disease lies before birth"]),
        ("2014-03-02", "2022-05-01", "2021-01-01", ["the start of treatment lies before the onset of the disease"]),
        ("2014-03-02", None, "2013-01-01", ["the start of treatment lies before birth"]),
        ("2014-03-02", "2027-01-01", None, ["the day of the picture lies before the onset of the disease"]),
        (None, None, None, []),
    ],
)
def test_dates_out_of_order_are_told(born: str | None, onset: str | None, treated: str | None, told: list[str]) -> None:
    born_on, onset_on, treated_on = (None if one is None else date.fromisoformat(one) for one in (born, onset, treated))
    picture = PatientPicture(
        as_of=AS_OF, patient=Person(born=born_on), diagnosis=Diagnosis(onset=onset_on, treatment_start=treated_on)
    )
    assert [one.removeprefix(CONTRADICTORY).split(";")[0] for one in contradictions(picture)] == told


def test_both_statements_are_kept_and_the_careful_one_rules() -> None:
    picture = PatientPicture(
        as_of=AS_OF,
        patient=Person(sex=Sex.MALE, pregnant=True),
        deposits=(
            SeenDeposit(
                site=Region.KNEE, states=frozenset({DepositState.INFECTION_CONFIRMED, DepositState.INFECTION_EXCLUDED})
            ),
        ),
    )
    advice = advise(picture, knowledge())
    assert [one for one in advice.missing if one.startswith(CONTRADICTORY)] == [
        "contradictory: male, and pregnant; one of the two is wrong",
        "contradictory: deposit 0 (knee): infection is excluded, and is not",
    ]
    assert "infection-confirmed" in {card.rule for card in advice.red_flags}
    assert any(card.rule == "methotrexate-pregnancy" for one in advice.options for card in one.stops)
