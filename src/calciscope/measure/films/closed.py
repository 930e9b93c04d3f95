"""What is brighter than a level and hangs together with a point: and the level at which its edge is steepest.

Such pieces are nested: the lower the level, the larger the piece, until it leaks out of the window. Among them the edge of a
body is the one along which brightness falls fastest on average; that needs no threshold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_erosion, binary_fill_holes, label

from calciscope.measure.films.view import Mask, Values

LEVELS = 48
SHALLOW_PERCENTILE = 10  # of the steepness along an edge
LEAST_SAMPLES = 6  # a piece of fewer has no edge to speak of


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A closed piece [row, column], the level it was cut at, the mean steepness along its edge, and how even that is.

    ``evenness``: the steepness that nine tenths of the edge reach, over the mean. A body's edge is steep all around; a piece that
    leaked along a bone runs through shallow stretches.
    """

    inside: Mask
    level: float
    steepness: float
    evenness: float

    @property
    def all_around(self) -> float:
        """Steepness of the edge as a whole: the geometric mean of its mean and of its shallow parts."""
        return self.steepness * math.sqrt(self.evenness)


def piece_at(values: Values, seed: tuple[int, int], level: float) -> Mask | None:
    """The piece above ``level`` that holds the seed, its holes filled; None where the seed lies below."""
    above = values > level
    if not above[seed]:
        return None
    parts, _ = label(above)
    return np.asarray(binary_fill_holes(parts == parts[seed]), dtype=bool)


def rim_of(inside: Mask) -> Mask:
    """Samples of the piece that lie at its edge."""
    return inside & ~np.asarray(binary_erosion(inside), dtype=bool)


def piece_of(inside: Mask, level: float, slope: Values) -> Piece:
    """The piece with what its edge is like, from the steepness of every sample."""
    along = slope[rim_of(inside)]
    mean = float(along.mean())
    shallow = float(np.percentile(along, SHALLOW_PERCENTILE))
    return Piece(inside=inside, level=level, steepness=mean, evenness=shallow / max(mean, 1e-9))


def leaks(inside: Mask) -> bool:
    """Whether the piece touches the border of the window."""
    return bool(inside[0].any() or inside[-1].any() or inside[:, 0].any() or inside[:, -1].any())


def pieces(
    values: Values, slope: Values, seed: tuple[int, int], *, floor: float, least_slope: float = 0.0
) -> list[Piece]:
    """Pieces around the seed from the highest level to the last that closes; none lower than ``floor``, none less steep."""
    found: list[Piece] = []
    top = float(values[seed])
    for level in np.linspace(top, floor, LEVELS, endpoint=False)[1:]:
        inside = piece_at(values, seed, float(level))
        if inside is None:
            continue
        if leaks(inside):
            break
        if inside.sum() >= LEAST_SAMPLES:
            piece = piece_of(inside, float(level), slope)
            if piece.steepness > least_slope:
                found.append(piece)
    return found


def steepest(found: list[Piece]) -> Piece | None:
    """The piece with the steepest edge all around; the larger of equals."""
    return max(found, key=lambda piece: (piece.all_around, piece.inside.sum()), default=None)
