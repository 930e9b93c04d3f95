"""One limb or trunk: its frame, its soft tissue, and the parts painted into it in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Bone
from calciscope.phantom.anatomy.soft_tissue import SoftTissue
from calciscope.phantom.anatomy.solid_parts import Chain
from calciscope.phantom.anatomy.tube import Tube
from calciscope.phantom.frames import LimbFrame
from calciscope.terms.deposits import Region, Side

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
FAR_MM = 1e3


class Part(Protocol):
    """Anything that can be painted in limb coordinates."""

    def paint(self, hu: Float32, local: Float32, edge_mm: float) -> None:
        """Blend into ``hu`` at local coordinates."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """``parts`` are painted in order over the soft tissue; ``arteries`` (name, tube) are where walls may calcify.

    ``regions`` names the region of a local point; inside ``cavity`` lie organs, not muscle.
    """

    side: Side
    frame: LimbFrame
    tissue: SoftTissue
    parts: tuple[Part, ...]
    vessels: tuple[Tube, ...]
    arteries: tuple[tuple[str, Tube], ...]
    regions: Callable[[Float64], Region]
    cavity: Tube | None = None

    @property
    def bones(self) -> tuple[Bone, ...]:
        """Bones among the parts."""
        return tuple(part for part in self.parts if isinstance(part, Bone))

    @property
    def reach_mm(self) -> float:
        """Largest distance of the skin from the axis."""
        skin = self.tissue.skin
        return float(skin.radius.max() + np.abs(skin.centre).max())

    def bone_distance(self, local_mm: Float64) -> Float64:
        """Distance in mm to the nearest bone; FAR_MM where there is none."""
        gaps = [bone.outer.distance(local_mm) for bone in self.bones]
        gaps += [part.distance(local_mm) for part in self.parts if isinstance(part, Chain) and part.is_bone]
        return np.minimum.reduce([np.full(np.shape(local_mm)[:-1], FAR_MM), *gaps])

    def vessel_distance(self, local_mm: Float64) -> Float64:
        """Distance in mm to the nearest vessel wall; FAR_MM where there is none."""
        gaps = [vessel.distance(local_mm) for vessel in self.vessels]
        return np.minimum.reduce([np.full(np.shape(local_mm)[:-1], FAR_MM), *gaps])

    def region_of(self, local_mm: Float64) -> Region:
        """Region of one local point."""
        return self.regions(local_mm)

    def is_visceral(self, local_mm: Float64) -> NDArray[np.bool_]:
        """Whether local points (n, 3) lie among the organs."""
        if self.cavity is None:
            return np.zeros(len(local_mm), dtype=np.bool_)
        return np.asarray(self.cavity.distance(local_mm) < 0)

    def clears_cavity(self, local_mm: Float64, gap_mm: float) -> bool:
        """Whether one local point lies outside the cavity, at least ``gap_mm`` from the wall's inner face."""
        return self.cavity is None or float(self.cavity.distance(local_mm)) >= gap_mm
