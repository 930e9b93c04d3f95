"""A reader splits, merges and adds: parts are weighed from the kept pixels by the engine that measured the whole."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from calciscope.flows.edit_reading import Desk, add_step, merge_step, split_step
from calciscope.flows.reading_voxels import ReadScan
from calciscope.measure.again import MARGIN_MM, measure_again
from calciscope.read.kept_scan import KeptScan
from calciscope.record.refusals import Invalid
from calciscope.record.scans.review import Edit, review
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import Refused
from tests.unit.flows.kept_limb import GRAIN, SINGLE, TWINS, limb

TWIN_BALL_MG = {5.0: 523.6, 4.5: 381.7}  # mm³ of each, as the share of what both weigh


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("result")
    limb().keep(place)
    return place


@pytest.fixture
def desk(folder) -> Desk:
    fact = limb().fact(uuid4())
    return Desk(fact=fact, review=review(fact, []), folder=folder, document=fact.data)


def after(desk: Desk, *steps) -> Desk:
    """The desk once steps are in the log, named as the record names them."""
    edits = []
    for number, (step, names) in enumerate(steps, start=1):
        made = tuple({**row, "item": name} for row, name in zip(step.made, names, strict=True))
        edits.append(
            Edit(
                uid=uuid4(), step=number, edit=step.edit, items=tuple(step.items), kind="", reason="",
                seeds=tuple(tuple(seed) for seed in step.seeds), after=made, sum_said="", undoes=None, by="", role="",
                at=replace(desk.fact).at,
            )
        )  # fmt: skip
    return replace(desk, review=review(desk.fact, edits))


def name_at(place) -> str:
    return str(limb().number_at(place))


def test_what_is_kept_is_what_was_measured(folder) -> None:
    kept, whole = KeptScan.of(folder), limb().whole
    box = (slice(3, 40), slice(7, 110), slice(0, 120))
    crop = kept.crop(box)
    body = whole.tissue[box] > 0
    assert (crop.hu[body] == whole.volume.hu[box][body]).all()
    assert (crop.labels == whole.labels[box]).all()
    assert (crop.tissue == whole.tissue[box]).all()
    np.testing.assert_allclose(crop.grid.to_lps(np.zeros(3)), whole.volume.grid.to_lps(np.array([3.0, 7.0, 0.0])))
    assert kept.context.acquisition == whole.context.acquisition
    assert kept.context.own_blur_mm == whole.context.own_blur_mm


def test_the_same_deposit_measured_again_weighs_the_same(folder, desk) -> None:
    scan = desk.scan()
    for deposit in limb().measurement.deposits:
        crop, mask = scan.crop_of(scan.voxels(desk.item(str(deposit.deposit_id))), MARGIN_MM)
        recipe = limb().measurement.recipe
        (again,) = measure_again(
            crop, scan.kept.context, [(mask, Kind.CALCINOSIS, "")], {}, recipe.calibration, recipe.matrix, set()
        )
        assert again.mass_mg == pytest.approx(deposit.mass_mg, rel=2e-3)
        assert again.mass_upper_mg == pytest.approx(deposit.mass_upper_mg, rel=2e-3)
        assert again.skin_depth_mm == pytest.approx(deposit.skin_depth_mm, abs=0.05)
        assert (again.layer, again.region, again.side) == (deposit.layer, deposit.region, deposit.side)


def test_a_split_weighs_each_part_and_says_how_they_add_up(desk) -> None:
    step = split_step(desk, name_at(TWINS[0]), TWINS)
    first, second = (one["mass_mg"] for one in step.made)
    whole = desk.item(name_at(TWINS[0])).row["mass_mg"]
    assert first + second == pytest.approx(whole, rel=0.12)  # each is read low where they touch
    truth = TWIN_BALL_MG[5.0] / (TWIN_BALL_MG[5.0] + TWIN_BALL_MG[4.5])
    assert first / (first + second) == pytest.approx(truth, abs=0.04)
    assert "together" in step.sum_said


def test_the_same_clicks_are_the_same_voxels(desk) -> None:
    name = name_at(TWINS[0])
    split = after(desk, (split_step(desk, name, TWINS), (f"{name}a", f"{name}b")))
    scan = split.scan()
    parts = [scan.voxels(split.item(f"{name}{letter}")) for letter in "ab"]
    own = ReadScan(kept=scan.kept, review=desk.review).voxels(desk.item(name))
    assert sorted(map(tuple, np.concatenate(parts).tolist())) == sorted(map(tuple, own.tolist()))
    again = split_step(split, f"{name}a", [(-15.0, 15.0, 0.0), (-15.0, 21.0, 0.0)])
    assert len(again.made) == 2, "a part can be split once more"


@pytest.mark.parametrize(
    ("seeds", "says"),
    [
        ([TWINS[0]], "two points"),
        ([TWINS[0], SINGLE], "mm off this deposit"),
        ([TWINS[0], TWINS[0]], "on one place"),
    ],
)
def test_clicks_that_part_nothing_are_refused_in_words(desk, seeds, says) -> None:
    with pytest.raises(Refused, match=says):
        split_step(desk, name_at(TWINS[0]), seeds)


def test_merged_masses_add_up_and_share_their_errors(desk) -> None:
    names = [name_at(TWINS[0]), name_at(SINGLE)]
    (made,) = merge_step(desk, names).made
    rows = [desk.item(name).row for name in names]
    assert made["mass_mg"] == pytest.approx(sum(row["mass_mg"] for row in rows))
    wide = sum(row["mass_upper_mg"] - row["mass_mg"] for row in rows)
    assert max(row["mass_upper_mg"] - row["mass_mg"] for row in rows) < made["mass_upper_mg"] - made["mass_mg"] < wide
    assert made["longest_diameter_mm"] > 30
    with pytest.raises(Invalid):
        merge_step(desk, names[:1])


def test_a_missed_one_is_grown_from_a_seed_and_weighed(desk) -> None:
    (made,) = add_step(desk, (GRAIN[0] + 1.0, GRAIN[1], GRAIN[2])).made
    assert made["kind"] == "calcinosis"
    assert made["mass_mg"] == pytest.approx(1.14, rel=0.1)
    assert np.linalg.norm(np.array([made["x_mm"], made["y_mm"], made["z_mm"]]) - GRAIN) < 1.0


@pytest.mark.parametrize(
    ("seed", "says"),
    [
        ((20.0, -14.0, 0.0), "clearly denser"),
        (SINGLE, "lies here already"),
        ((0.0, 0.0, 0.0), "bone"),
        ((0.0, 0.0, 500.0), "outside the scan"),
    ],
)
def test_where_nothing_was_missed_nothing_is_invented(desk, seed, says) -> None:
    with pytest.raises(Refused, match=says):
        add_step(desk, seed)


def test_what_was_added_is_not_added_twice(desk) -> None:
    added = after(desk, (add_step(desk, GRAIN), ("A1",)))
    with pytest.raises(Refused, match="A1 lies here already"):
        add_step(added, GRAIN)


def test_without_pixels_only_what_needs_none_is_possible(desk, tmp_path) -> None:
    blind = replace(desk, folder=tmp_path)
    with pytest.raises(Refused, match="not kept"):
        split_step(blind, name_at(TWINS[0]), TWINS)
    (made,) = merge_step(blind, [name_at(TWINS[0]), name_at(SINGLE)]).made
    assert made["mass_mg"] and made["longest_diameter_mm"] is None
