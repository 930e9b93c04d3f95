"""Forms of deposits in limb coordinates: they move with the bent, grown limb and change size over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.carved import OutsideBone, Patch, struts
from calciscope.phantom.solids import Grains, Lobulated, Solid, Sphere

Float64 = NDArray[np.float64]
Point = tuple[float, float, float]


class Form(Protocol):
    """A form knows its solid in a given limb, and itself moved (positions scaled) or resized (lengths scaled)."""

    def solid(self, limb: Limb) -> Solid:
        """Return the solid in patient space."""
        ...

    def outline(self, limb: Limb) -> Float64:
        """A few points (n, 3 LPS) that show where it would lie, at little cost."""
        ...

    def moved(self, ratio: float) -> Self:
        """Return the form with its place scaled along with the limb."""
        ...

    def sized(self, ratio: float) -> Self:
        """Return the form with its own lengths scaled."""
        ...


def point(values: Float64) -> Point:
    """Three numbers as a tuple."""
    return float(values[0]), float(values[1]), float(values[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ball:
    """A round or lobulated nodule."""

    local: Point
    radius_mm: float
    lobes: tuple[float, ...] = ()
    phase: float = 0.0
    stretch: float = 1.0

    def solid(self, limb: Limb) -> Solid:
        """Sphere or lobulated body."""
        centre = point(limb.frame.to_lps(np.array(self.local)))
        if not self.lobes:
            return Sphere(centre=centre, radius_mm=self.radius_mm)
        return Lobulated(
            centre=centre, radius_mm=self.radius_mm, lobes=self.lobes, phase=self.phase, stretch=self.stretch
        )

    def outline(self, limb: Limb) -> Float64:
        """See Form."""
        return np.asarray(limb.frame.to_lps(np.array([self.local])))

    def moved(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, local=point(ratio * np.array(self.local)))

    def sized(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, radius_mm=self.radius_mm * ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrainCluster:
    """Grains near each other."""

    locals: tuple[Point, ...]
    radii_mm: tuple[float, ...]

    def solid(self, limb: Limb) -> Solid:
        """Disjoint balls."""
        centres = limb.frame.to_lps(np.array(self.locals))
        return Grains(centres=tuple(point(centre) for centre in centres), radii_mm=self.radii_mm)

    def outline(self, limb: Limb) -> Float64:
        """See Form."""
        return np.asarray(limb.frame.to_lps(np.array(self.locals)))

    def moved(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, locals=tuple(point(ratio * np.array(place)) for place in self.locals))

    def sized(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, radii_mm=tuple(radius * ratio for radius in self.radii_mm))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rods:
    """Rounded rods between points: a line of mineral, or the lace of a reticular deposit."""

    ends: tuple[tuple[Point, Point], ...]
    radii_mm: tuple[float, ...]

    def solid(self, limb: Limb) -> Solid:
        """Union of the rods."""
        return struts(limb.frame.to_lps(np.array(self.ends)), np.array(self.radii_mm))

    def outline(self, limb: Limb) -> Float64:
        """See Form."""
        return np.asarray(limb.frame.to_lps(np.array(self.ends)).reshape(-1, 3))

    def moved(self, ratio: float) -> Self:
        """See Form."""
        ends = ratio * np.array(self.ends)
        return replace(self, ends=tuple((point(a), point(b)) for a, b in ends))

    def sized(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, radii_mm=tuple(radius * ratio for radius in self.radii_mm))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A patch on a surface of the limb: "skin", "fascia", or the name of an artery."""

    surface: str
    offset_mm: float
    thickness_mm: float
    s_mm: float
    angle: float
    half_length_mm: float
    half_arc_mm: float

    def solid(self, limb: Limb) -> Solid:
        """Patch of the surface."""
        return self._patch(limb).carved()

    def _patch(self, limb: Limb) -> Patch:
        surfaces = {"skin": limb.tissue.skin, "fascia": limb.tissue.fascia, **dict(limb.arteries)}
        return Patch(
            frame=limb.frame,
            tube=surfaces[self.surface],
            offset_mm=self.offset_mm,
            thickness_mm=self.thickness_mm,
            s_mm=self.s_mm,
            angle=self.angle,
            half_length_mm=self.half_length_mm,
            half_arc_mm=self.half_arc_mm,
        )

    def outline(self, limb: Limb) -> Float64:
        """See Form."""
        return np.asarray(self._patch(limb).outline())

    def moved(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, s_mm=self.s_mm * ratio)

    def sized(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, half_length_mm=self.half_length_mm * ratio, half_arc_mm=self.half_arc_mm * ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBone:
    """A deposit that sits on a bone's surface."""

    bone: str
    s_mm: float
    angle: float
    lift_mm: float
    radius_mm: float

    def solid(self, limb: Limb) -> Solid:
        """Ball cut by the bone."""
        return self._cut(limb).carved()

    def _cut(self, limb: Limb) -> OutsideBone:
        bone = next(bone for bone in limb.bones if bone.name == self.bone).outer
        r = bone.radius_at(self.s_mm, self.angle) + self.lift_mm
        across = bone.centre_at(self.s_mm) + r * np.array([np.cos(self.angle), np.sin(self.angle)])
        centre = point(limb.frame.to_lps(np.array([self.s_mm, *across])))
        return OutsideBone(frame=limb.frame, bone=bone, centre=centre, radius_mm=self.radius_mm)

    def outline(self, limb: Limb) -> Float64:
        """See Form."""
        return np.asarray(np.array([self._cut(limb).centre]))

    def moved(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, s_mm=self.s_mm * ratio)

    def sized(self, ratio: float) -> Self:
        """See Form."""
        return replace(self, radius_mm=self.radius_mm * ratio)
