"""Who reads what in which order: the same seed gives the same, and the order tells nothing."""

from __future__ import annotations

from itertools import pairwise
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from calciscope.record.trials.draw import FIRST, REPEAT, Shown, draw
from calciscope.record.trials.plan import Rules, name_problems

READERS = (UUID(int=1), UUID(int=2))
SCANS = [
    Shown(
        subject=f"01-{subject:03d}",
        patient=uuid5(NAMESPACE_URL, f"patient {subject}"),
        measurement=uuid5(NAMESPACE_URL, f"scan {subject} {visit}"),
        visit_number=visit,
    )
    for subject in range(40)
    for visit in (1, 2)
]


def of(drawn, reader: UUID, kind: str) -> list:
    return sorted((one for one in drawn if one.reader == reader and one.kind == kind), key=lambda one: one.position)


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    assert draw(SCANS, READERS, Rules(seed=7)) == draw(list(reversed(SCANS)), READERS, Rules(seed=7))
    assert draw(SCANS, READERS, Rules(seed=7)) != draw(SCANS, READERS, Rules(seed=8))


def test_a_known_seed_draws_what_it_always_drew() -> None:
    """Whoever draws a plan again in ten years must get this."""
    first = draw(SCANS[:6], READERS, Rules(seed=1))[0]
    assert (first.label, first.scan.subject, first.scan.visit_number) == ("R-S3XO5S", "01-002", 2)


def test_both_readers_read_all_in_different_orders() -> None:
    drawn = draw(SCANS, READERS, Rules(repeat_percent=0))
    orders = [[one.scan for one in of(drawn, reader, FIRST)] for reader in READERS]
    assert set(orders[0]) == set(orders[1]) == set(SCANS)
    assert orders[0] != orders[1]


def test_the_earlier_scan_comes_first_as_often_as_the_later() -> None:
    drawn = draw(SCANS, READERS, Rules(repeat_percent=0))
    for reader in READERS:
        places = {one.scan: one.position for one in of(drawn, reader, FIRST)}
        earlier_first = sum(places[one] < places[two] for one, two in pairwise(SCANS) if one.subject == two.subject)
        assert 10 <= earlier_first <= 30


def test_no_two_scans_of_one_subject_follow_each_other() -> None:
    drawn = draw(SCANS, READERS, Rules(repeat_percent=50))
    for reader in READERS:
        for kind in (FIRST, REPEAT):
            assert all(a.scan.subject != b.scan.subject for a, b in pairwise(of(drawn, reader, kind)))


def test_labels_are_all_different_and_tell_nothing() -> None:
    drawn = draw(SCANS, READERS, Rules(repeat_percent=100))
    assert len({one.label for one in drawn}) == len(drawn) == 4 * len(SCANS)
    assert not any(one.scan.subject in one.label for one in drawn)


def test_shares_are_kept() -> None:
    drawn = draw(SCANS, READERS, Rules(double_percent=25, repeat_percent=10))
    firsts = [one.scan for one in drawn if one.kind == FIRST]
    assert sum(firsts.count(scan) == 2 for scan in SCANS) == 20
    assert {firsts.count(scan) for scan in SCANS} == {1, 2}
    for reader in READERS:
        first, again = of(drawn, reader, FIRST), of(drawn, reader, REPEAT)
        assert len(again) == -(-len(first) // 10)
        assert {one.scan for one in again} <= {one.scan for one in first}
        assert min(one.position for one in again) > max(one.position for one in first)


@pytest.mark.parametrize(
    ("study", "subjects", "field"),
    [
        ("CALC 01", ["001"], "study"),
        ("", ["001"], "study"),
        ("C" * 21, ["001"], "study"),
        ("CALC-01", ["Smith, Ada"], "subjects"),
        ("CALC-01", ["001", "001"], "subjects"),
        ("CALC-01", [""], "subjects"),
    ],
)
def test_identifiers_that_sdtm_cannot_take_are_refused(study: str, subjects: list[str], field: str) -> None:
    assert field in {problem.field for problem in name_problems(study, subjects)}
    assert list(name_problems("CALC-01", ["01-001", "01-002"])) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("double_percent", 101),
        ("repeat_percent", -1),
        ("washout_days", 366),
        ("limit_percent", 0),
        ("limit_mg", -1),
        ("seed", -1),
    ],
)
def test_rules_that_cannot_be_are_named(name: str, value: float) -> None:
    assert [problem.field for problem in Rules(**{name: value}).problems()] == [name]
