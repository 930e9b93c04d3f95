"""Where the edge of a blurred body truly lies, from the mean profile across its outline.

A body's thickness along the rays falls to nothing at its edge: as a root wherever its surface is smooth, over the whole of a ball
and over a short stretch of a plaque seen from above. Blur spreads both, and the place where brightness falls fastest lies at the
edge of a plaque but inside that of a ball. The model is thickness = height x (2u/r - (u/r)^2)^power down to the depth r of the
rounded rim and flat beyond, u the depth inside the edge, blurred by a Gaussian; height, blur, rim and the shift of the edge are
taken from the profile. All shifts that the profile allows are weighed, so that what blur and rim leave open becomes an
uncertainty of the edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter1d

from calciscope.measure.films.view import Mask, Values

Profile = NDArray[np.float64]
BIN = 0.5  # samples
# Depth of the rounded rim as a share of the body's, and the power of the thickness: plates, ellipsoids, and a body between box and
# ellipsoid.
SHAPES = ((0.0, 0.5), (0.1, 0.5), (0.3, 0.5), (0.6, 0.5), (1.0, 0.5), (1.0, 0.25))
BLURS = tuple(float(blur) for blur in np.geomspace(0.4, 6.0, 16))  # samples, standard deviation
SHIFTS = np.arange(-3.0, 3.01, 0.1)  # samples, outward
STEP = 0.05  # samples, of the model before it is blurred
LEAST_BINS = 6
LEAST_SHIFT_UNCERTAINTY = 0.15  # samples; judgement: of an outline on a lattice, and of bodies that are no ellipsoids
LEAST_MISFIT = 0.02  # of the height; judgement: no body is closer to the model


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How far the edge lies outside the outline, in samples, with its standard uncertainty; the blur (standard deviation)."""

    shift: float
    uncertainty: float
    blur: float


def edge_of(excess: Values, inside: Mask, *, margin: float) -> Edge:
    """The edge by the mean profile of ``excess`` (background taken away) across the outline of ``inside``."""
    depth = np.asarray(distance_transform_edt(inside))
    away = np.asarray(distance_transform_edt(~inside))
    radius = float(depth.max())
    place = np.where(inside, 0.5 - depth, away - 0.5)
    inner = max(2.0, min(0.9 * radius, margin))
    centres, profile, spread = _profile(excess, place, inner, margin)
    if len(centres) < LEAST_BINS:
        return Edge(shift=0.0, uncertainty=0.5, blur=1.0)
    return _weighed(centres, profile, spread, radius)


def _profile(excess: Values, place: Profile, inner: float, margin: float) -> tuple[Profile, Profile, Profile]:
    """Bin centres (outward), mean excess in each, and the standard error of that mean."""
    used = (place >= -inner) & (place < margin)
    number = np.floor((place[used] + inner) / BIN).astype(int)
    values = excess[used].astype(np.float64)
    count = np.bincount(number)
    held = count > 0
    sums, squares = np.bincount(number, values), np.bincount(number, values**2)
    where = np.bincount(number, place[used])
    mean = sums[held] / count[held]
    variance = np.maximum(squares[held] / count[held] - mean**2, 0.0)
    return where[held] / count[held], mean, np.sqrt(variance / count[held])


def _weighed(centres: Profile, profile: Profile, spread: Profile, radius: float) -> Edge:
    """Mean and spread of the shift over all models, each weighed by how well it fits."""
    height = max(float(profile.max()), 1e-6)
    error = np.hypot(spread, LEAST_MISFIT * height)
    places, blurs, misfits = [], [], []
    for rim, power in SHAPES:
        for blur in BLURS:
            model = _models(centres, max(rim * radius, STEP), power, blur)
            weight = 1 / error**2
            scale = (model * profile * weight).sum(axis=1) / np.maximum((model**2 * weight).sum(axis=1), 1e-12)
            rest = ((profile - scale[:, None] * model) ** 2 * weight).sum(axis=1)
            places.append(SHIFTS)
            blurs.append(np.full(len(SHIFTS), blur))
            misfits.append(rest)
    shift, width, misfit = (np.concatenate(part) for part in (places, blurs, misfits))
    free = max(1, len(centres) - 4)
    best = float(misfit.min())
    chance = np.exp(-0.5 * (misfit - best) / max(1.0, best / free))
    chance /= chance.sum()
    middle = float((chance * shift).sum())
    spread_of_shift = float(np.sqrt((chance * (shift - middle) ** 2).sum()))
    return Edge(
        shift=middle,
        uncertainty=max(spread_of_shift, LEAST_SHIFT_UNCERTAINTY),
        blur=float((chance * width).sum()),
    )


def _models(centres: Profile, rim: float, power: float, blur: float) -> NDArray[np.float64]:
    """The model at the bin centres for every shift, [shift, bin]."""
    reach = 4 * blur + 1.0
    first, last = centres[0] - SHIFTS[-1] - reach, centres[-1] - SHIFTS[0] + reach
    fine = np.arange(first, last, STEP)
    inward = np.clip(-fine / rim, 0.0, 1.0)
    thickness = np.where(fine < 0, np.maximum(2 * inward - inward**2, 1e-9) ** power, 0.0)
    soft = gaussian_filter1d(thickness, blur / STEP, mode="nearest")
    return np.asarray(np.interp(centres[None, :] - SHIFTS[:, None], fine, soft))
