"""What became of deposits: every event once, and never a verdict where a scan does not show the place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.measure.track.run import track
from calciscope.terms.deposits import Kind, Layer, Shape
from calciscope.terms.measurement import Matrix
from calciscope.terms.tissue import Tissue
from calciscope.terms.tracking import Cause, Comparison, Event, Family
from tests.unit.measure.track.toy import FACTS, Ball, Place, of_a_later_day, scan

PLACE = Place(turn=np.eye(3), shift_mm=(6.0, -9.0, 33.0), bend_deg=6.0)
STILL = (
    Ball(at=(40.0, 5.0, 60.0)),
    Ball(at=(-38.0, 20.0, 30.0)),
    Ball(at=(10.0, 44.0, -50.0)),
    Ball(at=(-10.0, 45.0, 90.0)),
)
SPOT = (36.0, -20.0, -80.0)


def compared(before: tuple[Ball, ...], after: tuple[Ball, ...]) -> Comparison:
    return track([scan((*STILL, *before)), of_a_later_day(scan((*STILL, *after), PLACE))]).comparisons[0]


def family(comparison: Comparison, first: int = len(STILL) + 1) -> Family:
    """The family of the deposits that a test is about."""
    return next(
        f for f in comparison.families if first in f.baseline_ids or (not f.baseline_ids and first in f.followup_ids)
    )


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        ((Ball(at=SPOT),), (Ball(at=SPOT, mass_mg=101.0),), Event.STABLE),
        ((Ball(at=SPOT),), (Ball(at=SPOT, mass_mg=160.0, radius_mm=4.7),), Event.GROWN),
        ((Ball(at=SPOT),), (Ball(at=SPOT, mass_mg=40.0, radius_mm=3.0),), Event.SHRUNK),
        ((Ball(at=SPOT),), (), Event.RESOLVED),
        ((), (Ball(at=SPOT),), Event.NEW),
        ((Ball(at=SPOT), Ball(at=(36.0, -20.0, -68.0))), (Ball(at=(36.0, -20.0, -74.0), radius_mm=10.0, mass_mg=300.0),), Event.MERGED),
        ((Ball(at=SPOT, radius_mm=9.0),), (Ball(at=(36.0, -20.0, -86.0), radius_mm=3.5), Ball(at=(36.0, -20.0, -74.0), radius_mm=3.5)),
         Event.SPLIT),
        ((Ball(at=SPOT, mass_mg=0.4),), (), Event.NOT_EVALUABLE),
    ],
)  # fmt: skip
def test_each_event_is_told(before: tuple[Ball, ...], after: tuple[Ball, ...], event: Event) -> None:
    found = compared(before, after)
    assert family(found).event is event
    assert family(found).cause is Cause.UNKNOWN
    assert sum(f.event is Event.STABLE for f in found.families) >= len(STILL)


def test_a_deposit_whose_place_left_the_view_is_not_resolved() -> None:
    first = scan((*STILL, Ball(at=(30.0, 10.0, -110.0))))
    second = of_a_later_day(scan(STILL, first_z_mm=-100.0))
    found = family(track([first, second]).comparisons[0])
    assert found.event is Event.NOT_EVALUABLE and "in view" in found.note
    assert found.change_mg is None and found.significant is None


def test_neighbours_that_barely_miss_each_other_are_not_merged() -> None:
    row = tuple(Ball(at=(36.0, -20.0, -100.0 + 8.6 * n), radius_mm=3.5) for n in range(5))
    found = compared(row, row)
    assert [f.event for f in found.families] == [Event.STABLE] * len(found.families)
    assert len(found.families) == len(STILL) + len(row)


def test_a_deposit_judged_otherwise_in_one_scan_is_neither_new_nor_resolved() -> None:
    found = family(compared((Ball(at=SPOT),), (Ball(at=SPOT, kind=Kind.UNCERTAIN),)))
    assert found.event is Event.STABLE and "uncertain" in found.note


def test_the_limit_is_wider_beside_bone() -> None:
    """Where the border to the bone it touches lies is a matter of segmentation."""
    first, later = scan(STILL), of_a_later_day(scan(STILL, PLACE))
    on_bone = replace(later, deposits=(replace(later.deposits[0], layer=Layer.PERIOSTEAL), *later.deposits[1:]))
    limits = {f.baseline_ids: f.limit_mg or 0.0 for f in track([first, on_bone]).comparisons[0].families}
    assert limits[1,] > 2.0 * limits[2,]


def test_the_limit_is_wider_for_a_net_of_strands() -> None:
    """Noise hides the faintest strands of a net in one scan and not in the other."""
    first, later = scan(STILL), of_a_later_day(scan(STILL, PLACE))
    net = replace(later, deposits=(replace(later.deposits[0], shape=Shape.RETICULAR), *later.deposits[1:]))
    comparison = track([first, net]).comparisons[0]
    limits = {f.baseline_ids: f.limit_mg or 0.0 for f in comparison.families}
    assert limits[1,] > 2.0 * limits[2,]
    plain = track([first, later]).comparisons[0]
    assert (comparison.burden.limit_mg or 0.0) > (plain.burden.limit_mg or 0.0)


def test_what_was_taken_for_bone_in_one_scan_is_not_judged() -> None:
    first, later = scan((*STILL, Ball(at=SPOT))), of_a_later_day(scan((*STILL, Ball(at=SPOT, mass_mg=300.0)), PLACE))
    grid, tissue = later.anatomy.grid, later.anatomy.tissue.copy()
    one = later.deposits[-1]
    k, j, i = np.rint(grid.to_index(np.array([one.x_mm, one.y_mm, one.z_mm]))).astype(int)
    tissue[k - 1 : k + 2, j - 1 : j + 2, i - 1 : i + 2] = Tissue.BONE
    bony = replace(later, anatomy=replace(later.anatomy, tissue=tissue))
    found = family(track([first, bony]).comparisons[0])
    assert found.event is Event.NOT_EVALUABLE and "bone" in found.note


def test_fat_that_heals_is_no_growth() -> None:
    """Measured against the tissue around it, the same mineral seems more once fat is dark again."""
    first = scan((*STILL, Ball(at=SPOT, background_hu=0.0)))
    later = of_a_later_day(scan((*STILL, Ball(at=SPOT, background_hu=-100.0)), PLACE))
    plain = [replace(one, matrix=Matrix(hu=None), deposits=tuple(
        replace(d, mass_mg=(d.excess_hu_ml or 0) / 1.3) for d in one.deposits)) for one in (first, later)]  # fmt: skip
    assert (plain[1].deposits[-1].mass_mg or 0) > 1.05 * (plain[0].deposits[-1].mass_mg or 0)
    found = family(track(plain).comparisons[0])
    assert found.baseline_mass_mg == pytest.approx(found.followup_mass_mg, rel=0.005)


def test_burden_is_of_what_both_scans_show_and_per_litre() -> None:
    first = scan((*STILL, Ball(at=(30.0, 10.0, -110.0), mass_mg=900.0)))
    burden = track([first, of_a_later_day(scan(STILL, first_z_mm=-100.0))]).comparisons[0].burden
    assert burden.baseline_mg == pytest.approx(400.0) == burden.followup_mg
    assert burden.significant is False
    assert burden.baseline_litres == pytest.approx(burden.followup_litres, rel=0.03)
    assert burden.baseline_mg_per_litre == pytest.approx(400.0 / burden.baseline_litres)


def test_another_kernel_widens_the_limits_and_says_so() -> None:
    first, second = scan(STILL), of_a_later_day(scan(STILL, PLACE))
    sharp = replace(second, facts=replace(second.facts, kernel="SHARP"))
    plain, wide = track([first, second]).comparisons[0], track([first, sharp]).comparisons[0]
    assert wide.widened_by == ("kernel SOFT, then SHARP",) and plain.widened_by == ()
    assert (wide.burden.limit_mg or 0) > (plain.burden.limit_mg or 0)


def test_more_deposits_need_larger_changes() -> None:
    few, many = compared((), ()), compared(*[tuple(Ball(at=(36.0, -20.0, -100.0 + 9.0 * n)) for n in range(5))] * 2)
    assert (many.families[0].limit_mg or 0) > (few.families[0].limit_mg or 0)
    assert FACTS.scan_date is not None


def test_what_changed_beyond_doubt_leaves_the_others_a_smaller_limit() -> None:
    row = [Ball(at=(36.0, -20.0, -100.0 + 12.0 * n)) for n in range(4)]
    grown = [replace(ball, mass_mg=160.0) for ball in row]
    calm, moved = compared((*row,), (*row,)), compared((*row,), (*grown,))
    assert sum(f.event is Event.GROWN for f in moved.families) == len(row)
    still = [next(f.limit_mg or 0.0 for f in one.families if f.baseline_ids == (1,)) for one in (calm, moved)]
    assert still[1] < still[0]
