"""Phantom scans of one patient at several visits: laid down again, changed, bent, grown, cut, with the truth of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.run import measure
from calciscope.measure.track.time_point import time_point
from calciscope.phantom.body import BodyModel, body_of
from calciscope.phantom.deposits.change import Event, year_later
from calciscope.phantom.deposits.planned import PlannedDeposit, settle
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.frames import LimbFrame
from calciscope.phantom.lattice import image_grid
from calciscope.phantom.make import Scene, scanned, scene_of
from calciscope.phantom.rays import rays_of
from calciscope.phantom.spec import GROWTH_PER_YEAR, PhantomSpec
from calciscope.read.checks import run_checks
from calciscope.terms.measurement import Settings
from calciscope.terms.series import Series
from calciscope.terms.tracking import TimePoint

Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """How the body lies at a visit, against its first: all limbs alike."""

    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn_deg: float = 0.0
    bend_deg: float = 0.0
    grown: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A scene at a visit, and what takes a point of the first visit (LPS mm) to it."""

    scene: Scene
    carry: Callable[[Float64], Float64]


def first_visit(spec: PhantomSpec) -> Visit:
    """The baseline."""
    return Visit(scene=scene_of(spec), carry=lambda points: points)


def another_visit(
    spec: PhantomSpec, first: Visit, pose: Pose, *, changed: bool = False, centre_mm: float = 0.0
) -> Visit:
    """The body of ``first`` in another pose, seen by the scanner of ``spec``; ``changed``: a year has passed.

    ``centre_mm`` moves the scanned range along the limb, so that only part of it is seen again.
    """
    body = _posed(spec, first.scene.body, pose)
    middle = (body.centre_mm[0], body.centre_mm[1], body.centre_mm[2] + centre_mm)
    grid = image_grid(spec, middle)
    if changed:
        ground = Ground(limbs=body.limbs, grid=grid, rng=np.random.default_rng([spec.seed, 4]), gap_mm=3.0)
        after, events = year_later(
            spec, list(first.scene.deposits), ground, pose.grown, first.scene.shows_place_of(pose.grown)
        )
    else:
        after = [_again(item, body, pose.grown) for item in first.scene.deposits]
        events = [Event(event="stable", before=(i.recipe.identity,), after=(i.recipe.identity,)) for i in after]
    scene = Scene(body=body, grid=grid, rays=rays_of(body, grid), deposits=tuple(after), events=tuple(events))
    return Visit(scene=scene, carry=_carry(first.scene.body, body, pose.grown))


def _again(item: PlannedDeposit, body: BodyModel, grown: float) -> PlannedDeposit:
    recipe = item.recipe if grown == 1.0 else replace(item.recipe, form=item.recipe.form.moved(grown))
    return settle(recipe, body.limbs[recipe.limb])


def _posed(spec: PhantomSpec, body: BodyModel, pose: Pose) -> BodyModel:
    """The same limbs with other frames; a grown body is built anew."""
    source = body
    if pose.grown != 1.0:
        if not np.isclose(pose.grown, GROWTH_PER_YEAR):
            raise SystemExit("a phantom grows by one year at a time")
        source = body_of(replace(spec, followup=True, juvenile=True))
    limbs = tuple(
        replace(limb, frame=_moved(old.frame, pose)) for limb, old in zip(source.limbs, body.limbs, strict=True)
    )
    shifted = tuple(a + b for a, b in zip(body.centre_mm, pose.shift_mm, strict=True))
    return replace(source, limbs=limbs, centre_mm=shifted)


def _moved(frame: LimbFrame, pose: Pose) -> LimbFrame:
    x, y, z = (a + b for a, b in zip(frame.origin_mm, pose.shift_mm, strict=True))
    return LimbFrame(
        origin_mm=(x, y, z),
        flexion_deg=frame.flexion_deg + pose.bend_deg,
        rotation_deg=frame.rotation_deg + pose.turn_deg,
        splay_deg=frame.splay_deg,
    )


def _carry(before: BodyModel, after: BodyModel, grown: float) -> Callable[[Float64], Float64]:
    def carry(points_mm: Float64) -> Float64:
        """Each point with the limb whose axis is nearest."""
        local = [limb.frame.to_local(points_mm) for limb in before.limbs]
        nearest = np.argmin([np.hypot(one[:, 1], one[:, 2]) for one in local], axis=0)
        there = [limb.frame.to_lps(one * grown) for limb, one in zip(after.limbs, local, strict=True)]
        return np.asarray(np.stack(there)[nearest, np.arange(len(points_mm))])

    return carry


def seen(spec: PhantomSpec, visit: Visit, *, noise_seed: int) -> Series:
    """A scan of a visit."""
    return scanned(replace(spec, seed=noise_seed), visit.scene, visit.scene.brightened(spec))


def measured(series: Series) -> TimePoint:
    """The scan measured, as `track` takes it."""
    return time_point(measure(series, Settings(), checks=run_checks(series)))


def jittered(seed: int, *, far: float = 1.0) -> Pose:
    """A limb laid down again the same day: millimetres, a fraction of a voxel among them, and a few degrees."""
    rng = np.random.default_rng([seed, 77])
    shift = tuple(float(value) for value in rng.uniform(-6.0, 6.0, 3) * far)
    turn, bend = float(rng.uniform(-5, 5)) * far, float(rng.uniform(-3, 3)) * far
    return Pose(shift_mm=shift, turn_deg=turn, bend_deg=bend)
