"""A limb's own coordinates: along its bent axis, and across it.

``s`` runs along the limb in mm (0 at the joint, positive towards the head), ``u`` to the patient's left and ``v`` to
the back, both across the axis. Bending the joint bends the axis in the sagittal plane and carries the tissue along.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

AXIS_STEP_MM = 0.5
AXIS_REACH_MM = 900.0
BEND_MM = 45.0  # half length over which the joint bends: soft tissue never kinks
NEWTON_STEPS = 4  # the residual is below 1e-4 mm for flexion up to MAX_FLEXION_DEG


@dataclass(frozen=True, slots=True, kw_only=True)
class LimbFrame:
    """Where a limb lies: ``origin_mm`` (LPS of the joint), flexion, axial rotation and splay in degrees.

    ``bend_mm``: half length over which the joint bends.
    """

    origin_mm: tuple[float, float, float]
    flexion_deg: float = 0.0
    rotation_deg: float = 0.0
    splay_deg: float = 0.0
    bend_mm: float = BEND_MM
    axis: Float64 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Tabulate the axis: columns y, z, sin and cos of its slope, relative to the origin."""
        object.__setattr__(self, "axis", _axis_table(np.deg2rad(self.flexion_deg), self.bend_mm))

    @property
    def placement(self) -> Float64:
        """Numbers the kernels need: origin, cos and sin of the rotation, tangent of the splay."""
        turn = np.deg2rad(self.rotation_deg)
        return np.array([*self.origin_mm, np.cos(turn), np.sin(turn), np.tan(np.deg2rad(self.splay_deg))])

    def to_local(self, lps_mm: Float64) -> Float64:
        """(..., 3) LPS mm to (..., 3) local (s, u, v) mm."""
        flat = np.ascontiguousarray(lps_mm, dtype=np.float64).reshape(-1, 3)
        return _points_to_local(flat, self.axis, self.placement).reshape(np.shape(lps_mm))

    def to_lps(self, local_mm: Float64) -> Float64:
        """(..., 3) local (s, u, v) mm to (..., 3) LPS mm."""
        s, u, v = np.moveaxis(np.asarray(local_mm, dtype=np.float64), -1, 0)
        x0, y0, z0, cos, sin, splay = self.placement
        node = (s + AXIS_REACH_MM) / AXIS_STEP_MM
        grid = np.arange(len(self.axis))
        y, z, slope_sin, slope_cos = (np.interp(node, grid, self.axis[:, column]) for column in range(4))
        across, back = cos * u - sin * v, sin * u + cos * v
        return np.stack([x0 + splay * s + across, y0 + y + back * slope_cos, z0 + z - back * slope_sin], axis=-1)


def _axis_table(flexion: float, bend_mm: float) -> Float64:
    s = np.arange(-AXIS_REACH_MM, AXIS_REACH_MM + AXIS_STEP_MM / 2, AXIS_STEP_MM)
    slope = 0.5 * flexion * s / np.hypot(s, bend_mm)
    steps_y = np.concatenate([[0.0], 0.5 * AXIS_STEP_MM * (np.sin(slope[1:]) + np.sin(slope[:-1]))])
    steps_z = np.concatenate([[0.0], 0.5 * AXIS_STEP_MM * (np.cos(slope[1:]) + np.cos(slope[:-1]))])
    y, z = np.cumsum(steps_y), np.cumsum(steps_z)
    middle = len(s) // 2
    return np.stack([y - y[middle], z - z[middle], np.sin(slope), np.cos(slope)], axis=1)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def to_local_point(x, y, z, axis, placement):  # type: ignore[no-untyped-def]
    """Local (s, u, v) of one LPS point: Newton steps on the foot point of the axis."""
    dy = y - placement[1]
    dz = z - placement[2]
    s = dz
    last = axis.shape[0] - 2
    ay = az = 0.0
    sn = 0.0
    cs = 1.0
    for _ in range(NEWTON_STEPS):
        node = (s + AXIS_REACH_MM) / AXIS_STEP_MM
        i = min(max(int(node), 0), last)
        t = node - i
        ay = axis[i, 0] + t * (axis[i + 1, 0] - axis[i, 0])
        az = axis[i, 1] + t * (axis[i + 1, 1] - axis[i, 1])
        sn = axis[i, 2] + t * (axis[i + 1, 2] - axis[i, 2])
        cs = axis[i, 3] + t * (axis[i + 1, 3] - axis[i, 3])
        s += (dy - ay) * sn + (dz - az) * cs
    back = (dy - ay) * cs - (dz - az) * sn
    across = x - placement[0] - placement[5] * s
    return s, placement[3] * across + placement[4] * back, placement[3] * back - placement[4] * across


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _points_to_local(points, axis, placement):  # type: ignore[no-untyped-def]
    out = np.empty_like(points)
    for i in range(points.shape[0]):
        out[i] = to_local_point(points[i, 0], points[i, 1], points[i, 2], axis, placement)
    return out


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def lattice_to_local(affine, start, shape, axis, placement):  # type: ignore[no-untyped-def]
    """Local coordinates, float32 (3, slice, row, column), of a box of a lattice that begins at index ``start``.

    Rows of the lattice run along x, so the axis is searched once a row.
    """
    out = np.empty((3, shape[0], shape[1], shape[2]), dtype=np.float32)
    cos, sin = placement[3], placement[4]
    for k in range(shape[0]):
        for j in range(shape[1]):
            b, c = start[1] + j, start[0] + k
            x = affine[0, 1] * b + affine[0, 2] * c + affine[0, 3]
            y = affine[1, 1] * b + affine[1, 2] * c + affine[1, 3]
            z = affine[2, 1] * b + affine[2, 2] * c + affine[2, 3]
            s, u, v = to_local_point(x, y, z, axis, placement)
            for i in range(shape[2]):
                step = affine[0, 0] * (start[2] + i)
                out[0, k, j, i] = s
                out[1, k, j, i] = u + cos * step
                out[2, k, j, i] = v - sin * step
    return out
