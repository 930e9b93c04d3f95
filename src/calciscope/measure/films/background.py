"""What a film would show where a deposit lies if the deposit were not there: the smoothest surface through its surroundings.

The surface solves Laplace's equation inside a margin around the deposit, with the film's own (slightly smoothed) values on that
margin. A bone edge that crosses the deposit is carried over from one side to the other, softened in between; how far the surface
may be wrong is taken from its distance to the plane through the same margin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation, distance_transform_edt, map_coordinates
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from calciscope.measure.films.view import Mask, Values, smoothed

RING_SMOOTHING = 1.5  # samples; noise of single pixels on the margin would draw streaks through the surface
TREND_ROUNDS, TREND_KEEPS = (
    3,
    1.5,
)  # fits, and standard deviations above a fit up to which a sample counts as background
MOST_UNKNOWN = 3000  # samples solved for at once: a tenth of a second
STRUCTURE_BETWEEN = (5, 95)  # per cent
RING_SAMPLES = 3  # width of the margin for the plane


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """The surface [row, column], and the standard uncertainty of its mean under the deposit.

    ``structure``: by how much what lies around departs from a plane, 5 to 95 %: the step of a bone's edge that passes near.
    """

    values: Values
    uncertainty: float
    structure: float = 0.0


def background_under(values: Values, deposit: Mask, margin: float) -> Background:
    """The surface under the deposit and ``margin`` samples around it; elsewhere the values themselves, smoothed."""
    unknown = np.asarray(distance_transform_edt(~deposit) <= margin, dtype=bool)
    known = smoothed(values, RING_SMOOTHING)
    surface = known.copy()
    surface[unknown] = _coarsely(known, unknown)[unknown]
    ring = np.asarray(binary_dilation(unknown, iterations=RING_SAMPLES), dtype=bool) & ~unknown
    if ring.sum() < 3:
        return Background(values=surface, uncertainty=0.0)
    plane, rest, structure = _plane(known, ring)
    apart = float(np.sqrt(np.mean((surface - plane)[deposit] ** 2)))
    uncertainty = float(np.hypot(apart / 2, rest / np.sqrt(RING_SAMPLES)))
    return Background(values=surface, uncertainty=uncertainty, structure=structure)


def trend(values: Values) -> Values:
    """The quadratic surface through a window by least squares, without what stands out from a first fit: a limb's own form."""
    down, across = (np.linspace(-1, 1, side) for side in values.shape)
    y, x = np.meshgrid(down, across, indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    flat = values.astype(np.float64).ravel()
    used = np.ones(len(flat), dtype=bool)
    for _ in range(TREND_ROUNDS):
        fitted, *_ = np.linalg.lstsq(terms[used], flat[used], rcond=None)
        rest = flat - terms @ fitted
        used = rest < TREND_KEEPS * np.std(rest[used])
    return np.asarray((terms @ fitted).reshape(values.shape), dtype=np.float32)


def _plane(values: Values, ring: Mask) -> tuple[Values, float, float]:
    """The plane through the margin by least squares, the standard deviation around it over the root of its length, and its range."""
    rows, columns = np.nonzero(ring)
    terms = np.column_stack([np.ones(len(rows)), rows, columns])
    fitted, *_ = np.linalg.lstsq(terms, values[ring].astype(np.float64), rcond=None)
    down, across = np.indices(values.shape)
    plane = np.asarray(fitted[0] + fitted[1] * down + fitted[2] * across, dtype=np.float32)
    apart = values[ring] - plane[ring]
    structure = float(np.ptp(np.percentile(apart, STRUCTURE_BETWEEN)))
    return plane, float(np.std(apart)) / max(1.0, np.sqrt(ring.sum() / RING_SAMPLES / 4)), structure


def _coarsely(values: Values, unknown: Mask) -> Values:
    """The solution on blocks where there is much to solve: it is smooth, so that little is lost."""
    factor = max(1, round(np.sqrt(unknown.sum() / MOST_UNKNOWN)))
    if factor == 1:
        solved = values.copy()
        solved[unknown] = _laplace(values, unknown)
        return solved
    rows, columns = (-(-side // factor) * factor for side in values.shape)
    room = ((0, rows - values.shape[0]), (0, columns - values.shape[1]))
    shape = (rows // factor, factor, columns // factor, factor)
    blocks = np.pad(values, room, mode="edge").reshape(shape).mean(axis=(1, 3))
    hidden = np.asarray(np.pad(unknown, room, mode="edge").reshape(shape).any(axis=(1, 3)), dtype=bool)
    blocks[hidden] = _laplace(blocks, hidden)
    places = [(np.arange(side) - (factor - 1) / 2) / factor for side in values.shape]
    grid = np.meshgrid(*places, indexing="ij")
    return np.asarray(map_coordinates(blocks, grid, order=1, mode="nearest"), dtype=np.float32)


def _laplace(values: Values, unknown: Mask) -> np.ndarray:
    """Values inside that are each the mean of their neighbours; a border of the window counts as no neighbour."""
    number = np.full(values.shape, -1, dtype=np.int64)
    number[unknown] = np.arange(int(unknown.sum()))
    rows, columns = np.nonzero(unknown)
    count = len(rows)
    right, degree = np.zeros(count), np.zeros(count)
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    for down, across in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        beside = rows + down, columns + across
        held = (beside[0] >= 0) & (beside[0] < values.shape[0]) & (beside[1] >= 0) & (beside[1] < values.shape[1])
        own = np.arange(count)[held]
        there = beside[0][held], beside[1][held]
        degree[own] += 1
        inner = number[there] >= 0
        pairs.append((own[inner], number[there][inner]))
        np.add.at(right, own[~inner], values[there][~inner])
    first, second = (np.concatenate([pair[k] for pair in pairs]) for k in (0, 1))
    place = np.concatenate([np.arange(count), first]), np.concatenate([np.arange(count), second])
    matrix = coo_matrix((np.concatenate([degree, -np.ones(len(first))]), place), shape=(count, count)).tocsr()
    return np.asarray(spsolve(matrix, right), dtype=np.float32)
