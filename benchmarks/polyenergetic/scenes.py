"""The scenes of the calibration benchmark: one limb, two limbs, a trunk, with deposits in fat and in muscle."""

from __future__ import annotations

import numpy as np

from benchmarks.polyenergetic.scene import (
    FAT,
    MATRIX_HU,
    MUSCLE,
    Ellipsoid,
    Scene,
    contains,
    limb,
    mineralised,
    tissue,
    trunk,
)

KINDS = ("limb 8 cm", "limb 12 cm", "two limbs 10 cm", "two limbs 14 cm", "trunk 30 cm", "trunk 36 cm")
CLEARANCE_MM = 4.0  # of a deposit from its tissue's edge and from bone
APART_MM = 18.0  # between deposits' surfaces
LENGTH_MM = 40.0
MG_ML = (150.0, 1000.0)
SEMI_MM = (1.8, 6.0)
DEPOSITS = 8
PLANAR_DEPOSITS = 4
FAT_MM = {"limb": 24.0, "two limbs": 26.0, "trunk": 34.0}


def scene(kind: str, seed: int, matrix_sd_hu: float = 0.0, *, planar: bool = False) -> Scene:
    """A scene of ``kind`` with deposits drawn from ``seed``; all their matrices are off 40 HU by one draw.

    ``planar``: every deposit is an endless rod along z, so that one slice is all there is to scan.
    """
    word, size_mm = kind.rsplit(" ", 2)[0], 10.0 * float(kind.split()[-2])
    if word == "trunk":
        bodies = trunk(size_mm, FAT_MM[word])
        field_mm = size_mm + 30.0
    elif word == "limb":
        bodies = limb(12.0, size_mm / 2, min(FAT_MM[word], 0.4 * size_mm / 2))
        field_mm = size_mm + 60.0
    else:
        apart = size_mm / 2 + 6.0
        fat_mm = 0.36 * size_mm / 2
        bodies = limb(-apart, size_mm / 2, fat_mm) + limb(apart, size_mm / 2, fat_mm)
        field_mm = 2 * size_mm + 50.0
    matrix_hu = MATRIX_HU + matrix_sd_hu * float(np.random.default_rng([seed, 1]).standard_normal())
    deposits = _deposits(bodies, matrix_hu, np.random.default_rng(seed), planar)
    return Scene(name=kind, bodies=bodies, deposits=deposits, field_mm=field_mm)


def _deposits(
    bodies: tuple[Ellipsoid, ...], matrix_hu: float, random: np.random.Generator, planar: bool
) -> tuple[Ellipsoid, ...]:
    """Ellipsoids that keep clear of each other and of every border between tissues."""
    placed: list[Ellipsoid] = []
    reach = max(body.centre[0] + body.semi[0] for body in bodies)
    for _ in range(20000):
        if len(placed) == (PLANAR_DEPOSITS if planar else DEPOSITS):
            break
        semi = np.exp(random.uniform(*np.log(SEMI_MM))) * random.uniform(0.8, 1.25, 3)
        spot = random.uniform((-reach, -reach, -LENGTH_MM / 2 + 10), (reach, reach, LENGTH_MM / 2 - 10))
        if planar:
            semi[2], spot[2] = np.inf, 0.0
        surroundings = _surroundings(bodies, spot, CLEARANCE_MM + semi[:2].max())
        wanted = "fat" if len(placed) % 2 else "muscle"
        room = [APART_MM + semi[:2].max() + max(other.semi[:2]) for other in placed]
        near = any(np.linalg.norm(spot - other.centre) < least for other, least in zip(placed, room, strict=True))
        if surroundings != wanted or near:
            continue
        mg_ml = float(np.exp(random.uniform(*np.log(MG_ML))))
        placed.append(
            Ellipsoid(
                centre=tuple(spot), semi=tuple(semi), turn_rad=random.uniform(0, np.pi), mg_ml=mg_ml,
                composition=mineralised(mg_ml, matrix_hu), instead_of=tissue(surroundings), surroundings=surroundings,
            )
        )  # fmt: skip
    return tuple(placed)


def _surroundings(bodies: tuple[Ellipsoid, ...], spot: np.ndarray, clear_mm: float) -> str:
    """The soft tissue that a ball of ``clear_mm`` lies in, empty when it crosses a border or lies in bone."""
    held = ""
    for body in bodies:
        if contains(body, spot[0], spot[1], clear_mm):
            if body.composition not in (FAT, MUSCLE):
                return ""
            held = "fat" if body.composition == FAT else "muscle"
        elif contains(body, spot[0], spot[1], -clear_mm):
            return ""
    return held
