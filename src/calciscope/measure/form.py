"""The form of a deposit in continuous descriptors, from which its shape class is read.

Nothing here presumes a straight deposit: a sheet that follows a curved fascia is flat nearby, a bent line is linear nearby.
Nearness is a ball of a quarter of the deposit's length; in it the principal axes of the mineral tell line, sheet and lump
apart (dimensionality features of point clouds, Demantke et al. 2011, memory). Branching is counted on a Reeb graph: how many
separate pieces the deposit has, on average, at one distance along it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from calciscope.terms.geometry import Bool, Float64

# The ball in which a deposit looks like a line, a sheet or a lump: a quarter of its length within these limits (judgement).
BALL_SHARE = 0.25
BALL_MM = (4.0, 12.0)
# Balls looked at, and points kept: enough for a mean steady within some percent (judgement).
BALLS = 60
MOST_POINTS = 10_000
# Width of a band of equal distance along the deposit on the Reeb graph: two voxels of a 1 mm scan, at least two voxels.
BAND_MM = 2.5
# A uniform slab of thickness t has the variance t^2 / 12 across it.
SLAB = 12.0

NEIGHBOURS = [(dz, dy, dx) for dz in (-1, 0, 1) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dz, dy, dx) > (0, 0, 0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Descriptors of a form; shares of line, sheet and lump add up to one.

    ``extents_mm``: lengths along the principal axes, falling; ``thickness_mm``: mean local thickness of a slab of the same
    spread; ``branches``: separate pieces at one distance along the deposit, 1 for a plain line, sheet or lump; ``pieces``:
    unconnected parts; ``largest_piece``: share of the largest of them.
    """

    extents_mm: tuple[float, float, float]
    thickness_mm: float
    line: float
    sheet: float
    lump: float
    branches: float
    pieces: int
    largest_piece: float


def form_of(core: Bool, points_mm: Float64, weights: Float64, spacing_mm: tuple[float, float, float]) -> Form:
    """Describe a deposit by its core voxels and its weighted mineral (n, 3) in mm."""
    step = -(-len(points_mm) // MOST_POINTS)
    points, mass = points_mm[::step], weights[::step]
    extents = principal_extents_mm(points, mass)
    local = _local_variances(points, mass, float(np.clip(extents[0] * BALL_SHARE, *BALL_MM)))
    deviation = np.sqrt(local)
    first = np.maximum(deviation[:, 0], 1e-9)
    line, sheet = (deviation[:, 0] - deviation[:, 1]) / first, (deviation[:, 1] - deviation[:, 2]) / first
    pieces, largest, branches = _reeb(core, spacing_mm)
    return Form(
        extents_mm=extents,
        thickness_mm=float(np.sqrt(SLAB * local[:, 2].mean())),
        line=float(line.mean()),
        sheet=float(sheet.mean()),
        lump=float(1 - line.mean() - sheet.mean()),
        branches=branches,
        pieces=pieces,
        largest_piece=largest,
    )


def principal_extents_mm(points_mm: Float64, weights: Float64) -> tuple[float, float, float]:
    """Lengths of the uniform box with the same spread along the principal axes, falling, mm."""
    a, b, c = (float(mm) for mm in np.sqrt(SLAB * _variances(points_mm, weights)))
    return a, b, c


def _variances(points: Float64, weights: Float64) -> Float64:
    """Three variances along the principal axes, falling, mm2."""
    share = weights / weights.sum()
    centred = points - share @ points
    spread = (centred * share[:, None]).T @ centred
    return np.maximum(np.linalg.eigvalsh(spread)[::-1], 0.0)


def _local_variances(points: Float64, mass: Float64, radius_mm: float) -> Float64:
    """(balls, 3) variances in balls around evenly picked points of the deposit, falling, mm2."""
    picked = points[np.linspace(0, len(points) - 1, min(BALLS, len(points))).astype(int)]
    spread = _spreads(np.ascontiguousarray(points), np.ascontiguousarray(mass), picked, radius_mm)
    return np.maximum(np.linalg.eigvalsh(spread)[:, ::-1], 0.0)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _spreads(points, mass, picked, radius):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """(n, 3, 3) covariance of the mass in a ball around each picked point."""
    spreads = np.empty((len(picked), 3, 3))
    for k in range(len(picked)):
        total = 0.0
        first = np.zeros(3)
        second = np.zeros((3, 3))
        for p in range(len(points)):
            a, b, c = points[p, 0] - picked[k, 0], points[p, 1] - picked[k, 1], points[p, 2] - picked[k, 2]
            if a * a + b * b + c * c > radius * radius:
                continue
            w = mass[p]
            total += w
            away = (a, b, c)
            for i in range(3):
                first[i] += w * away[i]
                for j in range(3):
                    second[i, j] += w * away[i] * away[j]
        for i in range(3):
            for j in range(3):
                spreads[k, i, j] = second[i, j] / total - first[i] * first[j] / (total * total)
    return spreads


def _reeb(core: Bool, spacing_mm: tuple[float, float, float]) -> tuple[int, float, float]:
    """Number of pieces, share of the largest, and mean number of separate parts at one distance along a piece."""
    step = max(1, round((int(core.sum()) / MOST_POINTS) ** (1 / 3)))
    core = core[::step, ::step, ::step] if step > 1 else core
    voxels = np.argwhere(core)
    if len(voxels) < 2:
        return 1, 1.0, 1.0
    mm = np.array(spacing_mm) * step
    start, end, length = _edges(core, voxels, mm)
    size = (len(voxels), len(voxels))
    graph = coo_array((length, (start, end)), shape=size).tocsr()
    pieces, piece = connected_components(graph, directed=False)
    distance = _along(graph, piece, pieces, voxels * mm)
    band = np.floor(distance / max(BAND_MM, 2 * float(mm.max()))).astype(int)
    same = band[start] == band[end]
    parts, part = connected_components(coo_array((length[same], (start[same], end[same])), shape=size), directed=False)
    return pieces, float(np.bincount(piece).max() / len(voxels)), _mean_parts(piece, band, part, parts)


def _edges(core: Bool, voxels: np.ndarray, mm: Float64) -> tuple[np.ndarray, np.ndarray, Float64]:  # type: ignore[type-arg]
    """Edges between the 26 neighbours: first and second voxel's number, and their distance."""
    number = np.full(tuple(n + 2 for n in core.shape), -1)
    number[tuple((voxels + 1).T)] = np.arange(len(voxels))
    firsts, seconds, lengths = [], [], []
    for offset in NEIGHBOURS:
        other = number[tuple((voxels + 1 + offset).T)]
        first = np.flatnonzero(other >= 0)
        firsts.append(first)
        seconds.append(other[first])
        lengths.append(np.full(len(first), float(np.linalg.norm(mm * offset))))
    return np.concatenate(firsts), np.concatenate(seconds), np.concatenate(lengths)


def _along(graph: coo_array, piece: np.ndarray, pieces: int, points: Float64) -> Float64:  # type: ignore[type-arg]
    """Distance inside the deposit from one end of its piece."""
    ends = []
    for index in range(pieces):
        members = np.flatnonzero(piece == index)
        centre = points[members].mean(axis=0)
        ends.append(members[int(np.argmax(((points[members] - centre) ** 2).sum(axis=1)))])
    return np.asarray(dijkstra(graph, directed=False, indices=ends, min_only=True), dtype=np.float64)


def _mean_parts(piece: np.ndarray, band: np.ndarray, part: np.ndarray, parts: int) -> float:  # type: ignore[type-arg]
    """Number of parts in a voxel's own band and piece, averaged over voxels."""
    level = np.unique(np.stack([piece, band]), axis=1, return_inverse=True)[1].ravel()
    first_of_part = np.zeros(parts, dtype=int)
    first_of_part[part] = level
    parts_at = np.bincount(first_of_part, minlength=level.max() + 1)
    return float(parts_at[level].mean())
