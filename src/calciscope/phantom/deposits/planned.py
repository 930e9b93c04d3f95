"""One deposit of the phantom as planned: a solid of known mineral at a known place."""

from __future__ import annotations

from dataclasses import dataclass

from calciscope.phantom.solids import Solid
from calciscope.terms.deposits import Kind, Layer, Region, Shape, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDeposit:
    """``identity`` names the deposit over time; ``local_mm`` is its place (s, u, v) in its limb."""

    identity: str
    kind: Kind
    layer: Layer
    shape: Shape
    region: Region
    side: Side
    solid: Solid
    concentration_mg_ml: float
    matrix_hu: float
    local_mm: tuple[float, float, float]
    skin_depth_mm: float
    note: str = ""

    @property
    def volume_ml(self) -> float:
        """Exact volume."""
        return self.solid.volume_mm3 / 1000.0

    @property
    def mass_mg(self) -> float:
        """Exact mass of mineral."""
        return self.volume_ml * self.concentration_mg_ml
