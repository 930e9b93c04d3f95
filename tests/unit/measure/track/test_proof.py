"""New, resolved, grown and shrunk are proven by what both scans read at the place, whether or not a deposit was found there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.measure.track.run import track
from calciscope.terms.geometry import Grid
from calciscope.terms.tissue import CoarseCt, Tissue
from calciscope.terms.tracking import Event, Family, TimePoint
from tests.unit.measure.track.toy import HERE, Ball, Place, of_a_later_day, scan

PLACE = Place(turn=np.eye(3), shift_mm=(6.0, -9.0, 33.0), bend_deg=4.0)
STILL = (Ball(at=(40.0, 5.0, 60.0)), Ball(at=(-38.0, 20.0, 30.0)), Ball(at=(10.0, 44.0, -50.0)))
SPOT = (36.0, -20.0, -80.0)
HU = {Tissue.OUTSIDE: -1000, Tissue.SKIN_OTHER: 20, Tissue.FAT: -100, Tissue.MUSCLE: 50, Tissue.BONE: 900}
HU_PER_MG_ML = 1.3
CELL_MM = 2.0


def shown(found: TimePoint, balls: tuple[Ball, ...], place: Place = HERE, *, seed: int = 1) -> TimePoint:
    """The scan with the CT numbers of a body that holds ``balls``, whatever of them was found."""
    anatomy = found.anatomy.grid
    steps = np.array(anatomy.spacing_mm) / CELL_MM
    shape = tuple(int(n * step) - 2 for n, step in zip(anatomy.shape, steps, strict=True))
    affine = np.diag([CELL_MM] * 3 + [1.0])
    affine[:3, 3] = anatomy.affine[:3, 3]
    grid = Grid(shape=shape, affine=affine)  # type: ignore[arg-type]
    index = np.stack(np.meshgrid(*(np.arange(n, dtype=float) for n in shape), indexing="ij"), axis=-1)
    at = np.clip(np.rint(anatomy.to_index(grid.to_lps(index))).astype(int), 0, np.array(anatomy.shape) - 1)
    codes = found.anatomy.tissue[tuple(np.moveaxis(at, -1, 0))]
    hu = np.select([codes == code for code in HU], list(HU.values())).astype(float)
    for ball in balls:
        away = np.linalg.norm(place.back(grid.to_lps(index)) - np.array(ball.at), axis=-1)
        weight = np.exp(-0.5 * (away / (0.5 * ball.radius_mm)) ** 2)  # blurred
        hu += weight / weight.sum() * HU_PER_MG_ML * ball.mass_mg / grid.voxel_volume_ml
    hu += np.random.default_rng(seed).normal(0.0, 4.0, shape)
    return replace(found, coarse_ct=CoarseCt(hu=np.clip(hu, -1024, 3000).astype(np.int16), grid=grid))


def family(
    before: tuple[Ball, ...], after: tuple[Ball, ...], *, in_body: tuple[tuple[Ball, ...], tuple[Ball, ...]]
) -> Family:
    """What is said of the deposits at SPOT, found as told, where the body holds ``in_body`` then and now."""
    first = shown(scan((*STILL, *before)), (*STILL, *in_body[0]))
    later = shown(scan((*STILL, *after), PLACE), (*STILL, *in_body[1]), PLACE, seed=2)
    families = track([first, of_a_later_day(later)]).comparisons[0].families
    return next(f for f in families if len(STILL) + 1 in (f.baseline_ids or f.followup_ids))


def ball(mass_mg: float) -> tuple[Ball, ...]:
    return (Ball(at=SPOT, mass_mg=mass_mg, background_hu=50.0),)


@pytest.mark.parametrize(
    ("before", "after", "in_body", "event"),
    [
        (ball(60.0), (), (ball(60.0), ()), Event.RESOLVED),
        ((), ball(60.0), ((), ball(60.0)), Event.NEW),
        (ball(60.0), (), (ball(60.0), ball(60.0)), Event.STABLE),
        ((), ball(60.0), (ball(60.0), ball(60.0)), Event.STABLE),
        (ball(60.0), (), (ball(60.0), ball(30.0)), Event.SHRUNK),
        (ball(90.0), ball(30.0), (ball(90.0), ball(90.0)), Event.STABLE),
        (ball(90.0), ball(30.0), (ball(90.0), ball(30.0)), Event.SHRUNK),
        (ball(30.0), ball(90.0), (ball(90.0), ball(30.0)), Event.NOT_EVALUABLE),
        (ball(2.0), (), (ball(2.0), ()), Event.NOT_EVALUABLE),
    ],
)  # fmt: skip
def test_the_place_decides(
    before: tuple[Ball, ...], after: tuple[Ball, ...], in_body: tuple[tuple[Ball, ...], tuple[Ball, ...]], event: Event
) -> None:
    found = family(before, after, in_body=in_body)
    assert found.event is event, found.note
    if event in (Event.NEW, Event.RESOLVED):
        assert found.significant and found.note == ""
    if event is Event.STABLE:
        assert found.significant is False and "reads alike" in found.note or "read" in found.note


def test_the_mass_that_was_missed_is_read_at_its_place() -> None:
    found = family(ball(60.0), (), in_body=(ball(60.0), ball(30.0)))
    assert found.followup_ids == ()
    assert found.followup_mass_mg == pytest.approx(30.0, abs=6.0)
    assert found.change_mg == pytest.approx(-30.0, abs=6.0)


def test_without_ct_numbers_a_light_deposit_of_one_scan_is_not_judged() -> None:
    found = track([scan((*STILL, *ball(2.0))), of_a_later_day(scan(STILL, PLACE))]).comparisons[0].families
    lone = next(f for f in found if len(STILL) + 1 in f.baseline_ids)
    assert lone.event is Event.NOT_EVALUABLE and "too faint" in lone.note


PARTS = (Ball(at=SPOT, mass_mg=60.0), Ball(at=(36.0, -20.0, -68.0), mass_mg=60.0))
WHOLE = (Ball(at=(36.0, -20.0, -74.0), radius_mm=10.0, mass_mg=120.0),)


@pytest.mark.parametrize(("bodies", "event"), [((PARTS, WHOLE), Event.MERGED), ((PARTS, PARTS), Event.STABLE)])
def test_parts_have_merged_where_the_gap_between_them_is_filled(
    bodies: tuple[tuple[Ball, ...], tuple[Ball, ...]], event: Event
) -> None:
    assert family(PARTS, WHOLE, in_body=bodies).event is event


@pytest.mark.parametrize(("bodies", "event"), [((WHOLE, PARTS), Event.SPLIT), ((WHOLE, WHOLE), Event.STABLE)])
def test_a_deposit_has_split_where_what_joined_its_parts_is_gone(
    bodies: tuple[tuple[Ball, ...], tuple[Ball, ...]], event: Event
) -> None:
    assert family(WHOLE, PARTS, in_body=bodies).event is event
