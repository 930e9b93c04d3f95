"""Parts that are no tubes along the limb: balls stretched in three directions, and rods between two points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.phantom.anatomy.soft_tissue import cover

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipsoid:
    """An organ or a gas bubble; ``centre`` and ``half_mm`` in limb coordinates (s, u, v)."""

    name: str
    centre: tuple[float, float, float]
    half_mm: tuple[float, float, float]
    hu: float

    def paint(self, hu: Float32, local: Float32, edge_mm: float) -> None:
        """Blend into ``hu`` at local coordinates; see SoftTissue.paint."""
        _ellipsoid(hu, local, np.array([*self.centre, *self.half_mm, self.hu, edge_mm]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Rods through points (n, 3) in limb coordinates, with a shell: ribs, costal cartilage, screws, cables.

    ``shell_mm`` of ``shell_hu`` around a core of ``core_hu``; ``flat`` stretches the section along s (ribs are tall).
    """

    name: str
    points: Float64
    radius_mm: float
    shell_mm: float
    shell_hu: float
    core_hu: float
    flat: float = 1.0
    is_bone: bool = False

    def paint(self, hu: Float32, local: Float32, edge_mm: float) -> None:
        """Blend into ``hu`` at local coordinates; see SoftTissue.paint."""
        numbers = np.array([self.radius_mm, self.shell_mm, self.shell_hu, self.core_hu, self.flat, edge_mm])
        _chain(hu, local, np.ascontiguousarray(self.points, dtype=np.float64), numbers)

    def distance(self, local_mm: Float64) -> Float64:
        """(..., 3) local mm to signed distance in mm."""
        flat = np.ascontiguousarray(local_mm, dtype=np.float64).reshape(-1, 3)
        points = np.ascontiguousarray(self.points, dtype=np.float64)
        return np.asarray(_chain_distances(flat, points, self.radius_mm, self.flat).reshape(np.shape(local_mm)[:-1]))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _ellipsoid(hu, local, numbers):  # type: ignore[no-untyped-def]
    s0, u0, v0, a, b, c, filling, edge = numbers
    smallest = min(a, b, c)
    for k in range(hu.shape[0]):
        for j in range(hu.shape[1]):
            for i in range(hu.shape[2]):
                s, u, v = (local[0, k, j, i] - s0) / a, (local[1, k, j, i] - u0) / b, (local[2, k, j, i] - v0) / c
                if abs(s) > 1.3 or abs(u) > 1.3 or abs(v) > 1.3:
                    continue
                r = np.sqrt(s * s + u * u + v * v)
                steep = np.sqrt((s / a) ** 2 + (u / b) ** 2 + (v / c) ** 2)
                gap = (r - 1.0) * r / max(steep, 1e-9) if r > 0.05 else -smallest
                inside = cover(gap, edge)
                hu[k, j, i] += inside * (filling - hu[k, j, i])


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def chain_distance(s, u, v, points, radius, flat):  # type: ignore[no-untyped-def]
    """Distance (mm) of a local point to the surface of a chain of rods."""
    best = 1e18
    for n in range(points.shape[0] - 1):
        ax, ay, az = points[n, 0] / flat, points[n, 1], points[n, 2]
        dx, dy, dz = points[n + 1, 0] / flat - ax, points[n + 1, 1] - ay, points[n + 1, 2] - az
        px, py, pz = s / flat - ax, u - ay, v - az
        length = dx * dx + dy * dy + dz * dz
        t = min(max((px * dx + py * dy + pz * dz) / length, 0.0), 1.0) if length > 0 else 0.0
        qx, qy, qz = px - t * dx, py - t * dy, pz - t * dz
        best = min(best, qx * qx + qy * qy + qz * qz)
    return np.sqrt(best) - radius


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _chain_distances(local, points, radius, flat):  # type: ignore[no-untyped-def]
    out = np.empty(local.shape[0])
    for i in range(local.shape[0]):
        out[i] = chain_distance(local[i, 0], local[i, 1], local[i, 2], points, radius, flat)
    return out


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _chain(hu, local, points, numbers):  # type: ignore[no-untyped-def]
    radius, shell, shell_hu, core_hu, flat, edge = numbers
    room = radius * max(flat, 1.0) + edge
    low = np.array([points[:, 0].min(), points[:, 1].min(), points[:, 2].min()]) - room
    high = np.array([points[:, 0].max(), points[:, 1].max(), points[:, 2].max()]) + room
    for k in range(hu.shape[0]):
        for j in range(hu.shape[1]):
            for i in range(hu.shape[2]):
                s, u, v = local[0, k, j, i], local[1, k, j, i], local[2, k, j, i]
                if s < low[0] or s > high[0] or u < low[1] or u > high[1] or v < low[2] or v > high[2]:
                    continue
                gap = chain_distance(s, u, v, points, radius, flat)
                inside = cover(gap, edge)
                if inside > 0.0:
                    value = shell_hu + cover(gap + shell, edge) * (core_hu - shell_hu)
                    hu[k, j, i] += inside * (value - hu[k, j, i])
