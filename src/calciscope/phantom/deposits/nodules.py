"""Nodules, smooth or lobulated, in fat and muscle."""

from __future__ import annotations

import numpy as np

from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.phantom.deposits.site import Ground, Place, leg_region
from calciscope.phantom.solids import Lobulated, Solid, Sphere
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Kind, Layer, Shape

MASS_FROM_MM = 25.0  # a longer compact deposit is called a mass (judgement)
PUNCTATE_TO_MM = 3.0  # a smaller one a grain
LOBED_PART = 0.5  # of the nodules of the mixed preset
LOBE_SIZE = 0.09


def nodule_array(spec: PhantomSpec, ground: Ground, diameters: tuple[float, ...], concentrations: tuple[float, ...],
                 layers: tuple[Layer, ...], count: int, lobed: bool) -> list[PlannedDeposit]:  # fmt: skip
    """Place ``count`` nodules, cycling through diameters, concentrations and layers; what does not fit is left out."""
    planned = []
    for number in range(count):
        diameter = diameters[number % len(diameters)]
        density = concentrations[(number // len(diameters)) % len(concentrations)]
        layer = layers[(number + number // (len(diameters) * len(concentrations))) % len(layers)]
        is_lobed = lobed and bool(ground.rng.uniform() < LOBED_PART)
        reach = diameter / 2 * (1.35 if is_lobed else 1.0)
        place = ground.find(layer, reach)
        if place is not None:
            solid = _solid(place, diameter / 2, is_lobed, ground.rng)
            planned.append(_planned(spec, f"nodule-{number + 1}", place, layer, diameter, density, solid))
    return planned


def _solid(place: Place, radius_mm: float, lobed: bool, rng: np.random.Generator) -> Solid:
    centre = (float(place.lps_mm[0]), float(place.lps_mm[1]), float(place.lps_mm[2]))
    if not lobed:
        return Sphere(centre=centre, radius_mm=radius_mm)
    lobes = tuple(float(lobe) for lobe in rng.uniform(-LOBE_SIZE, LOBE_SIZE, 5))
    phase, stretch = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0.85, 1.15))
    return Lobulated(centre=centre, radius_mm=radius_mm, lobes=lobes, phase=phase, stretch=stretch)


def _planned(spec: PhantomSpec, identity: str, place: Place, layer: Layer, diameter: float, density: float,
             solid: Solid) -> PlannedDeposit:  # fmt: skip
    shape = Shape.PUNCTATE if diameter < PUNCTATE_TO_MM else Shape.MASS if diameter >= MASS_FROM_MM else Shape.NODULE
    s, u, v = (float(value) for value in place.local_mm)
    return PlannedDeposit(
        identity=identity,
        kind=Kind.CALCINOSIS,
        layer=layer,
        shape=shape,
        region=leg_region(s, spec.body_scale),
        side=place.limb.side,
        solid=solid,
        concentration_mg_ml=density,
        matrix_hu=spec.matrix_hu,
        local_mm=(s, u, v),
        skin_depth_mm=place.skin_depth_mm,
    )
