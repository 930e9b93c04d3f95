"""Where deposits may go: free places in a limb, found by drawing and checking distances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.deposits.planned import PlannedDeposit, Recipe, settle
from calciscope.terms.deposits import Kind, Layer
from calciscope.terms.geometry import Grid

Float64 = NDArray[np.float64]

TRIES = 200
PROPOSALS = 150
SKIN_GAP_MM = 1.0  # between a subcutaneous deposit and the skin's inner face
FASCIA_GAP_MM = 2.2  # beyond it neither blur nor the definition of "fascial" mixes the layers
BONE_GAP_MM = 5.0
VESSEL_GAP_MM = 3.0
EDGE_GAP_MM = 5.0  # to the first and last slice and to the sides of the image
KEPT_POINTS = 400
RIM_MM = 2.0  # how far the blur carries a deposit's edge


@dataclass(slots=True)
class Ground:
    """The limbs in view, and the points of what was placed so far."""

    limbs: tuple[Limb, ...]
    grid: Grid
    rng: np.random.Generator
    gap_mm: float = 6.0
    bone_gap_mm: float = BONE_GAP_MM
    stretch_mm: float = 1e4  # longest part of the limb, around the middle of the image, that is used
    taken: list[Float64] = field(default_factory=list)

    def spot(self, layer: Layer, radius_mm: float) -> tuple[int, Float64] | None:
        """Draw a limb and a local point at which a ball of ``radius_mm`` fits wholly into the layer."""
        for _ in range(TRIES):
            number = int(self.rng.integers(len(self.limbs)))
            local = self._draw(self.limbs[number], layer, radius_mm)
            if local is not None and self._fits_ball(self.limbs[number], local, radius_mm, layer):
                return number, local
        return None

    def place(self, propose: Callable[[], Recipe | None], patience: int = PROPOSALS) -> PlannedDeposit | None:
        """Settle the first of ``patience`` proposed recipes that has room; None when none has."""
        for _ in range(patience):
            recipe = propose()
            if recipe is None or not self._is_promising(recipe):
                continue
            settled = settle(recipe, self.limbs[recipe.limb])
            if self.has_room(settled):
                self.take(settled)
                return settled
        return None

    def in_view(self, settled: PlannedDeposit) -> bool:
        """Whether the image holds the whole deposit with its blurred rim."""
        index, room = self.grid.to_index(settled.inside_mm), RIM_MM / np.array(self.grid.spacing_mm)
        return bool((index >= room).all() and (index <= np.array(self.grid.shape) - 1 - room).all())

    def take(self, settled: PlannedDeposit) -> None:
        """Mark the place of a deposit as taken."""
        step = max(1, len(settled.inside_mm) // KEPT_POINTS)
        self.taken.append(settled.inside_mm[::step])

    def has_room(self, settled: PlannedDeposit) -> bool:
        """Whether a settled deposit lies in the image, away from bone, vessels and the others."""
        recipe, points = settled.recipe, settled.inside_mm
        index = self.grid.to_index(points)
        room = EDGE_GAP_MM / np.array(self.grid.spacing_mm)
        if (index < room).any() or (index > np.array(self.grid.shape) - 1 - room).any():
            return False
        step = max(1, len(points) // KEPT_POINTS)
        if any(_gap(points[::step], other) < self.gap_mm for other in self.taken):
            return False
        if recipe.kind in (Kind.VASCULAR, Kind.PHYSIOLOGICAL):
            return True
        local = self.limbs[recipe.limb].frame.to_local(points)
        if float(self.limbs[recipe.limb].vessel_distance(local).min()) < 0.5 * VESSEL_GAP_MM:
            return False
        return recipe.on_bone or settled.bone_gap_mm >= self.bone_gap_mm - 1.0

    def _is_promising(self, recipe: Recipe) -> bool:
        """Whether the outline of a recipe, quickly had, lies in the image and free of others and of bone."""
        limb = self.limbs[recipe.limb]
        points = recipe.form.outline(limb)
        index, room = self.grid.to_index(points), EDGE_GAP_MM / np.array(self.grid.spacing_mm)
        if (index < room).any() or (index > np.array(self.grid.shape) - 1 - room).any():
            return False
        if any(_gap(points, other) < self.gap_mm for other in self.taken):
            return False
        if recipe.kind != Kind.CALCINOSIS or recipe.on_bone:
            return True
        return float(limb.bone_distance(limb.frame.to_local(points)).min()) >= self.bone_gap_mm - 1.0

    def station_range(self, limb: Limb) -> tuple[float, float]:
        """Stations of the limb that the image holds, roughly."""
        slices, rows, columns = self.grid.shape
        ends = self.grid.to_lps(np.array([[k, rows / 2, columns / 2] for k in (0, slices - 1)]))
        x, y = limb.frame.origin_mm[:2]
        low, high = (float(limb.frame.to_local(np.array([x, y, end[2]]))[0]) for end in ends)
        middle, skin = (low + high) / 2, limb.tissue.skin
        low, high = max(low, middle - self.stretch_mm / 2), min(high, middle + self.stretch_mm / 2)
        return max(low, skin.start_mm + EDGE_GAP_MM), min(high, skin.end_mm - EDGE_GAP_MM)

    def _draw(self, limb: Limb, layer: Layer, radius_mm: float) -> Float64 | None:
        low, high = self.station_range(limb)
        if high < low:
            return None
        s, angle = self.rng.uniform(low, high), self.rng.uniform(0, 2 * np.pi)
        skin, fascia = limb.tissue.skin, limb.tissue.fascia
        inner, outer = fascia.radius_at(s, angle), skin.radius_at(s, angle) - limb.tissue.skin_mm
        if layer == Layer.SUBCUTANEOUS:
            low, high = inner + radius_mm + 0.5 * FASCIA_GAP_MM, outer - radius_mm - SKIN_GAP_MM
            r = self.rng.uniform(low, high) if high > low else None
        else:
            reach = inner - radius_mm - FASCIA_GAP_MM
            least = 0.0 if limb.cavity is None else limb.cavity.radius_at(s, angle) + radius_mm + FASCIA_GAP_MM
            r = np.sqrt(self.rng.uniform(least**2, reach**2)) if reach > least else None
        if r is None:
            return None
        return np.array([s, *(skin.centre_at(s) + r * np.array([np.cos(angle), np.sin(angle)]))])

    def _fits_ball(self, limb: Limb, local: Float64, radius_mm: float, layer: Layer) -> bool:
        lps = limb.frame.to_lps(local)
        index, room = self.grid.to_index(lps), (radius_mm + EDGE_GAP_MM) / np.array(self.grid.spacing_mm)
        if (index < room).any() or (index > np.array(self.grid.shape) - 1 - room).any():
            return False
        if any(_gap(lps[None, :], other) < radius_mm + self.gap_mm for other in self.taken):
            return False
        to_fascia = float(limb.tissue.fascia.distance(local))
        if layer == Layer.SUBCUTANEOUS:
            if to_fascia < radius_mm + 0.4 * FASCIA_GAP_MM:
                return False
        elif to_fascia > -radius_mm - FASCIA_GAP_MM or not limb.clears_cavity(local, radius_mm + FASCIA_GAP_MM):
            return False
        if float(limb.bone_distance(local)) < radius_mm + self.bone_gap_mm:
            return False
        return float(limb.vessel_distance(local)) >= radius_mm + VESSEL_GAP_MM


def _gap(points: Float64, others: Float64) -> float:
    """Smallest distance between two sets of points."""
    low, high = others.min(axis=0), others.max(axis=0)
    rough = np.maximum(np.maximum(low - points, points - high), 0.0)
    near = points[np.linalg.norm(rough, axis=1) < 40.0]
    if len(near) == 0:
        return 40.0
    return float(np.sqrt(((near[:, None, :] - others[None, :, :]) ** 2).sum(axis=2)).min())
