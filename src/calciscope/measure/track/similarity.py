"""Rotation, shift and scale of one bone, fitted to surfaces and deposits by damped least squares that forgive strangers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from calciscope.measure.track.field import SurfaceField
from calciscope.terms.geometry import Float64

STEPS = 25
"""Steps of a fit at most; it has settled by then (measured on phantoms: 6 to 15)."""
SETTLED_MM = 0.01
"""A step that moves the bone less than this ends the fit: a hundredth of what is asked of it."""
POINTS_PER_FACT = 10.0
"""Neighbouring points of a surface repeat each other: about ten of them tell one thing (judgement: points lie 2 mm apart,
errors of the anatomy map reach over two voxels)."""

FORGIVE = 3.0
"""Residuals beyond this many SDs lose their pull; costs count in that unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfacePull:
    """Points (n, 3) of the baseline, their signed distance (mm) from a surface, and the same surface in the follow-up.

    ``sd_mm``: how far such a surface is usually off; residuals beyond ``forgive_mm`` lose their pull.
    """

    points_mm: Float64
    depth_mm: Float64
    field: SurfaceField
    sd_mm: float
    forgive_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePull:
    """Centres of deposits then (n, 3) and now (m, 3): each pulls towards the nearest one, unless none is near."""

    then_mm: Float64
    now_mm: Float64
    sd_mm: float
    forgive_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Freedom:
    """How far a fit may leave its start, 1 SD: shift (mm), turn (radian), logarithm of the scale (0: it is kept)."""

    shift_mm: float
    turn_rad: float
    log_scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted 4 x 4 matrix, the cost it ended at (per fact, forgiving), and the covariance of shift, turn and scale."""

    matrix: Float64
    cost: float
    covariance: Float64


def moved(matrix: Float64, points_mm: Float64) -> Float64:
    """(n, 3) points through a 4 x 4 matrix."""
    return np.asarray(points_mm @ matrix[:3, :3].T + matrix[:3, 3], dtype=np.float64)


def scale_of(matrix: Float64) -> float:
    """Length after over length before."""
    return float(np.cbrt(np.linalg.det(matrix[:3, :3])))


def turned(matrix: Float64, about_mm: Float64, turn: Rotation) -> Float64:
    """``matrix`` followed by a turn about a point of the baseline, taken where the matrix puts it."""
    pivot = moved(matrix, about_mm[None, :])[0]
    after = np.eye(4)
    after[:3, :3] = turn.as_matrix()
    after[:3, 3] = pivot - after[:3, :3] @ pivot
    return np.asarray(after @ matrix, dtype=np.float64)


def fit(
    start: Float64,
    centre_mm: Float64,
    surfaces: Sequence[SurfacePull],
    places: PlacePull | None,
    freedom: Freedom,
    *,
    steps: int = STEPS,
) -> Fit:
    """The matrix near ``start`` that the pulls agree on best; ``centre_mm`` is the middle of what is fitted (baseline)."""
    tree = None if places is None or not len(places.now_mm) or not len(places.then_mm) else cKDTree(places.now_mm)
    prior = _prior(freedom)
    matrix, gone = start.copy(), np.zeros(7)
    best: Fit | None = None
    for _ in range(steps):
        normal, pull, cost = np.diag(prior), -prior * gone, 0.5 * float((prior * gone**2).sum()) / FORGIVE**2
        facts = 1.0
        for surface in surfaces:
            facts += _add_surface(surface, matrix, centre_mm, normal, pull)
        if places is not None and tree is not None:
            facts += _add_places(places, tree, matrix, centre_mm, normal, pull)
        cost = cost_of(matrix, surfaces, places, tree) + cost / facts
        covariance: Float64 = np.asarray(np.linalg.inv(normal), dtype=np.float64)
        if best is None or cost < best.cost:
            best = Fit(matrix=matrix, cost=cost, covariance=covariance)
        step = covariance @ pull
        matrix = _stepped(matrix, centre_mm, step)
        gone = gone + step
        if float(np.abs(step[:3]).max()) < SETTLED_MM and float(np.abs(step[3:]).max()) < SETTLED_MM / 100.0:
            break
    final = cost_of(matrix, surfaces, places, tree)
    if best is None or final <= best.cost:
        return Fit(matrix=matrix, cost=final, covariance=covariance)
    return best


def cost_of(
    matrix: Float64, surfaces: Sequence[SurfacePull], places: PlacePull | None, tree: cKDTree | None = None
) -> float:
    """Mean forgiving cost per fact: 0 where all agree, 0.5 where nothing does; what lies out of view does not count."""
    total, facts = 0.0, 0.0
    for surface in surfaces:
        value, _, inside = surface.field.at(moved(matrix, surface.points_mm))
        residual = (value - scale_of(matrix) * surface.depth_mm)[inside] / surface.forgive_mm
        total += float((0.5 * residual**2 / (1.0 + residual**2)).sum()) / POINTS_PER_FACT
        facts += len(residual) / POINTS_PER_FACT
    if places is not None and len(places.then_mm) and len(places.now_mm):
        tree = tree or cKDTree(places.now_mm)
        away = tree.query(moved(matrix, places.then_mm))[0] / places.forgive_mm
        total += float((0.5 * away**2 / (1.0 + away**2)).sum())
        facts += len(away)
    return total / facts if facts >= 1.0 else 0.5


def _prior(freedom: Freedom) -> Float64:
    frozen = 1e12
    scale = frozen if freedom.log_scale <= 0 else freedom.log_scale**-2
    return np.array([freedom.shift_mm**-2] * 3 + [freedom.turn_rad**-2] * 3 + [scale])


def _add_surface(pull: SurfacePull, matrix: Float64, centre_mm: Float64, normal: Float64, right: Float64) -> float:
    """Add the surface's normal equations; returns how many facts it gave."""
    points = moved(matrix, pull.points_mm)
    value, slope, inside = pull.field.at(points)
    scaled = scale_of(matrix) * pull.depth_mm
    residual = value - scaled
    weight = inside / (1.0 + (residual / pull.forgive_mm) ** 2) ** 2 / pull.sd_mm**2 / POINTS_PER_FACT
    arm = points - moved(matrix, centre_mm[None, :])[0]
    columns = np.concatenate([slope, np.cross(arm, slope), ((slope * arm).sum(axis=1) - scaled)[:, None]], axis=1)
    normal += columns.T @ (columns * weight[:, None])
    right -= columns.T @ (weight * residual)
    return float(inside.sum()) / POINTS_PER_FACT


def _add_places(
    pull: PlacePull, tree: cKDTree, matrix: Float64, centre_mm: Float64, normal: Float64, right: Float64
) -> float:
    points = moved(matrix, pull.then_mm)
    away, nearest = tree.query(points)
    weight = 1.0 / (1.0 + (away / pull.forgive_mm) ** 2) ** 2 / pull.sd_mm**2
    residual = points - pull.now_mm[nearest]
    arm = points - moved(matrix, centre_mm[None, :])[0]
    for axis in range(3):
        unit = np.zeros((len(points), 3))
        unit[:, axis] = 1.0
        columns = np.concatenate([unit, np.cross(arm, unit), arm[:, axis : axis + 1]], axis=1)
        normal += columns.T @ (columns * weight[:, None])
        right -= columns.T @ (weight * residual[:, axis])
    return float(len(points))


def _stepped(matrix: Float64, centre_mm: Float64, step: Float64) -> Float64:
    pivot = moved(matrix, centre_mm[None, :])[0]
    after = np.eye(4)
    after[:3, :3] = Rotation.from_rotvec(step[3:6]).as_matrix() * np.exp(step[6])
    after[:3, 3] = pivot + step[:3] - after[:3, :3] @ pivot
    return np.asarray(after @ matrix, dtype=np.float64)
