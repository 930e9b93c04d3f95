"""Compact deposits: nodules, grains and clusters of them, masses, and those on or near bone."""

from __future__ import annotations

import numpy as np

from calciscope.phantom.deposits.forms import Ball, GrainCluster, OnBone, point
from calciscope.phantom.deposits.planned import PlannedDeposit, Recipe
from calciscope.phantom.deposits.site import FASCIA_GAP_MM, Ground
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Layer, Shape

MASS_FROM_MM = 25.0  # a longer compact deposit is called a mass (judgement)
PUNCTATE_TO_MM = 3.0  # a smaller one a grain
LOBE_SIZE = 0.09
LOBED_REACH = 1.35  # of a lobulated nodule's farthest point, in radii
NEAR_BONE_MM = (4.0, 8.0)


def nodule(
    spec: PhantomSpec, ground: Ground, name: str, layer: Layer, diameter_mm: float, mg_ml: float, lobed: bool = False
) -> PlannedDeposit | None:
    """Place a round or lobulated nodule wholly in a layer; None when no room was found."""

    def propose() -> Recipe | None:
        found = ground.spot(layer, diameter_mm / 2 * (LOBED_REACH if lobed else 1.0))
        if found is None:
            return None
        form = Ball(local=point(found[1]), radius_mm=diameter_mm / 2)
        if lobed:
            form = _lobed(form, ground.rng)
        shape = Shape.PUNCTATE if diameter_mm < PUNCTATE_TO_MM else Shape.NODULE
        return Recipe(
            identity=name,
            limb=found[0],
            form=form,
            shape=Shape.MASS if diameter_mm >= MASS_FROM_MM else shape,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
        )

    return ground.place(propose, patience=3)


def _lobed(ball: Ball, rng: np.random.Generator) -> Ball:
    return Ball(
        local=ball.local,
        radius_mm=ball.radius_mm,
        lobes=tuple(float(lobe) for lobe in rng.uniform(-LOBE_SIZE, LOBE_SIZE, 5)),
        phase=float(rng.uniform(0, 2 * np.pi)),
        stretch=float(rng.uniform(0.85, 1.15)),
    )


def cluster(
    spec: PhantomSpec, ground: Ground, name: str, layer: Layer, mg_ml: float, grains: int = 9
) -> PlannedDeposit | None:
    """Place a cluster of grains of 1 to 2.4 mm within about 7 mm."""
    rng = ground.rng

    def propose() -> Recipe | None:
        found = ground.spot(layer, 3.5)
        if found is None:
            return None
        places: list[np.ndarray] = []
        radii: list[float] = []
        for _ in range(400):
            radius, offset = float(rng.uniform(0.5, 1.2)), rng.normal(0, 2.2, 3) * np.array([1.5, 1.0, 1.0])
            apart = [
                np.linalg.norm(offset - place) - radius - other for place, other in zip(places, radii, strict=True)
            ]
            if len(places) < grains and np.linalg.norm(offset[1:]) < 3.0 and all(gap > 0.7 for gap in apart):
                places.append(offset)
                radii.append(radius)
        form = GrainCluster(locals=tuple(point(found[1] + place) for place in places), radii_mm=tuple(radii))
        return Recipe(
            identity=name,
            limb=found[0],
            form=form,
            shape=Shape.PUNCTATE,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
            note=f"cluster of {len(radii)} grains, one deposit",
        )

    return ground.place(propose, patience=3)


def on_bone(spec: PhantomSpec, ground: Ground, name: str, diameter_mm: float, mg_ml: float) -> PlannedDeposit | None:
    """Place a nodule that grows on a bone's surface."""
    rng = ground.rng

    def propose() -> Recipe | None:
        number = int(rng.integers(len(ground.limbs)))
        limb = ground.limbs[number]
        if not limb.bones:
            return None
        bone = limb.bones[int(rng.integers(min(3, len(limb.bones))))]
        low, high = ground.station_range(limb)
        low, high = max(low, bone.outer.start_mm) + 12.0, min(high, bone.outer.end_mm) - 12.0
        if high <= low:
            return None
        form = OnBone(
            bone=bone.name,
            s_mm=float(rng.uniform(low, high)),
            angle=float(rng.uniform(0, 2 * np.pi)),
            lift_mm=0.25 * diameter_mm,
            radius_mm=diameter_mm / 2,
        )
        return Recipe(
            identity=name,
            limb=number,
            form=form,
            shape=Shape.NODULE,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
            on_bone=True,
            note=f"touches the {bone.name}",
        )

    return ground.place(propose)


def near_bone(spec: PhantomSpec, ground: Ground, name: str, diameter_mm: float, mg_ml: float) -> PlannedDeposit | None:
    """Place a nodule whose surface is 4 to 8 mm from a bone's."""
    rng = ground.rng

    def propose() -> Recipe | None:
        number = int(rng.integers(len(ground.limbs)))
        limb = ground.limbs[number]
        low, high = ground.station_range(limb)
        bone = limb.bones[int(rng.integers(min(3, len(limb.bones))))] if limb.bones else None
        if bone is None or high < low:
            return None
        s, angle = float(rng.uniform(low, high)), float(rng.uniform(0, 2 * np.pi))
        r = bone.outer.radius_at(s, angle) + float(rng.uniform(*NEAR_BONE_MM)) + diameter_mm / 2
        local = np.array([s, *(bone.outer.centre_at(s) + r * np.array([np.cos(angle), np.sin(angle)]))])
        gap = float(limb.bone_distance(local)) - diameter_mm / 2
        below = -float(limb.tissue.fascia.distance(local)) - diameter_mm / 2
        if not NEAR_BONE_MM[0] <= gap <= NEAR_BONE_MM[1] or below < FASCIA_GAP_MM:
            return None
        if not limb.clears_cavity(local, diameter_mm / 2 + FASCIA_GAP_MM):
            return None
        form = Ball(local=point(local), radius_mm=diameter_mm / 2)
        return Recipe(
            identity=name,
            limb=number,
            form=form,
            shape=Shape.NODULE,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
            note=f"{gap:.1f} mm from bone",
        )

    return ground.place(propose)
