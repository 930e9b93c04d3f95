"""Where deposits may go: free places in a limb, found by drawing and checking distances."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.limb import Limb
from calciscope.terms.deposits import Layer, Region
from calciscope.terms.geometry import Grid

Float64 = NDArray[np.float64]

TRIES = 400
SKIN_GAP_MM = 1.0  # between a subcutaneous deposit and the skin's inner face
FASCIA_GAP_MM = 2.2  # beyond it neither blur nor the definition of "fascial" mixes the layers
BONE_GAP_MM = 5.0
VESSEL_GAP_MM = 3.0
EDGE_GAP_MM = 5.0  # to the first and last slice and to the sides of the image
KNEE_MM = 45.0  # half length of the knee region of an adult
ELBOW_MM = 35.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A free place in a limb."""

    limb: Limb
    local_mm: Float64
    lps_mm: Float64
    skin_depth_mm: float


@dataclass(slots=True)
class Ground:
    """The limbs in view and what has been placed so far (centre LPS mm, reach mm)."""

    limbs: tuple[Limb, ...]
    grid: Grid
    rng: np.random.Generator
    gap_mm: float = 6.0
    taken: list[tuple[Float64, float]] = field(default_factory=list)

    def find(self, layer: Layer, radius_mm: float, limb: Limb | None = None) -> Place | None:
        """Draw until a ball of ``radius_mm`` fits wholly into the layer; None when it does not fit anywhere."""
        for _ in range(TRIES):
            host = limb or self.limbs[int(self.rng.integers(len(self.limbs)))]
            local = self._draw(host, layer, radius_mm)
            if local is None or not self._free(host, local, radius_mm, layer):
                continue
            lps = host.frame.to_lps(local)
            self.taken.append((lps, radius_mm))
            depth = float(-host.tissue.skin.distance(local)) - radius_mm
            return Place(limb=host, local_mm=local, lps_mm=lps, skin_depth_mm=max(depth, 0.0))
        return None

    def _draw(self, limb: Limb, layer: Layer, radius_mm: float) -> Float64 | None:
        low, high = self.station_range(limb)
        s, angle = self.rng.uniform(low, high), self.rng.uniform(0, 2 * np.pi)
        skin, fascia = limb.tissue.skin, limb.tissue.fascia
        inner, outer = fascia.radius_at(s, angle), skin.radius_at(s, angle) - limb.tissue.skin_mm
        if layer == Layer.SUBCUTANEOUS:
            low, high = inner + radius_mm + 0.5 * FASCIA_GAP_MM, outer - radius_mm - SKIN_GAP_MM
            r = self.rng.uniform(low, high) if high > low else None
        else:
            reach = inner - radius_mm - FASCIA_GAP_MM
            r = reach * np.sqrt(self.rng.uniform(0, 1)) if reach > 0 else None
        if r is None:
            return None
        return np.array([s, *(skin.centre_at(s) + r * np.array([np.cos(angle), np.sin(angle)]))])

    def station_range(self, limb: Limb) -> tuple[float, float]:
        """Stations of the limb that the image holds, roughly."""
        slices = self.grid.shape[0]
        ends = [
            self.grid.to_lps(np.array([k, self.grid.shape[1] / 2, self.grid.shape[2] / 2])) for k in (0, slices - 1)
        ]
        local = [
            limb.frame.to_local(np.array([limb.frame.origin_mm[0], limb.frame.origin_mm[1], end[2]])) for end in ends
        ]
        return float(local[0][0]), float(local[1][0])

    def _free(self, limb: Limb, local: Float64, radius_mm: float, layer: Layer) -> bool:
        lps = limb.frame.to_lps(local)
        if not self.inside(lps, radius_mm):
            return False
        if any(np.linalg.norm(lps - other) < radius_mm + reach + self.gap_mm for other, reach in self.taken):
            return False
        if limb.bone_distance(local) < radius_mm + BONE_GAP_MM:
            return False
        if limb.vessel_distance(local) < radius_mm + VESSEL_GAP_MM:
            return False
        to_fascia = float(limb.tissue.fascia.distance(local))
        if layer == Layer.SUBCUTANEOUS:
            return to_fascia > radius_mm + 0.4 * FASCIA_GAP_MM
        return to_fascia < -radius_mm - FASCIA_GAP_MM

    def inside(self, lps: Float64, radius_mm: float) -> bool:
        """Whether a ball lies in the image with room to spare."""
        index = self.grid.to_index(lps)
        room = (radius_mm + EDGE_GAP_MM) / np.array(self.grid.spacing_mm)
        return bool((index >= room).all() and (index <= np.array(self.grid.shape) - 1 - room).all())


def leg_region(s_mm: float, scale: float) -> Region:
    """Region of a leg by station."""
    if abs(s_mm) < KNEE_MM * scale:
        return Region.KNEE
    return Region.THIGH if s_mm > 0 else Region.LOWER_LEG
