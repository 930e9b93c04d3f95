"""What is not calcinosis: calcified artery walls in tram-tracks, and phleboliths in veins."""

from __future__ import annotations

import numpy as np

from calciscope.phantom.deposits.forms import Ball, Wall, point
from calciscope.phantom.deposits.planned import PlannedDeposit, Recipe, settle
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Kind, Shape

TRAM_MM = 0.8  # thickness of the calcified media
TRAM_MG_ML = 420.0
TRAM_HALF_LENGTH_MM = 17.0
PHLEBOLITH_MM = 3.6
STONE_EDGE_MM = 8.0  # of a phlebolith from the ends of the scan
PHLEBOLITH_MG_ML = 350.0


def tram_track(spec: PhantomSpec, ground: Ground, limb: int, name: str) -> list[PlannedDeposit]:
    """Calcify two opposite walls of an artery over the same length; empty where the limb shows no artery long enough."""
    host, rng = ground.limbs[limb], ground.rng
    low, high = ground.station_range(host)
    half = min(TRAM_HALF_LENGTH_MM, 0.5 * (high - low) - 8.0)
    if not host.arteries or half < 6.0:
        return []
    artery, tube = host.arteries[0]

    def propose() -> Recipe | None:
        s, angle = float(rng.uniform(low + half + 6, high - half - 6)), float(rng.uniform(0, np.pi))
        return _wall(spec, limb, f"{name}-1", artery, s, angle, half, tube.radius_at(s, angle))

    first = ground.place(propose)
    if first is None or not isinstance(first.recipe.form, Wall):
        return []
    form = first.recipe.form
    radius_mm = tube.radius_at(form.s_mm, form.angle)
    opposite = _wall(spec, limb, f"{name}-2", artery, form.s_mm + 4.0, form.angle + np.pi, half, radius_mm)
    second = settle(opposite, host)
    ground.take(second)
    return [first, second]


def _wall(
    spec: PhantomSpec, limb: int, name: str, artery: str, s: float, angle: float, half: float, radius_mm: float
) -> Recipe:
    form = Wall(
        surface=artery,
        offset_mm=-TRAM_MM / 2,
        thickness_mm=TRAM_MM,
        s_mm=s,
        angle=angle,
        half_length_mm=half,
        half_arc_mm=0.8 * radius_mm,
    )
    return Recipe(
        identity=name,
        limb=limb,
        form=form,
        shape=Shape.LINEAR,
        concentration_mg_ml=TRAM_MG_ML,
        matrix_hu=spec.matrix_hu,
        kind=Kind.VASCULAR,
        note=f"wall of the {artery}",
    )


def phlebolith(spec: PhantomSpec, ground: Ground, limb: int, name: str) -> PlannedDeposit | None:
    """Place a small stone in the limb's second vessel, a vein."""
    host, rng = ground.limbs[limb], ground.rng
    low, high = ground.station_range(host)
    if len(host.vessels) < 2 or high - low < 2 * STONE_EDGE_MM:
        return None

    def propose() -> Recipe | None:
        s = float(rng.uniform(low + STONE_EDGE_MM, high - STONE_EDGE_MM))
        local = np.array([s, *host.vessels[1].centre_at(s)])
        return Recipe(
            identity=name,
            limb=limb,
            form=Ball(local=point(local), radius_mm=PHLEBOLITH_MM / 2),
            shape=Shape.NODULE,
            concentration_mg_ml=PHLEBOLITH_MG_ML,
            matrix_hu=spec.matrix_hu,
            kind=Kind.PHYSIOLOGICAL,
            note="phlebolith",
        )

    return ground.place(propose)
