"""When a third reader is asked: by the plan's limits, and by nothing else."""

from __future__ import annotations

import pytest

from calciscope.record.scans.followed import followed
from calciscope.record.trials.plan import Rules
from calciscope.record.trials.reading import Result, problems_of, result_of, undecided
from calciscope.record.trials.rule import BURDEN, DEPOSITS, differ, events_read
from tests.unit.record.scans.made import CANDIDATES
from tests.unit.record.trials.made import FAMILIES, decisions


def read(mass_mg: float | None, *counted: int) -> Result:
    return Result(counted=frozenset(counted), mass_mg=mass_mg, volume_ml=1.0)


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        (100.0, 100.0, False),
        (100.0, 110.0, False),  # 9.5 % of their mean
        (100.0, 111.0, True),  # 10.4 % and 11 mg
        (10.0, 19.0, False),  # 62 %, but 9 mg
        (10.0, 21.0, True),
        (5000.0, 5400.0, False),  # 400 mg, but 7.7 %
        (0.0, 11.0, True),
        (None, 100.0, True),
        (None, None, False),
    ],
)
def test_burdens_have_to_lie_beyond_both_limits(first, second, asked) -> None:
    found = differ(read(first), read(second), Rules(limit_percent=10.0, limit_mg=10.0))
    assert found == ((BURDEN,) if asked else ())


def test_deposits_are_compared_where_the_plan_says_so() -> None:
    one, other = read(100.0, 1, 2), read(100.0, 1, 3)
    assert differ(one, other, Rules()) == ()
    assert differ(one, other, Rules(judge_deposits=True)) == (DEPOSITS,)


def test_a_reading_counts_what_it_took_for_calcinosis() -> None:
    said = [*decisions(2), {"candidate": 4, "decision": "relabel", "kind": "calcinosis"}]
    found = result_of(said, CANDIDATES)
    assert found.counted == {1, 3, 4}
    assert found.mass_mg == pytest.approx(100.0 + 100.0 / 3 + 25.0)
    assert result_of([], CANDIDATES).counted == {1, 2, 3}
    relabelled = [{"candidate": 1, "decision": "relabel", "kind": "vascular"}]
    assert result_of(relabelled, CANDIDATES).counted == {2, 3}


def test_what_could_not_be_weighed_makes_the_sum_unknown() -> None:
    assert result_of([], [{**CANDIDATES[0], "mass_mg": None}, CANDIDATES[1]]).mass_mg is None


def test_every_proposal_of_calcinosis_asks_for_a_decision() -> None:
    assert undecided([], CANDIDATES) == [1, 2, 3]
    assert undecided(decisions(), CANDIDATES) == []


@pytest.mark.parametrize(
    "said",
    [
        [{"candidate": 9, "decision": "accept"}],
        [{"candidate": 1, "decision": "perhaps"}],
        [{"candidate": 1, "decision": "relabel"}],
        [{"candidate": 1, "decision": "accept"}, {"candidate": 1, "decision": "reject"}],
    ],
)
def test_decisions_that_cannot_be_are_named_at_their_proposal(said) -> None:
    assert list(problems_of(said, CANDIDATES))


def test_what_became_of_a_deposit_follows_the_readers_word() -> None:
    families = followed(FAMILIES)
    found = events_read(families, read(1.0, 1, 2), read(1.0, 2, 3))
    assert list(found.values()) == ["resolved", "grown", "new"]
    assert events_read(families, read(1.0), read(1.0)) == {}
