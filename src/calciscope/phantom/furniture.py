"""What lies around the body: table, cushion, clothes, a cable. Flat things in patient space, painted before the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.terms.geometry import Grid

Float32 = NDArray[np.float32]
TABLE_SHELL_HU = 60.0  # carbon fibre skin of the table top, about 1.5 mm (judgement after limb scans)
TABLE_SHELL_MM = 1.6
TABLE_CORE_HU = -930.0  # foam core
TABLE_MM = 42.0
TABLE_SAG_MM = 26.0  # the top is a trough: its middle is this much lower than its edges
TABLE_HALF_WIDTH_MM = 215.0
CUSHION_HU = -960.0
CABLE_HU = 900.0
CABLE_MM = 2.2  # radius of the wire with its mantle
CABLE_COPPER_MM = 0.8
CABLE_COPPER_HU = 2600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Everything around the body; ``top_mm`` is the y of the lowest point of the table's surface.

    ``cushion_mm`` is how thick the mattress on it is; ``cable_mm`` (x, y) is where a cable runs along z.
    """

    top_mm: float
    cushion_mm: float
    cable_mm: tuple[float, float]

    def paint(self, hu: Float32, lattice: Grid, first: int) -> None:
        """Blend into ``hu`` [count, row, column], slices ``first``... of ``lattice``."""
        numbers = np.array([self.top_mm, self.cushion_mm, *self.cable_mm, lattice.spacing_mm[2]])
        _paint(hu, lattice.affine, first, numbers)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _part(distance, edge):  # type: ignore[no-untyped-def]
    return min(max(0.5 - distance / edge, 0.0), 1.0)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _paint(hu, affine, first, numbers):  # type: ignore[no-untyped-def]
    top, cushion, cable_x, cable_y, edge = numbers
    for k in range(hu.shape[0]):
        for j in range(hu.shape[1]):
            for i in range(hu.shape[2]):
                x = affine[0, 0] * i + affine[0, 3]
                y = affine[1, 1] * j + affine[1, 2] * (first + k) + affine[1, 3]
                z = affine[2, 1] * j + affine[2, 2] * (first + k) + affine[2, 3]
                value = hu[k, j, i]
                surface = top - TABLE_SAG_MM * (x / TABLE_HALF_WIDTH_MM) ** 2
                side = abs(x) - TABLE_HALF_WIDTH_MM
                mattress = max(surface - cushion - y, y - surface, side + 15.0)
                value += _part(mattress, edge) * (CUSHION_HU - value)
                bottom = top + TABLE_MM - 0.2 * TABLE_SAG_MM * (x / TABLE_HALF_WIDTH_MM) ** 2
                plate = max(surface - y, y - bottom, side)
                value += _part(plate, edge) * (TABLE_SHELL_HU - value)
                value += _part(plate + TABLE_SHELL_MM, edge) * (TABLE_CORE_HU - value)
                wander = 6.0 * np.sin(z / 37.0)
                wire = np.hypot(x - cable_x - wander, y - cable_y) - CABLE_MM
                value += _part(wire, edge) * (CABLE_HU * 0.1 - value)
                value += _part(wire + CABLE_MM - CABLE_COPPER_MM, edge) * (CABLE_COPPER_HU - value)
                hu[k, j, i] = value
