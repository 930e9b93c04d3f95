"""One deposit of the phantom: first as a recipe in limb coordinates, then settled in a limb with all that is true of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.deposits.forms import Form
from calciscope.phantom.solids import Solid
from calciscope.terms.deposits import Kind, Layer, Region, Shape, Side

Float64 = NDArray[np.float64]

# Layers as the interface defines them (docs/reference/outputs.md).
CUTANEOUS_MM = 2.5
FASCIAL_MM = 2.0
ALSO_FROM = 0.1  # a layer that holds this part of the mass is named as touched
COMPACT = (Shape.NODULE, Shape.PUNCTATE, Shape.MASS)
SAMPLE_CELL_MM = 0.7
MIDLINE_MM = 15.0  # as the product draws it (docs/reference/measures.md, side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """``identity`` names the deposit over time; ``limb`` is the index of its limb; ``on_bone``: it touches bone."""

    identity: str
    limb: int
    form: Form
    shape: Shape
    concentration_mg_ml: float
    matrix_hu: float
    kind: Kind = Kind.CALCINOSIS
    on_bone: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDeposit:
    """A recipe settled in its limb; ``inside_mm`` are points of it (n, 3 LPS) for checks of room and layer."""

    recipe: Recipe
    solid: Solid
    layer: Layer
    layer_also: tuple[Layer, ...]
    region: Region
    side: Side
    skin_depth_mm: float
    bone_gap_mm: float
    inside_mm: Float64
    in_view: bool = True  # the image holds all of it; after a year, it may have moved out

    @property
    def volume_ml(self) -> float:
        """Exact volume."""
        return self.solid.volume_mm3 / 1000.0

    @property
    def mass_mg(self) -> float:
        """Exact mass of mineral."""
        return self.volume_ml * self.recipe.concentration_mg_ml


def settle(recipe: Recipe, limb: Limb) -> PlannedDeposit:
    """Build the solid and find what is true of it: layer, depth, region, side."""
    solid = recipe.form.solid(limb)
    points = _points(solid)
    local = limb.frame.to_local(points)
    centre = limb.frame.to_local(solid.centre_mm)
    depth = -limb.tissue.skin.distance(local)
    layer, also = _layer(recipe, limb, local, centre)
    reach = float((depth + solid.distance(points)).min())
    return PlannedDeposit(
        recipe=recipe,
        solid=solid,
        layer=layer,
        layer_also=also,
        region=limb.region_of(centre),
        side=limb.side if limb.side != Side.MIDLINE else _side(solid.centre_mm),
        skin_depth_mm=max(reach, 0.0),
        bone_gap_mm=float((limb.bone_distance(local) + solid.distance(points)).min()),
        inside_mm=points,
    )


def _points(solid: Solid) -> Float64:
    """Points (n, 3) spread evenly through a solid."""
    cell = float(min(SAMPLE_CELL_MM, max(0.3, solid.feature_mm / 3)))
    low, high = solid.bounds_mm
    axes = [np.arange(a + cell / 2, b, cell) for a, b in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    inside = points[solid.distance(points) < 0]
    return inside if len(inside) else solid.centre_mm[None, :]


def _layer(recipe: Recipe, limb: Limb, local: Float64, centre: Float64) -> tuple[Layer, tuple[Layer, ...]]:
    found = layers_of(limb, local)
    share = {layer: found.count(layer) / len(found) for layer in sorted(set(found))}
    main = max(share, key=lambda layer: share[layer])
    if recipe.on_bone:
        main = Layer.PERIOSTEAL
    elif recipe.shape in COMPACT:
        main = layers_of(limb, centre[None, :])[0]
    also = tuple(layer for layer, part in share.items() if part >= ALSO_FROM and layer != main)
    return main, also


def layers_of(limb: Limb, local: Float64) -> list[Layer]:
    """Layer of every local point (n, 3) by its distances from skin and muscle surface."""
    depth, above = -limb.tissue.skin.distance(local), limb.tissue.fascia.distance(local)
    visceral = limb.is_visceral(local)
    found = []
    for deep, high, inner in zip(depth, above, visceral, strict=True):
        if deep <= CUTANEOUS_MM:
            found.append(Layer.CUTANEOUS)
        elif abs(high) <= FASCIAL_MM:
            found.append(Layer.FASCIAL)
        elif high > 0:
            found.append(Layer.SUBCUTANEOUS)
        else:
            found.append(Layer.VISCERAL if inner else Layer.INTRAMUSCULAR)
    return found


def _side(lps_mm: Float64) -> Side:
    if abs(lps_mm[0]) < MIDLINE_MM:
        return Side.MIDLINE
    return Side.LEFT if lps_mm[0] > 0 else Side.RIGHT
