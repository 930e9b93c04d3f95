"""Forms of deposits as continuous shapes in patient space, each with its volume and how that volume was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

Float64 = NDArray[np.float64]


class Solid(Protocol):
    """A body in LPS mm. ``distance`` is negative inside and true to first order at the surface."""

    @property
    def volume_mm3(self) -> float:
        """Exact volume."""
        ...

    @property
    def method(self) -> str:
        """How the volume was found."""
        ...

    @property
    def feature_mm(self) -> float:
        """Smallest thickness: sampling must be finer."""
        ...

    @property
    def bounds_mm(self) -> Float64:
        """(2, 3) corners of the bounding box."""
        ...

    @property
    def centre_mm(self) -> Float64:
        """Centre of mass."""
        ...

    def distance(self, lps_mm: Float64) -> Float64:
        """(N, 3) points to signed distances in mm."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sphere:
    """A ball."""

    centre: tuple[float, float, float]
    radius_mm: float

    @property
    def volume_mm3(self) -> float:
        """4/3 pi r^3."""
        return float(4.0 / 3.0 * np.pi * self.radius_mm**3)

    @property
    def method(self) -> str:
        """Closed form."""
        return "analytic"

    @property
    def feature_mm(self) -> float:
        """Diameter."""
        return 2 * self.radius_mm

    @property
    def bounds_mm(self) -> Float64:
        """Cube around the ball."""
        return np.array([np.array(self.centre) - self.radius_mm, np.array(self.centre) + self.radius_mm])

    @property
    def centre_mm(self) -> Float64:
        """Its centre."""
        return np.array(self.centre)

    def distance(self, lps_mm: Float64) -> Float64:
        """Distance to the surface."""
        return np.asarray(np.linalg.norm(lps_mm - np.array(self.centre), axis=-1) - self.radius_mm)


LOBES = ((2, 0), (2, 2), (3, 1), (3, 3), (4, 2))
QUADRATURE = 48  # Gauss-Legendre nodes in cos(theta) and twice as many angles: exact for these lobes to 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Lobulated:
    """A star-shaped nodule: radius r(direction) = ``radius_mm`` x (1 + lobes), stretched along z by ``stretch``."""

    centre: tuple[float, float, float]
    radius_mm: float
    lobes: tuple[float, ...]
    phase: float = 0.0
    stretch: float = 1.0

    @property
    def volume_mm3(self) -> float:
        """Integral of r^3/3 over all directions, times the stretch."""
        cos, weight = leggauss(QUADRATURE)
        angle = 2 * np.pi * np.arange(2 * QUADRATURE) / (2 * QUADRATURE)
        radius = self._radius(cos[:, None], angle[None, :])
        return float(self.stretch * (weight[:, None] * radius**3 / 3).sum() * 2 * np.pi / len(angle))

    @property
    def method(self) -> str:
        """Quadrature that is exact for this form."""
        return "Gauss-Legendre quadrature over directions"

    @property
    def feature_mm(self) -> float:
        """About its diameter."""
        return 2 * self.radius_mm * (1 - sum(abs(lobe) for lobe in self.lobes))

    @property
    def bounds_mm(self) -> Float64:
        """Box of the largest possible radius."""
        reach = self.radius_mm * (1 + sum(abs(lobe) for lobe in self.lobes)) * np.array([1, 1, self.stretch])
        return np.array([np.array(self.centre) - reach, np.array(self.centre) + reach])

    @property
    def centre_mm(self) -> Float64:
        """Centre of mass: integral of r^4/4 times the direction, over the volume."""
        cos, weight = leggauss(QUADRATURE)
        angle = 2 * np.pi * np.arange(2 * QUADRATURE) / (2 * QUADRATURE)
        moment = weight[:, None] * self._radius(cos[:, None], angle[None, :]) ** 4 / 4 * 2 * np.pi / len(angle)
        sine = np.sqrt(1 - cos**2)[:, None]
        first = [
            (moment * sine * np.cos(angle)).sum(),
            (moment * sine * np.sin(angle)).sum(),
            (moment * cos[:, None]).sum(),
        ]
        return np.array(self.centre) + np.array(first) * self.stretch * np.array([1, 1, self.stretch]) / self.volume_mm3

    def distance(self, lps_mm: Float64) -> Float64:
        """Radial gap, corrected for the stretch to first order."""
        offset = (lps_mm - np.array(self.centre)) / np.array([1, 1, self.stretch])
        range_mm = np.maximum(np.linalg.norm(offset, axis=-1), 1e-9)
        cos = offset[..., 2] / range_mm
        gap = range_mm - self._radius(cos, np.arctan2(offset[..., 1], offset[..., 0]))
        slope = np.sqrt(1 - cos**2 + (cos / self.stretch) ** 2)
        return np.asarray(gap / slope)

    def _radius(self, cos: Float64, angle: Float64) -> Float64:
        sine = np.sqrt(np.maximum(1 - cos**2, 0.0))
        form = np.ones(np.broadcast_shapes(np.shape(cos), np.shape(angle)))
        for (power, order), lobe in zip(LOBES, self.lobes, strict=False):
            shape = sine**order * np.cos(order * angle + self.phase) if order else 1.5 * cos**2 - 0.5
            form = form + lobe * shape * (cos if (power - order) % 2 else 1.0)
        return np.asarray(self.radius_mm * form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grains:
    """Several balls that do not touch."""

    centres: tuple[tuple[float, float, float], ...]
    radii_mm: tuple[float, ...]

    @property
    def volume_mm3(self) -> float:
        """Sum of the balls."""
        return float(4.0 / 3.0 * np.pi * np.sum(np.array(self.radii_mm) ** 3))

    @property
    def method(self) -> str:
        """Closed form."""
        return "analytic"

    @property
    def feature_mm(self) -> float:
        """Diameter of the smallest."""
        return 2 * min(self.radii_mm)

    @property
    def bounds_mm(self) -> Float64:
        """Box around all."""
        centres, radii = np.array(self.centres), np.array(self.radii_mm)[:, None]
        return np.array([(centres - radii).min(axis=0), (centres + radii).max(axis=0)])

    @property
    def centre_mm(self) -> Float64:
        """Centre of mass."""
        weight = np.array(self.radii_mm) ** 3
        return np.asarray(weight @ np.array(self.centres) / weight.sum())

    def distance(self, lps_mm: Float64) -> Float64:
        """Distance to the nearest grain."""
        gaps = [
            np.linalg.norm(lps_mm - np.array(c), axis=-1) - r for c, r in zip(self.centres, self.radii_mm, strict=True)
        ]
        return np.asarray(np.minimum.reduce(gaps))
