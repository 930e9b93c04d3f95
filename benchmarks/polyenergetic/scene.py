"""A body made of nested ellipsoids, each replacing the material it lies in, so that every line integral is exact.

Millimetres; x to the patient's left, y to the back, z to the head. A cylinder is an ellipsoid with endless ``semi_z``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.polyenergetic.beam import DENSITY_G_ML, HYDROXYAPATITE_G_ML, Float64

BASIS = ("muscle", "fat", "bone", "hydroxyapatite", "Al")  # Al only as the bowtie
MUSCLE_HU = 50.0  # ICRU muscle of 1.05 g/ml
MATRIX_HU = 40.0  # soft tissue that deposits sit in, made of muscle of less density

Composition = tuple[float, ...]  # g/ml of each of BASIS


def tissue(name: str | None) -> Composition:
    """Composition of a pure tissue; None is air."""
    return tuple(DENSITY_G_ML[name] if name == basis else 0.0 for basis in BASIS)


def mineralised(mg_ml: float, matrix_hu: float = MATRIX_HU) -> Composition:
    """``mg_ml`` of hydroxyapatite per ml of deposit; the mineral takes the place of as much lean matrix."""
    left = (1000.0 + matrix_hu) / (1000.0 + MUSCLE_HU) * (1.0 - mg_ml / 1000.0 / HYDROXYAPATITE_G_ML)
    parts = np.array(tissue("muscle")) * left
    parts[BASIS.index("hydroxyapatite")] = mg_ml / 1000.0
    return tuple(float(part) for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipsoid:
    """Semi-axes ``semi`` (x, y, z; mm) turned by ``turn_rad`` about z, of ``composition`` in place of ``instead_of``."""

    centre: tuple[float, float, float]
    semi: tuple[float, float, float]
    composition: Composition
    instead_of: Composition
    turn_rad: float = 0.0
    mg_ml: float = 0.0  # > 0 marks a deposit
    surroundings: str = ""

    def section(self, z_mm: float) -> tuple[float, float]:
        """Semi-axes of the ellipse cut by a plane across z; zero where it is missed."""
        if not np.isfinite(self.semi[2]):
            return self.semi[0], self.semi[1]
        scale = np.sqrt(max(0.0, 1.0 - ((z_mm - self.centre[2]) / self.semi[2]) ** 2))
        return self.semi[0] * scale, self.semi[1] * scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Bodies and the deposits in them."""

    name: str
    bodies: tuple[Ellipsoid, ...]
    deposits: tuple[Ellipsoid, ...]
    field_mm: float

    def without_deposits(self) -> Scene:
        """The same bodies, nothing in them."""
        return Scene(name=self.name, bodies=self.bodies, deposits=(), field_mm=self.field_mm)


AIR, FAT, MUSCLE, BONE = tissue(None), tissue("fat"), tissue("muscle"), tissue("bone")


def limb(x_mm: float, radius_mm: float, fat_mm: float, cortex_mm: float = 4.0) -> tuple[Ellipsoid, ...]:
    """A limb along z: fat, muscle, a tube of cortical bone with fatty marrow."""
    bone_mm, long = 0.22 * radius_mm + 2.0, np.inf
    at = (x_mm, 0.0, 0.0)
    inside = (x_mm + 0.15 * radius_mm, -0.12 * radius_mm, 0.0)
    inner, marrow = radius_mm - fat_mm, bone_mm - cortex_mm
    return (
        Ellipsoid(centre=at, semi=(radius_mm, radius_mm * 0.95, long), composition=FAT, instead_of=AIR),
        Ellipsoid(centre=at, semi=(inner, inner * 0.95, long), composition=MUSCLE, instead_of=FAT),
        Ellipsoid(centre=inside, semi=(bone_mm, bone_mm, long), composition=BONE, instead_of=MUSCLE),
        Ellipsoid(centre=inside, semi=(marrow, marrow, long), composition=FAT, instead_of=BONE),
    )


def trunk(width_mm: float, fat_mm: float) -> tuple[Ellipsoid, ...]:
    """A pelvis-like section: oval of fat and lean tissue, a vertebra and two iliac wings."""
    across, deep, long = width_mm / 2, width_mm * 0.34, np.inf
    spongy = tuple(0.8 * muscle + 0.2 * bone for muscle, bone in zip(MUSCLE, BONE, strict=True))
    parts = [
        Ellipsoid(centre=(0, 0, 0), semi=(across, deep, long), composition=FAT, instead_of=AIR),
        Ellipsoid(centre=(0, 0, 0), semi=(across - fat_mm, deep - fat_mm, long), composition=MUSCLE, instead_of=FAT),
        Ellipsoid(centre=(0, 0.45 * deep, 0), semi=(26, 22, long), composition=BONE, instead_of=MUSCLE),
        Ellipsoid(centre=(0, 0.45 * deep, 0), semi=(24, 20, long), composition=spongy, instead_of=BONE),
    ]
    for side in (-1, 1):
        place = {"centre": (side * 0.5 * across, 0.2 * deep, 0.0), "turn_rad": side * -0.6}
        parts.append(Ellipsoid(semi=(9, 34, long), composition=BONE, instead_of=MUSCLE, **place))
        parts.append(Ellipsoid(semi=(7, 32, long), composition=spongy, instead_of=BONE, **place))
    return tuple(parts)


def contains(body: Ellipsoid, x_mm: Float64, y_mm: Float64, margin_mm: float) -> Float64:
    """Whether points lie in an endless body with ``margin_mm`` to spare (negative: or as near to it)."""
    dx, dy = x_mm - body.centre[0], y_mm - body.centre[1]
    along = dx * np.cos(body.turn_rad) + dy * np.sin(body.turn_rad)
    across = -dx * np.sin(body.turn_rad) + dy * np.cos(body.turn_rad)
    a, b = (max(1e-6, semi - margin_mm) for semi in body.semi[:2])
    return (along / a) ** 2 + (across / b) ** 2 < 1.0
