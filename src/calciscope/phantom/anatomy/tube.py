"""Tubes: star-shaped cross-sections along a limb, from skin down to a vessel, with a signed distance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

ANGLES = 128
STATION_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tube:
    """Radius table over (station along s, angle), around a centre line; distances are negative inside.

    ``steep`` holds the cosine between the radial direction and the surface normal, so that the radial gap times it is
    the distance to first order. The angle is measured from +u (patient's left) towards +v (back).
    """

    start_mm: float
    centre: Float32  # [station, (u, v)]
    radius: Float32  # [station, angle]
    steep: Float32

    @property
    def end_mm(self) -> float:
        """Last station, mm along s."""
        return self.start_mm + STATION_MM * (len(self.centre) - 1)

    def distance(self, local_mm: Float64) -> Float64:
        """(..., 3) local mm to signed distance in mm."""
        flat = np.ascontiguousarray(local_mm, dtype=np.float64).reshape(-1, 3)
        return _distances(flat, self.start_mm, self.centre, self.radius, self.steep).reshape(np.shape(local_mm)[:-1])

    def radius_at(self, s_mm: float, angle: float) -> float:
        """Radius in mm at one station and angle."""
        return float(_radius(s_mm, angle, self.start_mm, self.radius))

    def centre_at(self, s_mm: float) -> Float64:
        """(u, v) of the centre line at one station."""
        stations = self.start_mm + STATION_MM * np.arange(len(self.centre))
        return np.array([np.interp(s_mm, stations, self.centre[:, axis]) for axis in (0, 1)])


def tube(
    start_mm: float,
    end_mm: float,
    centre: Callable[[Float64], tuple[Float64, Float64]],
    radius: Callable[[Float64, Float64], Float64],
) -> Tube:
    """Tabulate a tube from ``centre(s) -> u, v`` and ``radius(s, angle)`` (arrays of one shape), both in mm."""
    s = np.arange(start_mm, end_mm + STATION_MM, STATION_MM)
    angle = 2 * np.pi * np.arange(ANGLES) / ANGLES
    u, v = centre(s)
    table = np.asarray(radius(*np.meshgrid(s, angle, indexing="ij")), dtype=np.float64)
    turn = (np.roll(table, -1, axis=1) - np.roll(table, 1, axis=1)) / (4 * np.pi / ANGLES) / np.maximum(table, 0.1)
    climb = np.gradient(table, STATION_MM, axis=0)
    centres = np.stack(np.broadcast_arrays(u, v), axis=-1) * np.ones((len(s), 1))
    return Tube(
        start_mm=float(start_mm),
        centre=centres.astype(np.float32),
        radius=table.astype(np.float32),
        steep=(1.0 / np.sqrt(1.0 + turn**2 + climb**2)).astype(np.float32),
    )


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def tube_distance(s, u, v, start, centre, radius, steep):  # type: ignore[no-untyped-def]
    """Signed distance (mm) of one local point to a tube's surface; flat ends."""
    node = (s - start) / STATION_MM
    last = centre.shape[0] - 2
    beyond = max(-node, node - (last + 1)) * STATION_MM
    i = min(max(int(node), 0), last)
    t = min(max(node - i, 0.0), 1.0)
    du = u - centre[i, 0] - t * (centre[i + 1, 0] - centre[i, 0])
    dv = v - centre[i, 1] - t * (centre[i + 1, 1] - centre[i, 1])
    turn = np.arctan2(dv, du) * (ANGLES / (2 * np.pi))
    if turn < 0:
        turn += ANGLES
    a = int(turn)
    w = turn - a
    a = a % ANGLES
    b = (a + 1) % ANGLES
    lower = radius[i, a] + w * (radius[i, b] - radius[i, a])
    upper = radius[i + 1, a] + w * (radius[i + 1, b] - radius[i + 1, a])
    slope = steep[i, a] + w * (steep[i, b] - steep[i, a])
    slope += t * (steep[i + 1, a] + w * (steep[i + 1, b] - steep[i + 1, a]) - slope)
    gap = (np.sqrt(du * du + dv * dv) - lower - t * (upper - lower)) * slope
    return max(gap, beyond)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _distances(points, start, centre, radius, steep):  # type: ignore[no-untyped-def]
    out = np.empty(points.shape[0])
    for i in range(points.shape[0]):
        out[i] = tube_distance(points[i, 0], points[i, 1], points[i, 2], start, centre, radius, steep)
    return out


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _radius(s, angle, start, radius):  # type: ignore[no-untyped-def]
    node = min(max((s - start) / STATION_MM, 0.0), radius.shape[0] - 1.001)
    turn = (angle * (ANGLES / (2 * np.pi))) % ANGLES
    i, a = int(node), int(turn) % ANGLES
    t, w, b = node - i, turn - int(turn), (a + 1) % ANGLES
    lower = radius[i, a] + w * (radius[i, b] - radius[i, a])
    return lower + t * (radius[i + 1, a] + w * (radius[i + 1, b] - radius[i + 1, a]) - lower)
