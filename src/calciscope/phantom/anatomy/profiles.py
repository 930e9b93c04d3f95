"""Smooth profiles through a few stations, and the closed ends of bones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Float64 = NDArray[np.float64]
Profile = Callable[[Float64], Float64]
Nodes = Mapping[float, float]  # station mm -> value


def profile(nodes: Nodes, scale: float = 1.0) -> Profile:
    """Monotone cubic through ``{station mm: value}``, constant beyond; ``scale`` multiplies the stations only."""
    s = np.array(sorted(nodes)) * scale
    curve = PchipInterpolator(s, [nodes[key] for key in sorted(nodes)])

    def at(station: Float64) -> Float64:
        return np.asarray(curve(np.clip(station, s[0], s[-1])), dtype=np.float64)

    return at


def dome(s: Float64, start_mm: float, end_mm: float, depth_mm: float) -> Float64:
    """Factor 0..1 that rounds off both ends of a tube over ``depth_mm``, as an ellipsoid would."""
    inward = np.clip(np.minimum(s - start_mm, end_mm - s) / depth_mm, 0.0, 1.0)
    return np.sqrt(inward * (2.0 - inward))
