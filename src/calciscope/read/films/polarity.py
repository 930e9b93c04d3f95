"""Whether a picture of a radiograph shows dense as bright or as dark, where its file does not say.

Two signs (judgement, looked at on 20 pelvic radiographs and crops of them): a limb or a trunk is denser than what lies around it, so
the middle is brighter than the rim; and bones are narrow bright structures on a wide darker ground, so what is left after a wide
blur is taken away is skewed upward. Flat areas at the ends of the range (shutters, paper, burnt air) are no sign: they come in
either colour.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from calciscope.read.films.shades import averaged
from calciscope.terms.film import Shades

SAMPLES = 160  # a side: nothing finer decides
ENDS = (1.0, 99.0)  # per cent of the shades, between which all is spread
FLAT = 0.01  # of that range: nearer to an end is flat
LEAST_USED = 0.3  # of the picture: less of it that is not flat shows nothing
RIM = 0.04  # of the shorter side
FINE, WIDE = 1.5, 10.0  # samples, of the blurs between which a bone's width lies
OF_RIM, OF_SKEW = 2.0, 0.5  # weights of the signs
MOST_SKEW = 0.5  # so that one bright mark, or the skin against air, does not decide
SURE = 0.15  # of their sum; below it nothing is said


class Polarity(StrEnum):
    """What is bright."""

    DENSE_BRIGHT = "dense_bright"
    DENSE_DARK = "dense_dark"
    NOT_CLEAR = "not_clear"


def polarity_of(shades: Shades) -> Polarity:
    """What the picture looks like; a guess that a person may turn."""
    small = averaged(shades, max(1, max(shades.shape) // SAMPLES)).astype(np.float32)
    low, high = np.percentile(small, ENDS)
    if high <= low:
        return Polarity.NOT_CLEAR
    spread = np.clip((small - low) / (high - low), 0.0, 1.0)
    used = (spread > FLAT) & (spread < 1 - FLAT)
    if used.mean() < LEAST_USED:
        return Polarity.NOT_CLEAR
    sign = OF_RIM * _middle_over_rim(spread, used) + OF_SKEW * _skew(spread, used)
    if abs(sign) < SURE:
        return Polarity.NOT_CLEAR
    return Polarity.DENSE_BRIGHT if sign > 0 else Polarity.DENSE_DARK


def _middle_over_rim(spread: NDArray[np.float32], used: NDArray[np.bool_]) -> float:
    """Median of the inner three fifths less that of the rim, both of what is not flat."""
    rows, columns = (np.flatnonzero(used.any(axis=axis)) for axis in (1, 0))
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    spread, used = spread[part], used[part]
    edge = max(2, round(RIM * min(spread.shape)))
    rim, middle = used.copy(), np.zeros_like(used)
    rim[edge:-edge, edge:-edge] = False
    down, across = (side // 5 for side in spread.shape)
    middle[down : spread.shape[0] - down, across : spread.shape[1] - across] = True
    middle &= used
    if not rim.any() or not middle.any():
        return 0.0
    return float(np.median(spread[middle]) - np.median(spread[rim]))


def _skew(spread: NDArray[np.float32], used: NDArray[np.bool_]) -> float:
    """Skewness of structures as wide as bones."""
    rest = (_blurred(spread, used, FINE) - _blurred(spread, used, WIDE))[used]
    deviation = float(rest.std())
    if deviation <= 0:
        return 0.0
    return float(np.clip(np.mean(((rest - rest.mean()) / deviation) ** 3), -MOST_SKEW, MOST_SKEW))


def _blurred(spread: NDArray[np.float32], used: NDArray[np.bool_], sigma: float) -> NDArray[np.float32]:
    """A blur that takes nothing from what is flat."""
    weight = gaussian_filter(used.astype(np.float32), sigma)
    return np.asarray(gaussian_filter(np.where(used, spread, 0.0), sigma) / np.maximum(weight, 1e-3), dtype=np.float32)
