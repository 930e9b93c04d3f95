"""Bones with cortex, marrow, trabecular ends and growth plates, and plain filled tubes (vessels, nails)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.phantom.anatomy.soft_tissue import cover
from calciscope.phantom.anatomy.texture import read_noise
from calciscope.phantom.anatomy.tube import STATION_MM, Tube, tube_distance

Float32 = NDArray[np.float32]
CARTILAGE_HU = 85.0  # growth plate and joint cartilage (memory: 60-120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bone:
    """``cortex_mm``, ``core_hu``, ``core_texture_hu`` per station of the tube; ``plates_mm`` where s crosses a plate."""

    name: str
    outer: Tube
    cortex_mm: Float32
    core_hu: Float32
    core_texture_hu: Float32
    cortex_hu: float
    porosity_hu: float
    block: Float32
    plates_mm: Float32 = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def paint(self, hu: Float32, local: Float32, edge_mm: float) -> None:
        """Blend the bone into ``hu`` at local coordinates; see SoftTissue.paint."""
        t = self.outer
        numbers = np.array([self.cortex_hu, self.porosity_hu, edge_mm, float(t.radius.max())])
        tables = np.stack([self.cortex_mm, self.core_hu, self.core_texture_hu])
        _paint_bone(hu, local, numbers, tables, self.plates_mm, self.block, t.start_mm, t.centre, t.radius, t.steep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A tube of one HU with a little texture: a vessel, the fat around it, an organ, a nail."""

    name: str
    outer: Tube
    hu: float
    texture_hu: float = 0.0
    block: Float32 | None = None

    def paint(self, hu: Float32, local: Float32, edge_mm: float) -> None:
        """Blend the filling into ``hu`` at local coordinates; see SoftTissue.paint."""
        t = self.outer
        block = np.zeros((1, 1, 1), dtype=np.float32) if self.block is None else self.block
        amplitude = 0.0 if self.block is None else self.texture_hu
        numbers = np.array([self.hu, amplitude, edge_mm, float(t.radius.max())])
        _paint_filled(hu, local, numbers, block, t.start_mm, t.centre, t.radius, t.steep)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _near(s, u, v, start, centre, reach):  # type: ignore[no-untyped-def]
    """Whether a point is within the largest radius of the tube (plus an edge) about its station."""
    node = int((s - start) / STATION_MM)
    if s < start - 2.0 or node > centre.shape[0]:
        return False
    node = min(max(node, 0), centre.shape[0] - 1)
    return abs(u - centre[node, 0]) < reach and abs(v - centre[node, 1]) < reach


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _paint_filled(hu, local, numbers, block, start, centre, radius, steep):  # type: ignore[no-untyped-def]
    filling, amplitude, edge, largest = numbers
    for k in range(hu.shape[0]):
        for j in range(hu.shape[1]):
            for i in range(hu.shape[2]):
                s, u, v = local[0, k, j, i], local[1, k, j, i], local[2, k, j, i]
                if not _near(s, u, v, start, centre, largest + edge + 2.0):
                    continue
                inside = cover(tube_distance(s, u, v, start, centre, radius, steep), edge)
                if inside > 0.0:
                    value = filling
                    if amplitude > 0.0:
                        value += amplitude * read_noise(block, 0.15 * s, 0.2 * u, 0.2 * v)
                    hu[k, j, i] += inside * (value - hu[k, j, i])


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _paint_bone(hu, local, numbers, tables, plates, block, start, centre, radius, steep):  # type: ignore[no-untyped-def]
    cortex_hu, porosity, edge, largest = numbers
    for k in range(hu.shape[0]):
        for j in range(hu.shape[1]):
            for i in range(hu.shape[2]):
                s, u, v = local[0, k, j, i], local[1, k, j, i], local[2, k, j, i]
                if not _near(s, u, v, start, centre, largest + edge + 2.0):
                    continue
                distance = tube_distance(s, u, v, start, centre, radius, steep)
                inside = cover(distance, edge)
                if inside == 0.0:
                    continue
                node = min(max((s - start) / STATION_MM, 0.0), tables.shape[1] - 1.001)
                n = int(node)
                t = node - n
                cortex = tables[0, n] + t * (tables[0, n + 1] - tables[0, n])
                pores = read_noise(block, 0.12 * s, 0.3 * u, 0.3 * v)
                value = cortex_hu + porosity * pores
                core = cover(distance + cortex * (1.0 + 0.12 * read_noise(block, 0.05 * s, 0.1 * u, 0.1 * v)), edge)
                if core > 0.0:
                    mesh = 0.8 * read_noise(block, 0.6 * s, 1.1 * u + 9.0, 1.1 * v)
                    mesh += 0.5 * read_noise(block, 0.15 * s, 0.25 * u, 0.25 * v + 3.0)
                    inner = tables[1, n] + t * (tables[1, n + 1] - tables[1, n])
                    inner += mesh * (tables[2, n] + t * (tables[2, n + 1] - tables[2, n]))
                    value += core * (inner - value)
                for p in range(plates.shape[0]):
                    gap = abs(s - plates[p] - 1.2 * read_noise(block, 0.0, 0.1 * u, 0.1 * v))
                    value += 0.7 * cover(gap - 2.2, 1.0) * (cortex_hu * 0.75 - value)
                    value += cover(gap - 1.1, edge) * (CARTILAGE_HU - value)
                hu[k, j, i] += inside * (value - hu[k, j, i])
