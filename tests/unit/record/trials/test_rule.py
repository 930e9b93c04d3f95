"""When a third reader is asked: by the plan's limits, and by nothing else."""

from __future__ import annotations

import pytest

from calciscope.record.scans.followed import followed
from calciscope.record.trials.plan import Rules
from calciscope.record.trials.reading import Counted, Result, added_pairs, result_of
from calciscope.record.trials.rule import BURDEN, DEPOSITS, differ, events_read
from tests.unit.record.scans.made import CANDIDATES
from tests.unit.record.trials.made import FAMILIES


def read(mass_mg: float | None, *counted: int, added: tuple[float, ...] = ()) -> Result:
    items = [Counted(id=str(number), of=(number,), row={}) for number in counted]
    items += [Counted(id=f"A{x}", of=(), row={"x_mm": x, "y_mm": 0.0, "z_mm": 0.0}) for x in added]
    return Result(items=tuple(items), mass_mg=mass_mg, volume_ml=1.0)


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


def test_what_one_alone_has_added_is_a_difference_of_deposits() -> None:
    rules = Rules(judge_deposits=True)
    near, far = read(100.0, added=(50.0, 60.0)), read(100.0, added=(52.0, 90.0))
    assert differ(near, read(100.0, added=(60.5, 51.0)), rules) == (), "the same two, by other clicks"
    assert differ(near, far, rules) == (DEPOSITS,)
    pairs = [tuple(one and one.row["x_mm"] for one in pair) for pair in added_pairs(near.added, far.added)]
    assert pairs == [(50.0, 52.0), (60.0, None), (None, 90.0)]


def said(*rows) -> dict:
    return {"decisions": [{"candidate": number, "decision": word, **more} for number, word, more in rows]}


def test_a_reading_counts_what_it_took_for_calcinosis() -> None:
    found = result_of(said((2, "reject", {}), (4, "relabel", {"kind": "calcinosis"})), CANDIDATES)
    assert found.counted == {1, 3, 4}
    assert found.mass_mg == pytest.approx(100.0 + 100.0 / 3 + 25.0)
    assert result_of({}, CANDIDATES).counted == {1, 2, 3}
    assert result_of(said((1, "relabel", {"kind": "vascular"})), CANDIDATES).counted == {2, 3}


def test_parts_count_for_what_they_were_made_from() -> None:
    made = [
        {"item": "1a", "kind": "calcinosis", "of": [1], "mass_mg": 60.0},
        {"item": "1b", "kind": "vascular", "of": [1], "mass_mg": 40.0},
        {"item": "M1", "kind": "calcinosis", "of": [2, 3], "mass_mg": 84.0},
        {"item": "A1", "kind": "calcinosis", "of": [], "mass_mg": 5.0},
    ]
    replaced = said((1, "replaced", {}), (2, "replaced", {}), (3, "replaced", {}))
    found = result_of(replaced | {"made": made}, CANDIDATES)
    assert [one.id for one in found.items] == ["1a", "M1", "A1"]
    assert found.counted == {1, 2, 3}
    assert found.masses_mg == {1: 60.0, 2: 84.0}, "what was missed is followed by nothing"
    assert found.mass_mg == pytest.approx(149.0)


def test_what_could_not_be_weighed_makes_the_sum_unknown() -> None:
    assert result_of({}, [{**CANDIDATES[0], "mass_mg": None}, CANDIDATES[1]]).mass_mg is None


def test_what_became_of_a_deposit_follows_the_readers_word() -> None:
    families = followed(FAMILIES)
    found = events_read(families, read(1.0, 1, 2), read(1.0, 2, 3))
    assert list(found.values()) == ["resolved", "grown", "new"]
    assert events_read(families, read(1.0), read(1.0)) == {}
