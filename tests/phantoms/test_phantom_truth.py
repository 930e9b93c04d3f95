"""The truth a phantom tells: layers, regions, sides, depths, and what became of its deposits a year later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.phantom import Body, PhantomSpec
from calciscope.phantom.deposits.presets import PRESETS
from calciscope.phantom.make import Scene, make_phantom, scene_of
from calciscope.terms.deposits import Kind, Layer, Region, Shape, Side

LEGS = PhantomSpec(slices=150, rows=256, columns=256, spacing_mm=1.6, slice_mm=2.0, noise_hu=0.0, seed=6)


@pytest.fixture(scope="module")
def mixed() -> Scene:
    """The mixed preset on two legs."""
    return scene_of(LEGS)


def test_mixed_holds_every_shape_and_layer(mixed: Scene) -> None:
    calcinosis = [item for item in mixed.deposits if item.recipe.kind == Kind.CALCINOSIS]
    assert {item.recipe.shape for item in calcinosis} == set(Shape)
    wanted = {Layer.CUTANEOUS, Layer.SUBCUTANEOUS, Layer.FASCIAL, Layer.INTRAMUSCULAR, Layer.PERIOSTEAL}
    assert {item.layer for item in calcinosis} == wanted
    assert {item.side for item in calcinosis} == {Side.LEFT, Side.RIGHT}
    assert {item.region for item in calcinosis} <= {Region.THIGH, Region.KNEE, Region.LOWER_LEG}
    assert {item.recipe.kind for item in mixed.deposits} == {Kind.CALCINOSIS, Kind.VASCULAR, Kind.PHYSIOLOGICAL}


def test_layers_and_depths_fit_the_body(mixed: Scene) -> None:
    for item in mixed.deposits:
        limb = mixed.body.limbs[item.recipe.limb]
        local = limb.frame.to_local(item.inside_mm)
        depth, above = -limb.tissue.skin.distance(local), limb.tissue.fascia.distance(local)
        assert (depth > -0.3).all()
        assert item.skin_depth_mm <= depth.min() + 0.1
        if item.layer == Layer.SUBCUTANEOUS:
            assert np.median(above) > 2.0 and np.median(depth) > 2.5
        if item.layer == Layer.INTRAMUSCULAR:
            assert np.median(above) < -2.0
        if item.layer == Layer.FASCIAL:
            assert np.median(np.abs(above)) <= 2.0
        if item.layer == Layer.PERIOSTEAL:
            assert abs(item.bone_gap_mm) < 0.5
        elif item.recipe.kind == Kind.CALCINOSIS:
            assert item.bone_gap_mm > 3.0
        assert item.side == (Side.LEFT if item.solid.centre_mm[0] > 0 else Side.RIGHT)


def test_deposits_keep_apart_and_inside_the_image(mixed: Scene) -> None:
    spread = [item.inside_mm[:: max(1, len(item.inside_mm) // 300)] for item in mixed.deposits]
    for number, points in enumerate(spread):
        index = mixed.grid.to_index(points)
        assert (index > 0).all() and (index < np.array(mixed.grid.shape) - 1).all()
        for other in range(number):
            if {mixed.deposits[n].recipe.kind for n in (number, other)} != {Kind.CALCINOSIS}:
                continue
            gaps = np.linalg.norm(points[:, None] - spread[other][None], axis=2)
            assert gaps.min() > 1.5


def test_local_coordinates_survive_the_way_to_the_patient_and_back(mixed: Scene) -> None:
    rng = np.random.default_rng(1)
    local = rng.uniform((-250, -70, -70), (250, 70, 70), (500, 3))
    for limb in mixed.body.limbs:
        assert limb.frame.to_local(limb.frame.to_lps(local)) == pytest.approx(local, abs=0.02)


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - {"mixed", "none"}))
def test_every_preset_finds_room_in_a_thigh(preset: str) -> None:
    spec = PhantomSpec(
        kind=Body.LEG, slices=140, rows=128, columns=128, spacing_mm=1.5, centre_mm=90.0, deposits=preset, count=2
    )
    assert scene_of(spec).deposits


def test_presets_take_diameter_concentration_and_count() -> None:
    spec = replace(LEGS, deposits="nodules-fat", diameter_mm=5.0, concentration_mg_ml=800.0, count=5)
    deposits = scene_of(spec).deposits
    assert len(deposits) == 5
    for item in deposits:
        assert item.volume_ml == pytest.approx(np.pi / 6 * 0.125)
        assert item.mass_mg == pytest.approx(800 * np.pi / 6 * 0.125)
        assert item.layer == Layer.SUBCUTANEOUS


def test_a_year_later_the_same_patient_lies_differently_and_the_matching_adds_up(mixed: Scene) -> None:
    later = scene_of(replace(LEGS, followup=True))
    assert [item.recipe for item in later.before] == [item.recipe for item in mixed.deposits]
    events = {event.event for event in later.events}
    assert events >= {"stable", "grown", "shrunk", "new", "resolved", "merged", "split"}
    before = sorted(name for event in later.events for name in event.before)
    after = sorted(name for event in later.events for name in event.after)
    assert before == sorted(item.recipe.identity for item in mixed.deposits)
    assert after == sorted(item.recipe.identity for item in later.deposits)
    for then, now in zip(mixed.body.limbs, later.body.limbs, strict=True):
        assert now.frame.flexion_deg > then.frame.flexion_deg + 5
        assert np.linalg.norm(np.subtract(now.frame.origin_mm, then.frame.origin_mm)) > 4
    mass = {item.recipe.identity: item.mass_mg for item in mixed.deposits}
    for event in later.events:
        if event.event in ("grown", "shrunk"):
            now_mass = next(item.mass_mg for item in later.deposits if item.recipe.identity == event.after[0])
            assert (now_mass > 1.2 * mass[event.before[0]]) == (event.event == "grown")


def test_what_moved_out_of_the_image_is_not_evaluable_and_not_counted() -> None:
    short = PhantomSpec(kind=Body.LEG, slices=60, rows=128, columns=128, spacing_mm=1.5, centre_mm=100.0, deposits="nodules",
                        count=16, seed=8, noise_hu=0.0)  # fmt: skip
    later = scene_of(replace(short, followup=True))
    out = {item.recipe.identity for item in later.deposits if not item.in_view}
    lost = {name for event in later.events if event.event == "not_evaluable" for name in event.after}
    assert out and out == lost
    for item in later.deposits:
        index = later.grid.to_index(item.inside_mm)
        held = (index >= 0).all() and (index <= np.array(later.grid.shape) - 1).all()
        assert held or not item.in_view


def test_a_child_grows_in_a_year_and_shows_growing_bones() -> None:
    child = replace(LEGS, juvenile=True, deposits="changing")
    now, later = scene_of(child), scene_of(replace(child, followup=True))
    sizes = [scene.body.limbs[0].tissue.skin.radius.max() for scene in (now, later)]
    assert sizes[1] == pytest.approx(1.035 * sizes[0], rel=1e-3)
    femur = next(bone for bone in now.body.limbs[0].bones if bone.name == "femur")
    assert len(femur.plates_mm) == 1
    names = {bone.name for bone in now.body.limbs[0].bones}
    assert "tibial tuberosity centre" in names


def test_ids_fall_with_mass_and_the_burden_is_their_sum() -> None:
    truth = make_phantom(
        replace(LEGS, slices=40, rows=128, columns=128, spacing_mm=3.2, deposits="nodules", count=6)
    ).truth
    rows = truth["deposits"]
    assert isinstance(rows, list) and rows
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    masses = [row["mass_mg"] for row in rows]
    assert masses == sorted(masses, reverse=True)
    assert truth["burden"]["mass_mg"] == pytest.approx(sum(masses), rel=1e-6)
    for row in rows:
        assert row["mass_mg"] == pytest.approx(row["volume_ml"] * row["concentration_mg_ml"], rel=1e-4)
