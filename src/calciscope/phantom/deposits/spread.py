"""Spread-out deposits: fascial sheets, skin plaques, lines, and the lace of reticular calcinosis."""

from __future__ import annotations

import numpy as np

from calciscope.phantom.deposits.forms import Rods, Wall, point
from calciscope.phantom.deposits.planned import PlannedDeposit, Recipe
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Shape

LACE_MESH_MM = 7.0
LACE_HALF_MM = (16.0, 13.0)  # along the limb and around it
LACE_DEPTH_JITTER = 0.22  # of the room between fascia and skin
STRUT_MM = (0.35, 0.6)  # radius
LINE_STEP_MM = 6.0


def sheet(
    spec: PhantomSpec, ground: Ground, name: str, thickness_mm: float, half_mm: tuple[float, float], mg_ml: float
) -> PlannedDeposit | None:
    """Place a thin sheet curved along the fascia."""
    return _wall(spec, ground, name, "fascia", 0.0, thickness_mm, half_mm, mg_ml, f"{thickness_mm:g} mm thick")


def plaque(
    spec: PhantomSpec, ground: Ground, name: str, thickness_mm: float, half_mm: tuple[float, float], mg_ml: float
) -> PlannedDeposit | None:
    """Place a plaque in the skin, its outer face just below the surface."""
    offset = -0.5 * thickness_mm - 0.3
    return _wall(spec, ground, name, "skin", offset, thickness_mm, half_mm, mg_ml, "plaque in the skin")


def _wall(
    spec: PhantomSpec,
    ground: Ground,
    name: str,
    surface: str,
    offset_mm: float,
    thickness_mm: float,
    half_mm: tuple[float, float],
    mg_ml: float,
    note: str,
) -> PlannedDeposit | None:
    rng = ground.rng

    def propose() -> Recipe | None:
        number = int(rng.integers(len(ground.limbs)))
        low, high = ground.station_range(ground.limbs[number])
        if high - low < 2 * half_mm[0] + 10:
            return None
        form = Wall(
            surface=surface,
            offset_mm=offset_mm,
            thickness_mm=thickness_mm,
            s_mm=float(rng.uniform(low + half_mm[0] + 5, high - half_mm[0] - 5)),
            angle=float(rng.uniform(0, 2 * np.pi)),
            half_length_mm=half_mm[0],
            half_arc_mm=half_mm[1],
        )
        return Recipe(
            identity=name,
            limb=number,
            form=form,
            shape=Shape.SHEET,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
            note=note,
        )

    return ground.place(propose)


def line(
    spec: PhantomSpec, ground: Ground, name: str, length_mm: float, radius_mm: float, mg_ml: float, above: float
) -> PlannedDeposit | None:
    """Place a wandering line along the limb; ``above`` 0 is on the fascia, 0.5 midway to the skin."""
    rng = ground.rng

    def propose() -> Recipe | None:
        number = int(rng.integers(len(ground.limbs)))
        limb = ground.limbs[number]
        low, high = ground.station_range(limb)
        if high - low < length_mm + 12:
            return None
        start, angle = float(rng.uniform(low + 6, high - length_mm - 6)), float(rng.uniform(0, 2 * np.pi))
        nodes = max(3, int(length_mm / LINE_STEP_MM) + 1)
        places = []
        for part in np.linspace(0, 1, nodes):
            s, turn = start + part * length_mm, angle + 0.06 * np.sin(5 * part + angle)
            inner, outer = limb.tissue.fascia.radius_at(s, turn), limb.tissue.skin.radius_at(s, turn)
            r = inner + above * (outer - inner)
            places.append(point(np.array([s, *(limb.tissue.skin.centre_at(s) + r * _unit(turn))])))
        form = Rods(ends=tuple(zip(places[:-1], places[1:], strict=True)), radii_mm=(radius_mm,) * (nodes - 1))
        return Recipe(
            identity=name,
            limb=number,
            form=form,
            shape=Shape.LINEAR,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
            note=f"{length_mm:g} mm long",
        )

    return ground.place(propose)


def lace(spec: PhantomSpec, ground: Ground, name: str, mg_ml: float) -> PlannedDeposit | None:
    """Place a net of thin struts in the subcutaneous fat."""
    rng = ground.rng

    def propose() -> Recipe | None:
        number = int(rng.integers(len(ground.limbs)))
        limb = ground.limbs[number]
        low, high = ground.station_range(limb)
        if high - low < 2 * LACE_HALF_MM[0] + 12:
            return None
        s0 = float(rng.uniform(low + LACE_HALF_MM[0] + 6, high - LACE_HALF_MM[0] - 6))
        turn0 = float(rng.uniform(0, 2 * np.pi))
        inner, outer = limb.tissue.fascia.radius_at(s0, turn0), limb.tissue.skin.radius_at(s0, turn0)
        if outer - inner < 7.0:
            return None
        along = np.arange(-LACE_HALF_MM[0], LACE_HALF_MM[0] + 1, LACE_MESH_MM)
        around = np.arange(-LACE_HALF_MM[1], LACE_HALF_MM[1] + 1, LACE_MESH_MM)
        nodes = np.empty((len(along), len(around), 3))
        for i, ds in enumerate(along):
            for j, arc in enumerate(around):
                s, turn = s0 + ds + rng.uniform(-1.8, 1.8), turn0 + (arc + rng.uniform(-1.8, 1.8)) / outer
                inner, outer_here = limb.tissue.fascia.radius_at(s, turn), limb.tissue.skin.radius_at(s, turn)
                part = 0.5 + rng.uniform(-LACE_DEPTH_JITTER, LACE_DEPTH_JITTER)
                r = inner + part * (outer_here - limb.tissue.skin_mm - inner)
                nodes[i, j] = (s, *(limb.tissue.skin.centre_at(s) + r * _unit(turn)))
        pairs = [(nodes[i, j], nodes[i + 1, j]) for i in range(len(along) - 1) for j in range(len(around))]
        pairs += [(nodes[i, j], nodes[i, j + 1]) for i in range(len(along)) for j in range(len(around) - 1)]
        pairs += [
            (nodes[i, j], nodes[i + 1, j + 1])
            for i in range(len(along) - 1)
            for j in range(len(around) - 1)
            if rng.uniform() < 0.3
        ]
        radii = tuple(float(radius) for radius in rng.uniform(*STRUT_MM, len(pairs)))
        form = Rods(ends=tuple((point(a), point(b)) for a, b in pairs), radii_mm=radii)
        return Recipe(
            identity=name,
            limb=number,
            form=form,
            shape=Shape.RETICULAR,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
            note=f"net of {len(radii)} struts of {2 * STRUT_MM[0]:g} to {2 * STRUT_MM[1]:g} mm",
        )

    return ground.place(propose)


def _unit(angle: float) -> np.ndarray:
    return np.array([np.cos(angle), np.sin(angle)])
